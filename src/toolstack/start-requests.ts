/** Asks the policy to start guests, and takes its answers. */

import { PAGE_KIB } from "./guest-boot.js";
import type { HostedGuest } from "./hosted-guest.js";
import type { HostGuest } from "./options.js";
import type { DonorOutcome, StartOutcome } from "./outcome.js";
import type { StartRequest } from "./policy.js";
import type { PolicyRun } from "./policy-run.js";
import { requireReason } from "./reasons.js";
import type { Reason } from "./xen.js";

/** The words of a start that no policy has granted. */
const NOBODY_DECIDES = "the policy had ended, and there was room";

/** The host of which guests are asked for. */
export interface StartingHost {
  readonly nowMs: number;
  readonly freeKib: number;
  readonly domains: readonly HostedGuest[];
  /** Boots a guest with so much memory, and answers its domid. */
  readonly boot: (options: HostGuest, memoryKib: number) => number;
  /** Hears that the policy refuses one. */
  readonly refused: (name: string, reason: Reason, words: string) => void;
}

export class StartRequests {
  readonly #host: StartingHost;
  readonly #policy: PolicyRun;
  readonly #outcomes: StartOutcome[] = [];

  constructor(host: StartingHost, policy: PolicyRun) {
    this.#host = host;
    this.#policy = policy;
  }

  /** The requests that have an answer, in the order of the answers. */
  get outcomes(): readonly StartOutcome[] {
    return this.#outcomes;
  }

  /** Asks the policy to start a guest. */
  ask(options: HostGuest): void {
    const host = this.#host;
    const { name } = options;
    const atMs = host.nowMs;
    const pagesOutBefore = new Map(host.domains.map((guest) => [guest, guest.pagesOut]));
    let answered = false;
    const answer = (grantedKib: number | null, reason: Reason | null, words: string): void => {
      if (answered) throw new Error(`the request to start ${name} was answered twice`);
      answered = true;
      const donors = donorsSince(pagesOutBefore, host.domains);
      this.#outcomes.push({ name, atMs, waitedMs: host.nowMs - atMs, grantedKib, reason, words, donors });
    };
    const start = (memoryKib: number, words: string): number => {
      this.#requireRoom(options, memoryKib);
      answer(memoryKib, null, words);
      return host.boot(options, memoryKib);
    };
    const refuse = (reason: Reason, words: string): void => {
      requireReason(reason);
      if (typeof words !== "string") {
        throw new TypeError(`the refusal to start ${name}: expected words, as text, got ${String(words)}`);
      }
      answer(null, reason, words);
      host.refused(name, reason, words);
    };
    const request: StartRequest = {
      name,
      type: options.type,
      memoryKib: options.memoryKib,
      minimumKib: options.minimumKib,
      maximumKib: options.maximumKib,
      videoramKib: options.videoramKib ?? 0,
      vcpus: options.vcpus ?? 1,
      grant: (memoryKib) => start(memoryKib, ""),
      refuse,
    };
    if (!this.#policy.ended) {
      this.#policy.tell({ kind: "start", request });
      return;
    }
    // nobody decides any more: a guest starts if there is room, as on a host without a policy
    if (options.memoryKib <= host.freeKib) start(options.memoryKib, NOBODY_DECIDES);
    else refuse("host-empty", `${host.freeKib} KiB are free`);
  }

  #requireRoom({ name, minimumKib, maximumKib }: HostGuest, memoryKib: number): void {
    const most = Math.min(maximumKib, this.#host.freeKib);
    if (memoryKib >= minimumKib && memoryKib <= most && memoryKib % PAGE_KIB === 0) return;
    const expected = `expected KiB in whole pages, from its minimum of ${minimumKib} to ${most} at most`;
    throw new RangeError(`the memory to start ${name} with: ${expected}, got ${memoryKib}`);
  }
}

/** @param pagesOutBefore - the pages that each guest had given back when the request came. */
function donorsSince(
  pagesOutBefore: ReadonlyMap<HostedGuest, number>,
  guests: readonly HostedGuest[],
): readonly DonorOutcome[] {
  return guests.flatMap((guest) => {
    const gaveKib = (guest.pagesOut - (pagesOutBefore.get(guest) ?? guest.pagesOut)) * PAGE_KIB;
    const { name, toGiveKib } = guest;
    return gaveKib > 0 || toGiveKib > 0 ? [{ name, gaveKib, toGiveKib }] : [];
  });
}
