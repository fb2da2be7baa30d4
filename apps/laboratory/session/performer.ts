/** Performs operations on one guest: each is told, recorded as a line of a script, and followed by what faults hold. */
import {
  Account,
  type Budget,
  failedAddMemory,
  type GuestConfig,
  type GuestObserver,
  Interpreter,
  type MachineFactory,
  type Operation,
  type Outcome,
  type Pause,
  parseOperation,
  parseScript,
  type Step,
} from "xen-balloon/core";
import { heardWhile } from "../timeline/heard-while.js";
import { partAt } from "../timeline/part.js";
import { Past } from "../timeline/past.js";
import { Holds } from "./holds.js";
import type { FaultsState, HoldName, ScriptRecord } from "./messages.js";
import { Recorder } from "./recorder.js";
import { Watch } from "./watch.js";

/** It pauses, so that the worker can answer the page meanwhile. */
type Pausing<T> = Generator<Pause, T>;

export class Performer implements GuestObserver {
  readonly interpreter: Interpreter;
  readonly watch: Watch = new Watch();
  readonly past: Past;
  readonly #recorder: Recorder;
  readonly #account: Account;
  readonly #holds = new Holds();
  /** The injected faults of add_memory, which the engine does not tell. */
  readonly #addMemory = { amount: 0, times: 0 };
  #cpu = 0;
  #operations = 0;
  #turns = 0;
  #batchesOfRun = 0;
  #batches = 0;
  #outcome = "done";
  #bug: string | null = null;
  /** The time at which time began to pass since the last operation; null where none has passed. */
  #passingFromMs: number | null = null;

  /** @throws ScriptError: an invalid configuration */
  constructor(config: string, makeMachine: MachineFactory) {
    const script = parseScript(config);
    this.#account = new Account(script);
    this.#recorder = new Recorder(config);
    const observers = [this.watch, this.#account.observer, this].map((observer) =>
      heardWhile(observer, () => this.past.place === null),
    );
    this.interpreter = new Interpreter(script.config, makeMachine, observers);
    this.past = new Past(this.interpreter);
    this.watch.attach(this.interpreter);
  }

