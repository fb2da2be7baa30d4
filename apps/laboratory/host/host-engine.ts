/**
 * A host in its worker: it runs once, and is recorded; and it runs again, exactly the same, to the moment at which a
 * guest's pages are to be seen.
 */
import type { EngineModules } from "xen-balloon";
import {
  type Census,
  type CensusRange,
  drive,
  Host,
  type HostListener,
  type HostSample,
  Mutex,
  type Pause,
  WasmMachine,
  type WorldGuest,
} from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import type { PageDetail } from "../session/messages.js";
import { lookAround } from "../session/page-run.js";
import type { ShownPlan } from "./plan.js";
import { makePolicy } from "./policies.js";
import type { HostEvent, RecordedPart } from "./recording.js";

/** A host that runs for the map, and the number of the slice that it has reached. */
interface Repeat {
  readonly host: Host;
  slice: number;
}

export class HostEngine {
  readonly #modules: Promise<EngineModules>;
  readonly #oneAtATime = new Mutex();
  #plan: ShownPlan | null = null;
  #samples: HostSample[] = [];
  #events: HostEvent[] = [];
  #repeat: Repeat | null = null;

  constructor(modules: Promise<EngineModules>) {
    this.#modules = modules;
    // the first call throws it
    modules.catch(() => undefined);
  }

  /**
   * Runs a plan to its end. `take` has what came of it so far.
   *
   * @throws Error: a Wasm file that cannot be read or is of another build, a guest that does not boot.
   */
  async run(plan: ShownPlan): Promise<HostOutcome> {
    this.#plan = plan;
    let running: Host | null = null;
    // guests that run from the start are heard while the host is made
    const now = (): number => running?.nowMs ?? 0;
    const heard = (event: HostEvent): void => void this.#events.push(event);
    const host = await this.#make(plan, {
      started: (name, _domid, memoryKib) => heard({ kind: "started", timeMs: now(), name, memoryKib }),
      refused: (name, reason, words) => heard({ kind: "refused", timeMs: now(), name, reason, words }),
      stopped: (name, problem) => heard({ kind: "stopped", timeMs: now(), name, problem }),
      sliced: (sample) => void this.#samples.push(sample),
    });
    running = host;
    this.#samples.push(host.sample());
    await drive(() => host.runUntil(plan.host.spanMs));
    const outcome = host.outcome();
    host.close();
    return outcome;
  }

  async #make({ host, policy }: ShownPlan, listener: HostListener): Promise<Host> {
    const modules = await this.#modules;
    const options = { ...host, policy: makePolicy(policy) };
    return new Host((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), options, listener);
  }

  /** Gives what was recorded since the last call. */
  async take(): Promise<RecordedPart> {
    const part = { samples: this.#samples, events: this.#events };
    this.#samples = [];
    this.#events = [];
    return part;
  }

  /** Counts the pages of a guest at the end of a slice; null where it does not run then. */
  async census(name: string, slice: number, ranges: readonly CensusRange[]): Promise<readonly Census[] | null> {
    const guest = await this.#guestAt(name, slice);
    return guest && ranges.map((range) => guest.census(range));
  }

  /** The number of a guest's pages; null where it does not run at the end of the slice. */
  async pfnLimit(name: string, slice: number): Promise<number | null> {
    return (await this.#guestAt(name, slice))?.config.pfnLimit ?? null;
  }

  /** Looks at a page; null where the guest does not run, or has no such page. */
  async inspect(name: string, slice: number, pfn: number): Promise<PageDetail | null> {
    const guest = await this.#guestAt(name, slice);
    return guest === null || pfn >= guest.config.pfnLimit ? null : lookAround(guest, pfn);
  }

  #guestAt(name: string, slice: number): Promise<WorldGuest | null> {
    return this.#oneAtATime.run(async () => {
      const { host } = await this.#repeatTo(slice);
      return host.find(name)?.inside ?? null;
    });
  }

  /** Time goes on from the moment before, or begins anew. */
  async #repeatTo(slice: number): Promise<Repeat> {
    if (this.#plan === null) throw new Error("no plan has been run yet");
    if (this.#repeat === null || this.#repeat.slice > slice) {
      this.#repeat?.host.close();
      const host = await this.#make(this.#plan, { sliced: () => void repeat.slice++ });
      const repeat: Repeat = { host, slice: 0 };
      this.#repeat = repeat;
    }
    const repeat = this.#repeat;
    await drive(() => untilSlice(repeat, slice));
    return repeat;
  }
}

/** Runs exactly as far as the recorded sample: more may happen at the same instant. */
function* untilSlice(repeat: Repeat, slice: number): Generator<Pause> {
  if (repeat.slice >= slice) return;
  for (const pause of repeat.host.runUntil(Number.POSITIVE_INFINITY)) {
    if (repeat.slice >= slice) return;
    yield pause;
  }
}
