/** Runs both sides in workers: each in its own, so that one which fails or ends does not take the other. */
import { Connection, ROOT, watchWorker } from "xen-balloon/core";
import { ERRORS } from "../session/messages.js";
import type { Behaviour } from "./behaviour.js";
import type { ComparisonEvents, TimedOrNot } from "./comparison.js";
import { type Both, both, type Side } from "./side.js";

/** The run of a side, or the reason why it failed. */
export type Came<T> = { readonly came: T } | { readonly failed: Error };

/** Hears of the work under way. */
export type Heard = { readonly [K in keyof ComparisonEvents]: (event: ComparisonEvents[K]) => void };

export class SidesRun {
  readonly #workers: Connection<null>[] = [];

  /** @param sides - one that has failed already is not run. */
  async behave(sides: Both<Came<Side>>, operations: string, heard: Heard): Promise<Both<Came<Behaviour>>> {
    const done = { a: 0, b: 0 };
    const tell = (side: keyof typeof done, part: number): void => {
      done[side] = part;
      heard.progress({ done: (done.a + done.b) / 2 });
    };
    const runs = both(async (side): Promise<Came<Behaviour>> => {
      const given = sides[side];
      const came =
        "failed" in given
          ? given
          : await this.#call<Behaviour>("behave", [given.came, operations], {
              ...heard,
              progress: (event) => tell(side, event.done),
            });
      tell(side, 1);
      return came;
    });
    return { a: await runs.a, b: await runs.b };
  }

  /** Times both in turn, in one worker. */
  time(sides: Both<Side>, operations: string, heard: Heard): Promise<Came<Both<TimedOrNot>>> {
    return this.#call("time", [sides, operations], heard);
  }

  /** Ends what is under way: nothing is heard of it any more. */
  stop(): void {
    for (const connection of this.#workers) void connection.terminate(new Error("stopped"));
  }

  async #call<T>(method: string, args: readonly unknown[], heard: Heard): Promise<Came<T>> {
    const worker = new Worker(new URL("./comparison-worker.ts", import.meta.url), { type: "module" });
    const connection = new Connection(worker, null, { errors: ERRORS });
    this.#workers.push(connection);
    watchWorker(worker, (why) => connection.threadEnded(new Error(why)));
    connection.attach(ROOT, { hear: (name, event) => heard[name as keyof ComparisonEvents](event as never) });
    try {
      return { came: await connection.call<T>(ROOT, method, [...args]) };
    } catch (error) {
      return { failed: error as Error };
    } finally {
      void connection.terminate(new Error("done"));
    }
  }
}
