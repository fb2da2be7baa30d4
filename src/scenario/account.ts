/**
 * A run told for a person to read: a line for each operation, with time, what moved, and what came of it; kernel log
 * lines below it; the stats at the end.
 */

import type { DriverStats, GuestState } from "../host/backend.js";
import { type BalloonBug, BalloonError } from "../host/errors.js";
import { refusalReason } from "../host/refusals.js";
import { STATE, stateNames } from "../host/state.js";
import { STATS, statNames } from "../host/stats.js";
import type { Pages } from "../host/units.js";
import type { Interpreter, Outcome } from "./interpreter.js";
import type { Operation } from "./operation.js";
import { cancelledAfter, formatCredit, nextTry, noPage, pagesOfAsked } from "./outcome-words.js";
import { formatPages, formatSize, formatTime, grouped, plural } from "./quantity.js";
import type { Script, Step } from "./script.js";
import { CallTally, type CallTotals, type ShortCalls } from "./tally.js";
import { loanRemarks, type ThreadLook, threadRemarks, waitsWith } from "./thread-words.js";

/** Widths of the columns before the remarks. */
const TIME_WIDTH = 12;
const PAGES_WIDTH = 12;
const SIZE_WIDTH = 12;
const CALLS_WIDTH = 9;

/** The state of the guest and the machine after an operation. */
interface Snapshot {
  readonly step: Step;
  readonly stats: DriverStats;
  readonly state: GuestState;
  readonly hostFree: number;
  readonly due: number | null;
  /** The modern driver's thread. */
  readonly thread: ThreadLook | null;
}

/** An operation told in parts. */
export interface Told {
  /** Above 0: pages that the guest got. */
  readonly movedPages: Pages;
  /** Calls of memory_op. */
  readonly calls: number;
  /** The outcome in words; empty where nothing needs saying. */
  readonly came: readonly string[];
}

export class Account {
  /** Must watch the world. */
  readonly observer: CallTally = new CallTally();
  readonly #script: Script;
  readonly #operationWidth: number;
  /** After the last operation that did not end in a BUG_ON. */
  #last: Snapshot | null = null;

  constructor(script: Script) {
    this.#script = script;
    this.#operationWidth = script.steps.reduce((width, { text }) => Math.max(width, text.length), "operation".length);
  }

  /** Tells the guest and the machine of the script, and the heads of the columns. */
  opening(): string[] {
    const { guest, hostPages, mfnBase } = this.#script.config;
    const frames = Math.max(0, hostPages - mfnBase);
    const room = guest.hotplug ? `, hotplug up to ${formatPages(guest.pfnLimit)}` : "";
    return [
      `guest    ${guest.driver === "2013" ? "" : "driver modern, "}${guest.domain}, memory up to ${formatPages(guest.maxPfn)}${room}, max_pages ${formatPages(guest.maxPages)}, ${plural(guest.cpus, "CPU")}`,
      `machine  ${plural(frames, "frame")} (${formatSize(frames)}) from MFN ${mfnBase} on`,
      "",
      this.#row("time", "operation", "pages moved", "size", "calls", "what came of it"),
    ];
  }

  /** Tells an operation just done, with the calls since the one before. */
  tell(step: Step, outcome: Outcome, interpreter: Interpreter): Told {
    const totals = this.observer.take();
    const came =
      outcome.bug !== null
        ? [...totals.short.map(shortCalls), outcome.bug.message]
        : this.#whatCame(step, outcome.ret, totals, interpreter);
    return { movedPages: totals.pagesIn - totals.pagesOut, calls: totals.calls, came };
  }

  /** An operation just done, and what the kernel logged. */
  lines(step: Step, outcome: Outcome, interpreter: Interpreter): string[] {
    const { movedPages, calls, came } = this.tell(step, outcome, interpreter);
    return [
      this.#row(
        formatTime(interpreter.nowMs),
        step.text,
        movedPages === 0 ? "" : signed(movedPages, grouped),
        movedPages === 0 ? "" : signed(movedPages, formatSize),
        calls === 0 ? "" : grouped(calls),
        came.join("; "),
      ),
      ...this.#logLines(interpreter.logLines),
    ];
  }

  /** The stats as they were last seen: a guest that has ended is not asked. */
  closing(bug: BalloonBug | null): string[] {
    if (this.#last === null) return [];
    const { step, stats, state, hostFree } = this.#last;
    const { driver } = this.#script.config.guest;
    return [
      "",
      bug === null ? "At the end" : `After ${operationAt(step)}: the last before the BUG_ON`,
      "",
      ...statNames(driver).map((name) => statLine(name, stats[name] as number)),
      "",
      ...stateNames(driver).flatMap((name) => stateLines(name, state[name] as number)),
      pageLine("free on the machine", hostFree),
    ];
  }

  /** The remarks on an operation that did not end in a BUG_ON. */
  #whatCame(step: Step, ret: number, totals: CallTotals, interpreter: Interpreter): string[] {
    const { operation } = step;
    const before = this.#last;
    if (interpreter.booted === null) return [refusal(operation, ret)];
    const after = this.#look(step, interpreter);
    this.#last = after;
    return [
      ret < 0 ? refusal(operation, ret) : answer(operation, ret, after, interpreter.arrays.waiting.length),
      ...totals.short.map(shortCalls),
      addedMemory(before, after),
      overCount(before, after),
      ...loanRemarks(interpreter.arrays.done),
      ...(after.thread === null
        ? [nextWork(operation, before, after, totals.cancelledTries, interpreter)]
        : threadRemarks(before?.thread ?? null, after.thread, totals, interpreter.config)),
    ].filter((remark) => remark !== "");
  }

  #look(step: Step, interpreter: Interpreter): Snapshot {
    const { world, guest } = interpreter.booted as NonNullable<Interpreter["booted"]>;
    const stats = guest.stats();
    const state = guest.state();
    const { thread } = guest;
    return {
      step,
      stats,
      state,
      hostFree: world.machine.freeFrames(),
      due: interpreter.workDueMs,
      thread: thread && { state: thread.state, woken: thread.woken, dueMs: thread.due ?? 0, stats, guest: state },
    };
  }

  /** Below the remarks; lines that repeat are told once. */
  #logLines(log: readonly string[]): string[] {
    const lines: string[] = [];
    for (let i = 0, end = 0; i < log.length; i = end) {
      for (end = i + 1; end < log.length && log[end] === log[i]; end++);
      lines.push(this.#row("", "", "", "", "", `log: ${log[i]}${end - i > 1 ? ` (${end - i} times)` : ""}`));
    }
    return lines;
  }

  #row(time: string, operation: string, pages: string, size: string, calls: string, came: string): string {
    const cells = [
      time.padStart(TIME_WIDTH),
      operation.padEnd(this.#operationWidth),
      pages.padStart(PAGES_WIDTH),
      size.padStart(SIZE_WIDTH),
      calls.padStart(CALLS_WIDTH),
      came,
    ];
    return cells.join("  ").trimEnd();
  }
}

