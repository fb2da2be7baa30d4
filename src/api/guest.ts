/** The guest of the public API. Every call is asynchronous, because a guest may live in another thread. */

import type { Time } from "../clock/time.js";
import { ArgumentRangeError, ArgumentTypeError } from "../host/argument-error.js";
import { copyPfns, readOptions, trueOrFalse, wholeNumber } from "../host/arguments.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import { type GuestBackend, type GuestConfig, MAX_CPUS } from "../host/backend.js";
import { BalloonError, EEXIST } from "../host/errors.js";
import { foreign } from "../host/generation.js";
import { I32_MAX, U32_MAX } from "../host/integers.js";
import { refusalReason } from "../host/refusals.js";
import { balloonStatsOf } from "../host/stats.js";
import type { Pages, Pfn } from "../host/units.js";
import type { Borrower, OnLoanEnd } from "../world/borrower.js";
import type { WorldGuest } from "../world/guest.js";
import type { World } from "../world/world.js";
import { readRange } from "./census-range.js";
import { checkListener, type GuestEvents } from "./events.js";
import { readFaults } from "./faults.js";
import { completeSettleOptions } from "./settle-options.js";
import { readTakeOptions } from "./take-options.js";
import { readTunables } from "./tunables.js";
import type {
  BalloonStats,
  Census,
  CensusRange,
  Faults,
  GuestStatus,
  Settled,
  SettleOptions,
  Size,
  TakeOptions,
  Tunables,
} from "./types.js";
import { pagesFromBytes } from "./units.js";
import type { GuestWatch } from "./watch.js";

/**
 * One guest on a machine: the balloon driver and the memory it works on. Made by `machine.boot`.
 *
 * Every call reads and copies its arguments first. It rethrows the error of a caller's getter, refuses an argument of
 * the wrong type with a TypeError and one out of range with a RangeError; nothing has changed then. Calls that ask the
 * driver throw BalloonBug once a BUG_ON has ended the guest, and `Error` after `close`.
 *
 * @group Classes
 * @example
 * await guest.setTarget({ pages: 4096 });
 * await guest.settle();
 */
export class Guest {
  /** The configuration the guest was booted with, every default filled in. */
  readonly config: GuestConfig;
  readonly #guest: WorldGuest;
  readonly #time: Time;
  readonly #watch: GuestWatch;
  readonly #onClose: (guest: Guest) => void;

  /** @internal use `machine.boot` */
  constructor(world: World, time: Time, config: GuestConfig, watch: GuestWatch, onClose: (guest: Guest) => void) {
    this.config = config;
    this.#time = time;
    this.#onClose = onClose;
    this.#watch = watch;
    this.#guest = world.boot(config, [this.#watch]);
    this.#watch.booted(this.#guest);
  }

  /** Calls the guest, then delivers the events of that call. Every call that enters the driver goes through this. */
  #call<T>(call: (guest: WorldGuest) => T): T {
    try {
      return call(this.#guest);
    } finally {
      this.#watch.events.deliver();
    }
  }