  get #driver(): GuestConfig["driver"] {
    return this.interpreter.config.guest.driver;
  }

  /** The BUG_ON that ended the guest. */
  get bug(): string | null {
    return this.#bug;
  }

  get operations(): number {
    return this.#operations;
  }

  /** Turns of the driver's loop so far: each makes a batch, or finds nothing to do and ends a run. */
  get turns(): number {
    return this.#turns;
  }

  get batches(): number {
    return this.#batches;
  }

  /** The batches of a run that has paused between two turns. */
  get batchesOfRun(): number {
    return this.#batchesOfRun;
  }

  /** How the last turn of the driver's loop ended. */
  get outcome(): string {
    return this.#outcome;
  }

  /** The script of what was done, with the time that has passed since the last operation. */
  get script(): { readonly done: string; readonly operations: number } {
    const { text, operations } = this.#recorder;
    const passedMs = this.#passingFromMs === null ? 0 : this.past.end.nowMs - this.#passingFromMs;
    if (passedMs === 0) return { done: text, operations };
    return { done: `${text}advance ${passedMs}\n`, operations: operations + 1 };
  }

  /**
   * The script as it would be if the moment of the past on show were the present, and all that came after it to come.
   *
   * @param rest - the lines that are to come after the present.
   * @throws Error: the guest is in the present
   */
  branch(rest: readonly string[]): ScriptRecord {
    const moment = this.past.scriptMoment;
    if (moment === null) throw new Error("the guest is in the present: go to a moment of its past first");
    const { config } = this.#recorder;
    const lines = this.script.done.slice(config.length).trimEnd().split("\n");
    const { before, after } = partAt(lines, moment);
    return { done: `${config}${before.join("\n")}\n`, operations: before.length, rest: [...after, ...rest] };
  }

  get faults(): FaultsState {
    const faults = { ...this.interpreter.booted?.guest.hypercalls.faults, addMemory: this.#addMemory };
    const due = Object.entries(faults).filter(([, { times }]) => times > 0);
    const injected = Object.fromEntries(due.map(([name, { amount, times }]) => [name, { amount, times }]));
    return { holds: this.#holds.state, injected, cpu: this.#cpu };
  }

  ran(state: string): void {
    this.#outcome = state;
    this.#turns++;
    // a turn without a batch is the last of its run
    this.#batchesOfRun = state === "yielded" ? this.#batchesOfRun + 1 : 0;
  }

  afterMemoryOp(): void {
    this.#batches++;
  }

  logged(line: string): void {
    if (failedAddMemory(line) !== null && this.#addMemory.times > 0) this.#addMemory.times--;
  }

  /**
   * Performs an operation.
   *
   * @returns its result as in a script: 0, a count, or a negative error number.
   * @throws ScriptError: an invalid operation, or one that the run refuses. Error: the guest has ended.
   */
  *perform(line: string, budget: Budget): Pausing<number> {
    this.requireAlive();
    const operation = parseOperation(null, line.trim().split(/[ \t]+/), this.#driver);
    this.endPassing();
    if (operation.op === "advance") {
      yield* this.pass(operation.ms, budget);
      return this.endPassing();
    }
    const ret = yield* this.#settled(operation, line, budget);
    if (this.#bug === null) yield* this.#hold(budget);
    return ret;
  }

  /** Lets time pass, as an advance of the script that ends with the next operation or with endPassing. */
  *pass(ms: number, budget: Budget): Pausing<void> {
    const { interpreter } = this;
    this.past.leave();
    const untilMs = interpreter.nowMs + ms;
    do {
      this.#passingFromMs ??= interpreter.nowMs;
      const left = untilMs - interpreter.nowMs;
      const outcome = yield* this.#untilTaken(stepOf({ op: "advance", ms: left }, ""), budget);
      if (outcome?.bug) {
        this.#passed(outcome);
        return;
      }
      if (outcome === null) yield* this.#hold(budget);
    } while (interpreter.nowMs < untilMs);
    yield* this.#hold(budget);
    this.past.mark();
  }

  /** Ends the advance under way. */
  endPassing(): number {
    return this.#passed({ ret: 0, bug: null });
  }

  #passed(outcome: Outcome): number {
    this.past.leave();
    const fromMs = this.#passingFromMs;
    if (fromMs === null) return 0;
    this.#passingFromMs = null;
    const ms = this.interpreter.nowMs - fromMs;
    const line = `advance ${ms}`;
    this.#done(stepOf({ op: "advance", ms }, line), outcome, (moved, came) => this.watch.passed(line, moved, came));
    return outcome.ret;
  }

  /** Performs any operation but an advance. */
  *#settled(operation: Operation, line: string, budget: Budget): Pausing<number> {
    const takesTime = operation.op === "run" || operation.op === "settle";
    const step = stepOf(operation, line);
    const told = takesTime ? null : this.watch.began(line);
    const beganMs = this.interpreter.nowMs;
    const outcome = yield* this.interpreter.performInPieces(step, budget);
    this.#note(operation, outcome.ret);
    this.past.did(step, beganMs);
    this.#done(step, outcome, told ?? ((moved, came) => this.watch.passed(line, moved, came)));
    return outcome.ret;
  }

  #done(step: Step, outcome: Outcome, told: (moved: number, came: readonly string[]) => void): void {
    const { movedPages, came } = this.#account.tell(step, outcome, this.interpreter);
    this.#recorder.add(step.text);
    told(movedPages, came);
    this.#bug = outcome.bug?.condition ?? null;
    this.watch.did(this.#operations++);
  }

  /** Keeps what the engine does not tell. */
  #note(operation: Operation, ret: number): void {
    if (operation.op === "on_cpu" && ret === 0) this.#cpu = operation.cpu;
    if (operation.op === "fail add_memory")
      Object.assign(this.#addMemory, { amount: operation.amount, times: operation.times });
  }

  /** Performs a step, up to the first run after which a hold has something to take: null then. */
  *#untilTaken(step: Step, budget: Budget): Pausing<Outcome | null> {
    const pieces = this.interpreter.performInPieces(step, budget);
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) return piece.value;
      yield piece.value;
      if (piece.value === "between works" && this.#taking() !== null) {
        pieces.return({ ret: 0, bug: null });
        return null;
      }
    }
  }

  #taking(): string | null {
    const { booted } = this.interpreter;
    return !this.#holds.any || booted === null || booted.guest.ended !== null ? null : this.#holds.next(booted);
  }

  /** Takes what has become free, as the operations of those who hold it. */
  *#hold(budget: Budget): Pausing<void> {
    for (let line = this.#taking(); line !== null; line = this.#taking()) {
      this.endPassing();
      yield* this.#settled(parseOperation(null, line.split(" "), this.#driver), line, budget);
      if (this.interpreter.booted !== null) this.#holds.taken(this.interpreter.booted);
    }
  }

  /** Switches a hold. */
  *hold(name: HoldName, on: boolean, budget: Budget): Pausing<void> {
    this.requireAlive();
    const line = this.#holds.set(name, on);
    if (line !== null) yield* this.perform(line, budget);
    yield* this.#hold(budget);
  }

  /** @throws Error: the guest has ended */
  requireAlive(): void {
    this.past.leave();
    if (this.#bug !== null) throw new Error(`the guest has ended in BUG_ON(${this.#bug}): boot another`);
  }
}

function stepOf(operation: Operation, text: string): Step {
  return { index: 0, line: null, text, operation };
}
