/**
 * Writes trace lines. After each operation a line holds all observable state of its world.
 */
import type { DriverStats, GuestBackend, GuestState } from "../host/backend.js";
import { statNames } from "../host/stats.js";
import { addWords, EMPTY_DIGEST, formatDigest } from "./digest.js";
import type { Interpreter, Outcome } from "./interpreter.js";
import { CallRecorder } from "./recorder.js";
import type { Step } from "./script.js";

/** The most entries of P2M or M2P read at once. */
const WINDOW = 65536;

/** The most pages of ballooned_pages that a line lists one by one. */
const LIST_HEAD = 4;

/** Words in a page. Contents are sampled at three of them: the first, one that depends on the PFN, and the last. */
const PAGE_WORDS = 1024;
const WANDER = 619;

type CountersSinceBoot = Pick<GuestState, "scrubbedPages" | "tlbFlushes" | "kmapFlushes" | "memoryOps" | "vaMappings">;

/** Writes the trace of one world. */
export class Tracer {
  /** Records the hypercalls. The caller must attach it to the world, unless they are only counted. */
  readonly observer: CallRecorder = new CallRecorder();
  readonly #calls: "recorded" | "counted";
  readonly #window = new Uint32Array(WINDOW);
  #before: CountersSinceBoot = { scrubbedPages: 0, tlbFlushes: 0, kmapFlushes: 0, memoryOps: 0, vaMappings: 0 };

  /** @param calls - `counted`: nobody watches the hypercalls, and a line has their numbers alone. */
  constructor(calls: "recorded" | "counted" = "recorded") {
    this.#calls = calls;
  }

  /** Makes the line of an operation that was just done. */
  line(step: Step, outcome: Outcome, interpreter: Interpreter): string {
    const head = { i: step.index, op: step.text, ret: outcome.ret, now: interpreter.nowMs };
    if (outcome.bug !== null) return JSON.stringify({ ...head, bug: outcome.bug.condition });
    if (interpreter.booted === null) return JSON.stringify(head);
    const { machine } = interpreter.booted.world;
    const guest = interpreter.booted.guest.backend;
    const stats = guest.stats();
    const state = guest.state();
    const before = this.#before;
    this.#before = state;
    return JSON.stringify({
      ...head,
      stats: Object.fromEntries(statNames(interpreter.config.guest.driver).map((name) => [name, stats[name]])),
      credit: state.creditPages,
      free: [state.freeNormalPages, state.freeHighPages],
      managed: [state.managedPages, state.managedHighPages],
      max_pfn: state.maxPfn,
      host_free: machine.freeFrames(),
      tot_pages: state.totPages,
      list: listOf(guest),
      p2m: this.#digest(state.maxPfn, (pfn, out) => guest.readP2m(pfn, out)),
      m2p: this.#digest(machine.hostPages, (mfn, out) => machine.readM2p(mfn, out)),
      ...(interpreter.config.guest.contents && {
        bytes: this.#digest(3 * state.maxPfn, (sample, out) => readSamples(guest, sample, out)),
      }),
      ...(this.#calls === "recorded" ? this.observer.take() : countsOf(state, before)),
      scrub: state.scrubbedPages - before.scrubbedPages,
      tlb: state.tlbFlushes - before.tlbFlushes,
      kmap: state.kmapFlushes - before.kmapFlushes,
      work: interpreter.workDueMs,
      log: interpreter.logLines,
      ...modernFields(interpreter, stats, state),
    });
  }

  #digest(length: number, read: (from: number, out: Uint32Array) => void): string {
    let digest = EMPTY_DIGEST;
    for (let from = 0; from < length; from += WINDOW) {
      const out = this.#window.subarray(0, Math.min(WINDOW, length - from));
      read(from, out);
      digest = addWords(digest, out);
    }
    return formatDigest(digest);
  }
}

/** The keys that a line has with the modern driver alone. */
function modernFields({ booted, arrays }: Interpreter, stats: DriverStats, state: GuestState): object {
  const thread = booted?.guest.thread ?? null;
  if (thread === null) return {};
  return {
    state: thread.state.toUpperCase(),
    available: state.availablePages,
    nr_balloon: stats.balloon_low + stats.balloon_high,
    offline: state.offlinePages,
    woken: thread.woken ? 1 : 0,
    waiting: arrays.waiting,
    done: arrays.done,
  };
}

function countsOf(state: CountersSinceBoot, before: CountersSinceBoot): { calls: { n: number }; va: { n: number } } {
  return { calls: { n: state.memoryOps - before.memoryOps }, va: { n: state.vaMappings - before.vaMappings } };
}

/** Reads ballooned_pages from head to tail. */
function listOf(guest: GuestBackend): { n: number; digest: string; head: number[] } {
  let n = 0;
  let digest = EMPTY_DIGEST;
  const head: number[] = [];
  for (const piece of guest.balloonedPages()) {
    head.push(...piece.subarray(0, LIST_HEAD - head.length));
    digest = addWords(digest, piece);
    n += piece.length;
  }
  return { n, digest: formatDigest(digest), head };
}

/** Reads words of page contents, three for each page. */
function readSamples(guest: GuestBackend, from: number, out: Uint32Array): void {
  for (let i = 0; i < out.length; i++) {
    const pfn = Math.floor((from + i) / 3);
    const word = [0, (pfn * WANDER) % PAGE_WORDS, PAGE_WORDS - 1][(from + i) % 3];
    out[i] = guest.readWord(pfn, word);
  }
}