/** `operation 3, target 100 (line 5)`; the first is 1. */
function operationAt({ index, text, line }: Step): string {
  return `operation ${index + 1}, ${text.trim()} (line ${line})`;
}

function refusal({ op }: Operation, errno: number): string {
  return new BalloonError(errno, refusalReason(op, errno)).message;
}

function shortCalls({ came, calls, why }: ShortCalls): string {
  if (why === null) return calls === 1 ? came : `${came} in ${plural(calls, "call")}`;
  return `${came} in ${plural(calls, "call")}: ${why}`;
}

/** The driver's count of the guest's pages beside Xen's, where the difference between them has changed. */
function overCount(before: Snapshot | null, after: Snapshot): string {
  const difference = ({ stats, state }: Snapshot): number => stats.current_pages - state.totPages;
  const over = difference(after);
  if (over === (before === null ? 0 : difference(before))) return "";
  if (over === 0) return "current_pages is what the domain holds";
  return `current_pages is ${formatPages(Math.abs(over))} ${over > 0 ? "above" : "below"} what the domain holds`;
}

/** Hot-added memory waits to be brought online. */
function addedMemory(before: Snapshot | null, after: Snapshot): string {
  const pages = before === null ? 0 : after.state.maxPfn - before.state.maxPfn;
  return pages === 0 ? "" : `${formatPages(pages)} added, to be brought online`;
}

/** When the worker runs next, or that it has given up. */
function nextWork(
  operation: Operation,
  before: Snapshot | null,
  after: Snapshot,
  cancelledTries: number,
  { config, nowMs: now }: Interpreter,
): string {
  const { stats, state, due } = after;
  if (due === null)
    return cancelledTries > 0 ? `${cancelledAfter(cancelledTries)}, ${formatCredit(state.creditPages)}` : "";
  if (due <= now) return before?.due === due ? "" : "worker due now";
  if (operation.op === "target") return `worker due at ${formatTime(due)}`;
  if (before?.due === due) return "";
  const cause = state.creditPages < 0 ? `${noPage(state, config)}, ` : "";
  return `${cause}${formatCredit(state.creditPages)}, ${nextTry(stats.retry_count - 1, due)}`;
}

/** Tells in words what an operation answered. */
function answer(operation: Operation, ret: number, { stats, state }: Snapshot, waiting: number): string {
  switch (operation.op) {
    case "boot":
      return `${formatPages(stats.current_pages)} current, ${formatPages(stats.balloon_low + stats.balloon_high)} in the balloon`;
    case "target":
      return state.creditPages === 0 ? "nothing to do" : formatCredit(state.creditPages);
    case "balloon_alloc":
      return ret === 0 ? `${formatPages(operation.pages)} in ${operation.name}` : waitsWith(waiting - 1);
    case "balloon_free":
      return `${formatPages(ret)} left in ${operation.name}`;
    case "guest_alloc":
    case "guest_free":
      return pagesOfAsked(ret, operation.pages);
    case "host_take":
    case "host_give":
      return pagesOfAsked(ret, operation.frames);
    case "guest_free_every":
      return formatPages(ret);
    case "guest_shuffle":
    case "guest_fill":
      return `${formatPages(ret)} held`;
    case "online":
      return `memory ends at ${formatPages(state.maxPfn)}`;
    default:
      return "";
  }
}

function statLine(name: keyof DriverStats, value: number): string {
  const { unit } = STATS[name];
  if (unit === "seconds") return tableLine(name, plural(value, "second"));
  if (name === "max_retry_count" && value === 0) return tableLine(name, "unlimited");
  return unit === "tries" ? tableLine(name, String(value)) : pageLine(name, value);
}

function stateLines(name: keyof GuestState, value: number): string[] {
  const { title, unit } = STATE[name];
  if (title === null) return [];
  return [unit === "calls" ? tableLine(title, plural(value, "call")) : pageLine(title, value)];
}

function pageLine(name: string, pages: Pages): string {
  return tableLine(name, plural(pages, "page"), pages === 0 ? "" : formatSize(pages));
}

function tableLine(name: string, value: string, size = ""): string {
  return `${name.padEnd(20)}${value.padStart(20)}${size.padStart(SIZE_WIDTH + 2)}`.trimEnd();
}

function signed(pages: Pages, format: (pages: Pages) => string): string {
  return `${pages < 0 ? "-" : "+"}${format(Math.abs(pages))}`;
}