  /** Enters the driver. */
  #enter<T>(call: (backend: GuestBackend) => T): T {
    return this.#call((guest) => guest.enter(call));
  }

  /** Calls the guest for a call that takes the balloon mutex, after a paused run of the worker has ended. */
  #callLocked<T>(call: (guest: WorldGuest) => T): Promise<T> {
    return this.#guest.work.exclusive(() => this.#call(call));
  }

  /**
   * Sets a new target (balloon_set_new_target). It makes the worker of 2013 due, but a pending retry keeps its due time;
   * it wakes the modern driver's thread, which retries at once if the credit is another one.
   *
   * @param target - pages, 0 to 2^32 - 1, or bytes, rounded down to whole pages.
   * @throws TypeError, RangeError
   * @example
   * await guest.setTarget({ bytes: 512 * 1024 ** 2 });
   */
  async setTarget(target: Size): Promise<void> {
    const { pages, bytes } = readOptions("target", target, ["pages", "bytes"]);
    if (bytes !== undefined && pages !== undefined) throw new ArgumentTypeError("target", "pages or bytes", "both");
    const asked = bytes === undefined ? pages : pagesFromBytes(bytes);
    const targetPages = wholeNumber("target", asked, "pages", 0, U32_MAX);
    this.#call((guest) => guest.setTarget(targetPages));
  }

  /**
   * Lets the driver run until it has nothing to do, gives up, or `withinMs` have passed. On a virtual clock this call
   * makes time pass; on a real clock the work runs by itself and this call waits for it.
   *
   * @param options - see SettleOptions. Default: within an hour.
   * @returns the state at the end; the guest may not have reached its target.
   * @throws TypeError, RangeError; the signal's abort reason; BalloonBug
   * @example
   * const { creditPages } = await guest.settle({ onProgress: ({ currentPages }) => console.log(currentPages) });
   */
  async settle(options: SettleOptions = {}): Promise<Settled> {
    const { withinMs, signal, onProgress } = completeSettleOptions(options);
    this.#guest.requireAlive();
    const stop = onProgress === undefined ? undefined : this.on("progress", onProgress);
    try {
      await this.#time.settle(this.#guest.work, withinMs, signal);
    } finally {
      stop?.();
    }
    return {
      creditPages: this.#guest.state().creditPages,
      nowMs: this.#time.clock.now,
      workDueMs: this.#guest.work.due,
    };
  }

  /**
   * Reads balloon_stats.
   *
   * @throws BalloonBug
   * @example
   * const { currentPages, targetPages, retryCount } = await guest.stats();
   */
  async stats(): Promise<BalloonStats> {
    return balloonStatsOf(this.#guest.stats());
  }

  /**
   * Reads the free and managed pages, the frames held, the counters and the time at which the worker is due.
   *
   * @throws BalloonBug
   * @example
   * const { freeNormalPages, memoryOps } = await guest.status();
   */
  async status(): Promise<GuestStatus> {
    const { backend, work, thread } = this.#guest;
    return {
      ...this.#guest.state(),
      workDueMs: work.due,
      memoryBytes: backend.memoryBytes(),
      ...(thread !== null && { threadState: thread.state, waitingCalls: thread.waiting.length }),
    };
  }

  /**
   * Takes ballooned pages out of the balloon for foreign mappings, and inflates the balloon where it has too few
   * (alloc_xenballooned_pages, xen_alloc_ballooned_pages). The call waits for a run of the driver to end.
   *
   * The modern driver of a guest that is tuned with `hotplugUnpopulated` adds memory instead, and has its caller wait
   * until pages of it are online: the promise is pending until then. On a virtual clock that takes a `settle` or
   * `advance`.
   *
   * @param pages - 0 to 2^31 - 1.
   * @param options - see TakeOptions.
   * @returns their PFNs, in the driver's order.
   * @throws BalloonError ENOMEM: the guest has too few pages to spare; the pages taken so far went back. The signal's
   * abort reason. Error: the call waited, and its guest was closed or its machine went back to a snapshot. TypeError, RangeError, BalloonBug
   * @example
   * const pfns = await guest.takeBallooned(32, { highmem: true });
   * @example
   * const modern = await machine.boot({ maxPfn: 4096, pfnLimit: 8192, sectionPages: 1024, driver: "modern", hotplug: true });
   * await modern.tune({ hotplugUnpopulated: true });
   * const wanted = modern.takeBallooned(32, { signal: AbortSignal.timeout(60_000) });
   * await modern.online(); // the driver has added a section, and the caller waits for it
   * await modern.settle({ withinMs: 0 });
   * console.log((await wanted).length);
   */
  async takeBallooned(pages: Pages, options: TakeOptions = {}): Promise<Uint32Array> {
    const { highmem, signal } = readTakeOptions(options, this.config);
    wholeNumber("pages", pages, "pages", 0, I32_MAX);
    const result = await new Promise<Uint32Array | number>((resolve, reject) => {
      const ended: OnLoanEnd = (came) => {
        signal?.removeEventListener("abort", abort);
        if (came instanceof Error) reject(came);
        else resolve(came);
      };
      let waits: Borrower | null = null;
      const abort = (): void => {
        this.#callLocked((guest) => waits?.ended === false && guest.interrupt(waits)).catch(reject);
      };
      this.#callLocked((guest) => {
        signal?.throwIfAborted();
        waits = guest.allocBallooned(pages, highmem, ended);
        if (waits !== null) signal?.addEventListener("abort", abort);
      }).catch(reject);
    });
    if (typeof result !== "number") return result;
    signal?.throwIfAborted();
    throw new BalloonError(result, `${refusalReason("balloon_alloc", result)}: asked for ${pages} pages`);
  }

  /**
   * Gives lent pages back to the balloon (free_xenballooned_pages). The worker then deflates the balloon where the
   * target says so.
   *
   * @param pfns - any of the pages lent out, in any order.
   * @throws RangeError: a PFN that is not lent out; nothing has changed then. TypeError, BalloonBug
   * @example
   * await guest.giveBallooned(await guest.takeBallooned(8));
   */
  async giveBallooned(pfns: Uint32Array): Promise<void> {
    const given = copyPfns("pfns", pfns);
    await this.#callLocked((guest) => guest.freeBallooned(given));
  }

  /**
   * Takes pages for another user of the guest's memory: memory pressure.
   *
   * @param pages - the most pages to take, 0 to 2^32 - 1.
   * @param options - `highmem`: takes high pages first. Default: true.
   * @returns the PFNs of the pages it took, which may be fewer than `pages`.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * const busy = await guest.takePages(1000); // someone needs memory
   */
  async takePages(pages: Pages, options: { readonly highmem?: boolean } = {}): Promise<Uint32Array> {
    const { highmem = true } = readOptions("options", options, ["highmem"]);
    trueOrFalse("highmem", highmem);
    wholeNumber("pages", pages, "pages", 0, U32_MAX);
    return this.#call((guest) => guest.allocPages(pages, highmem));
  }

  /**
   * Gives pages of takePages back to the page allocator.
   *
   * @param pfns - any of the pages taken, in any order.
   * @throws RangeError: a PFN that was not taken; nothing has changed then. TypeError, BalloonBug
   * @example
   * await guest.givePages(await guest.takePages(10));
   */
  async givePages(pfns: Uint32Array): Promise<void> {
    const given = copyPfns("pfns", pfns);
    this.#call((guest) => guest.freePages(given));
  }

  /**
   * Fills pages of takePages with one byte, in a guest booted with `contents`.
   *
   * @param pfns - any of the pages taken.
   * @param byte - 0 to 255.
   * @throws RangeError: a page that was not taken, a byte above 255, a guest without contents. TypeError, BalloonBug
   * @example
   * const pages = await guest.takePages(4);
   * if (guest.config.contents) await guest.fillPages(pages, 0xaa);
   */
  async fillPages(pfns: Uint32Array, byte: number): Promise<void> {
    this.#needContents();
    wholeNumber("byte", byte, "a byte", 0, 255);
    const filled = copyPfns("pfns", pfns);
    this.#call((guest) => guest.fillPages(filled, byte));
  }

  /**
   * Reads a word of a page's contents, in a guest booted with `contents`.
   *
   * @param pfn - any page, below `pfnLimit`.
   * @param word - 0 to 1023.
   * @returns 32 bits, little-endian: 0 to 2^32 - 1.
   * @throws RangeError: a number out of range, or a guest without contents. TypeError, BalloonBug
   * @example
   * if (guest.config.contents) console.log(await guest.readWord(100, 0));
   */
  async readWord(pfn: Pfn, word: number): Promise<number> {
    this.#needContents();
    wholeNumber("word", word, "a word", 0, 1023);
    this.#checkPfns(pfn, 1);
    return this.#enter((backend) => backend.readWord(pfn, word));
  }

  #needContents(): void {
    if (!this.config.contents) throw new RangeError("contents: the guest was booted without page contents");
  }

  /**
   * Sets the driver's tunables.
   *
   * @param tunables - see Tunables.
   * @throws BalloonError ENOENT, EINVAL: `hotplugUnpopulated` of a guest without hotplug, or with high memory. TypeError,
   * RangeError, BalloonBug
   * @example
   * await guest.tune({ maxRetryCount: 4, maxScheduleDelaySeconds: 8 });
   */
  async tune(tunables: Tunables): Promise<void> {
    const read = readTunables(tunables, this.config);
    this.#call((guest) => {
      for (const { name, field, value } of read) {
        const rc = guest.refusalOf(field, value);
        if (rc !== 0) throw new BalloonError(rc, `${name}: ${refusalReason("set", rc)}`);
      }
      for (const { field, value } of read) guest.tune(field, value);
    });
  }

  /**
   * Brings a CPU up. The driver of 2013 allocates its scratch page.
   *
   * @param cpu - 0 to 63.
   * @throws BalloonError ENOMEM: the guest has no page for it. TypeError, RangeError, BalloonBug
   * @example
   * await guest.cpuUp(1);
   */
  async cpuUp(cpu: number): Promise<void> {
    wholeNumber("cpu", cpu, "a CPU", 0, MAX_CPUS - 1);
    const rc = this.#call((guest) => guest.cpuUp(cpu));
    if (rc !== 0) throw new BalloonError(rc, `${refusalReason("cpu_up", rc)} of CPU ${cpu}`);
  }

  /**
   * Moves the driver to this CPU. On a CPU without a scratch page, the next batch of the driver of 2013 is a BUG; to the
   * modern one it is all the same.
   *
   * @param cpu - 0 to 63.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * await guest.cpuUp(2);
   * await guest.onCpu(2);
   */
  async onCpu(cpu: number): Promise<void> {
    wholeNumber("cpu", cpu, "a CPU", 0, MAX_CPUS - 1);
    this.#call((guest) => guest.onCpu(cpu));
  }

  /**
   * Onlines hot-added memory. The call waits for a worker's run to end.
   *
   * @param options - `sections`: how many sections to online, from the first, 0 to 2^32 - 1; 0 for all. Default: 0.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * await guest.online({ sections: 1 });
   */
  async online(options: { readonly sections?: number } = {}): Promise<void> {
    const { sections = 0 } = readOptions("options", options, ["sections"]);
    wholeNumber("sections", sections, "sections", 0, U32_MAX);
    await this.#callLocked((guest) => guest.enter((backend) => backend.online(sections)));
  }

  /**
   * Runs the late initcall of the modern driver (balloon_wait_finish), once: an hvm guest whose target is below its size
   * waits until it has come down. On a virtual clock this call makes time pass. A guest whose driver has given up, and
   * whose credit has not changed for `bootTimeoutSeconds`, panics; so does one that is not down after a day.
   *
   * @throws BalloonError EEXIST: it has run before. RangeError: the driver of 2013 has none. BalloonBug: the panic
   * @example
   * const modern = await machine.boot({ maxPfn: 4096, domain: "hvm", driver: "modern" });
   * await modern.setTarget({ pages: 2048 });
   * await modern.lateInit();
   * console.log((await modern.stats()).currentPages); // 2048
   */
  async lateInit(): Promise<void> {
    const { driver } = this.config;
    if (driver !== "modern") {
      const { expected, got } = foreign(driver, { generation: "modern" });
      throw new ArgumentRangeError("lateInit", expected, got);
    }
    const sleeps = this.#guest.lateInit();
    if (sleeps === null) throw new BalloonError(EEXIST, refusalReason("late", EEXIST));
    try {
      await this.#time.pass(sleeps);
    } finally {
      this.#watch.events.deliver();
    }
  }

  /**
   * Sets how many frames the domain may hold, as the toolstack does. The domain keeps the frames it holds already.
   *
   * @param pages - 0 to 2^32 - 1.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * await guest.setMaxPages(200_000);
   */
  async setMaxPages(pages: Pages): Promise<void> {
    wholeNumber("pages", pages, "pages", 0, U32_MAX);
    this.#enter((backend) => backend.setMaxPages(pages));
  }

  /**
   * Injects faults from now on.
   *
   * @param faults - see Faults.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * await guest.inject({ populate: { rc: 0, times: 2 } }); // Xen has nothing to give, twice
   */
  async inject(faults: Faults): Promise<void> {
    const read = readFaults(faults, this.config);
    this.#call((guest) => {
      guest.requireAlive();
      for (const { fault, amount, times } of read) guest.inject(fault, amount, times);
    });
  }

  /**
   * Reads the P2M: the frame of each page, 0xffffffff for a page without a frame. With the driver of 2013, a pv guest's
   * ballooned page has the scratch page's frame. For an auto-translated guest this is Xen's physmap.
   *
   * @param pfn - the first page, below `pfnLimit`.
   * @param pages - the number of pages, to `pfnLimit` at most.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * const [mfn] = await guest.p2m(100, 1);
   */
  async p2m(pfn: Pfn, pages: Pages): Promise<Uint32Array> {
    this.#checkPfns(pfn, pages);
    const out = new Uint32Array(pages);
    this.#enter((backend) => backend.readP2m(pfn, out));
    return out;
  }

  #checkPfns(pfn: Pfn, pages: Pages): void {
    const { pfnLimit } = this.config;
    wholeNumber("pfn", pfn, "a PFN", 0, pfnLimit - 1);
    wholeNumber("pages", pages, "pages", 0, pfnLimit - pfn);
  }

  /**
   * Reads the PFNs of ballooned_pages, from the head of the list.
   *
   * @param limit - the most PFNs to read, 0 to 2^32 - 1.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * const head = await guest.balloonedPages(4);
   */
  async balloonedPages(limit: number): Promise<Uint32Array> {
    wholeNumber("limit", limit, "pages", 0, U32_MAX);
    return this.#enter((backend) => {
      const { balloon_low, balloon_high } = backend.stats();
      const pfns = new Uint32Array(Math.min(limit, balloon_low + balloon_high));
      let done = 0;
      for (const piece of backend.balloonedPages(pfns.length)) {
        pfns.set(piece, done);
        done += piece.length;
      }
      return pfns;
    });
  }

  /**
   * Counts the pages' states by cells, for a map of the guest's memory. A terabyte takes some milliseconds.
   *
   * @param range - `pages` from `pfn` on, below pfnLimit; `cellPages` of them, 1 or more, make a cell. At most 65,536
   * cells.
   * @throws TypeError, RangeError, BalloonBug
   * @example
   * const { counts } = await guest.census({ pfn: 0, pages: guest.config.pfnLimit, cellPages: 1024 });
   * console.log(counts.ballooned[0]); // of the first 1024 pages
   */
  async census(range: CensusRange): Promise<Census> {
    const read = readRange(range, this.config);
    return this.#guest.census(read);
  }

  /**
   * Holds the last lines of the kernel log, at most 1000.
   *
   * @example
   * console.log(guest.kernelLog.join("\n"));
   */
  get kernelLog(): readonly string[] {
    return [...this.#watch.lines];
  }

  /**
   * Listens to an event. A listener's error surfaces as an uncaught error and does not harm the guest.
   *
   * @param name - the name of an event of GuestEvents.
   * @param listener - receives the event after the driver has returned; it may call the guest.
   * @returns a function that ends the listening.
   * @throws TypeError: the name is no event's, or the listener is no function.
   * @example
   * const stop = guest.on("retry", ({ dueMs }) => console.log(`tries again at ${dueMs} ms`));
   */
  on<K extends keyof GuestEvents>(name: K, listener: (event: GuestEvents[K]) => void): () => void {
    checkListener(name, listener);
    const stop = this.#watch.events.on(name, listener);
    this.#watch.watchCalls();
    return () => {
      stop();
      this.#watch.watchCalls();
    };
  }

  /**
   * Destroys the domain and gives its frames back to the machine. The call waits for a worker's run to end. A second
   * call does nothing.
   *
   * @example
   * await guest.close();
   */
  async close(): Promise<void> {
    await this.#guest.work.exclusive(() => this.#guest.close());
    this.#onClose(this);
  }

  /**
   * Closes the guest at the end of the block in which `await using` has declared it.
   *
   * @example
   * await using guest = await machine.boot({ maxPfn: 4096 });
   * await guest.setTarget({ pages: 2048 });
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    onAsyncDispose(Guest, (guest) => guest.close());
  }
}
