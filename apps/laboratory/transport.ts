/** How time passes: play and pause, step, stop, restart, the speed and the true speed, progress and status. */
import { grouped, plural } from "xen-balloon/core";
import { element } from "./elements.js";
import { BOOT_STAGES, type Laboratory, type LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";
import { formatClock } from "./quantity.js";
import type { Sample, Snapshot } from "./session/messages.js";

/** The true speed is told where it is this far below the chosen one. */
const SLOWER = 0.95;

export class Transport {
  readonly #play = element("play", HTMLButtonElement);
  readonly #step = element("step", HTMLButtonElement);
  readonly #batch = element("step-batch", HTMLButtonElement);
  readonly #stop = element("stop", HTMLButtonElement);
  readonly #restart = element("restart", HTMLButtonElement);
  readonly #speed = element("speed", HTMLSelectElement);
  readonly #trueSpeed = element("true-speed", HTMLElement);
  readonly #clock = element("clock", HTMLElement);
  readonly #status = element("status", HTMLElement);
  readonly #progressText = element("progress-text", HTMLElement);
  readonly #progress = element("progress", HTMLProgressElement);

  /** @param restart - runs the script on show from its beginning. */
  constructor(laboratory: Laboratory, attempt: Attempt, restart: () => Promise<void>) {
    this.#play.addEventListener("click", () =>
      attempt(this.#play, () => laboratory.setPlaying(!laboratory.state.playing)),
    );
    this.#step.addEventListener("click", () => attempt(this.#step, () => laboratory.step("operation")));
    this.#batch.addEventListener("click", () => attempt(this.#batch, () => laboratory.step("batch")));
    this.#stop.addEventListener("click", () => attempt(this.#stop, () => laboratory.play(null)));
    this.#restart.addEventListener("click", () => attempt(this.#restart, restart));
    this.#speed.addEventListener("change", () =>
      attempt(this.#speed, () => laboratory.setPace(Number(this.#speed.value))),
    );
  }

  render(state: LaboratoryState): void {
    const { phase, playing, snapshot, pace } = state;
    const { program = null, trueSpeed = null, batches = null } = snapshot?.playback ?? {};
    const left = program !== null && program.done < program.of;
    const running = phase === "running";
    const nothing = !playing && pace === Number.POSITIVE_INFINITY && !left && batches === null;
    this.#play.disabled = !running || state.restoring || nothing;
    this.#play.dataset.playing = String(playing);
    write(this.#play, playing ? "Pause" : "Play");
    this.#play.setAttribute("aria-label", playing ? "Pause: time stands still" : "Play: time passes");
    const next = left || batches !== null || snapshot?.now?.workDueMs != null;
    for (const step of [this.#step, this.#batch]) step.disabled = !running || state.restoring || !next;
    this.#step.title =
      batches !== null
        ? "To the end of the run"
        : left
          ? `The next ${program.unit} of ${program.name}`
          : "To what is due next";
    this.#stop.hidden = !left || state.restoring;
    if (left) this.#stop.title = `Drops the rest of ${program.name}`;
    this.#restart.disabled = phase === "none" || phase === "booting" || phase === "failed";
    write(this.#clock, snapshot === null ? "" : formatClock(snapshot.figures?.now.nowMs ?? 0));
    const slow = playing && trueSpeed !== null && Number.isFinite(pace) && trueSpeed < pace * SLOWER;
    const fast = playing && trueSpeed !== null && !Number.isFinite(pace);
    write(
      this.#trueSpeed,
      slow || fast ? `${slow ? "in truth " : ""}${grouped(Math.round(trueSpeed ?? 0))} s a second` : "",
    );
    this.#showProgress(state, left);
    write(this.#status, statusOf(state));
  }

  #showProgress({ phase, stageNumber, snapshot }: LaboratoryState, left: boolean): void {
    const program = snapshot?.playback.program ?? null;
    this.#progress.hidden = phase !== "booting" && !(phase === "running" && left);
    if (phase === "booting") {
      this.#progress.max = BOOT_STAGES;
      this.#progress.value = stageNumber;
    } else if (program !== null) {
      this.#progress.max = program.of;
      this.#progress.value = program.done;
    }
    const { done, of, unit } = program ?? { done: 0, of: 0, unit: "row" };
    write(this.#progressText, program === null || !left ? "" : `${grouped(done)} of ${plural(of, unit)}`);
  }
}

/** A live region reads each change aloud, and a text that is written again looks like one. */
function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

/** The state in words: changes of state are announced to a screen reader, figures are not. */
function statusOf({ phase, stage, why, snapshot, playing, restoring }: LaboratoryState): string {
  switch (phase) {
    case "none":
      return "No guest: boot one";
    case "booting":
      return `Booting: ${stage}`;
    case "failed":
      return `No guest: ${why}`;
    case "ended":
      if (snapshot?.past && snapshot.now !== null)
        return `Before BUG_ON(${snapshot.bug}): ${guestStatus(snapshot.now, snapshot.gaveUp, false)}`;
      return `BUG_ON(${snapshot?.bug}): the guest has ended; boot another, or restart`;
    case "running":
      return snapshot === null ? "Booted" : runningStatus(snapshot, playing, restoring);
  }
}

function runningStatus(
  { now, past, gaveUp, playback: { program, batches, stoppedAt } }: Snapshot,
  playing: boolean,
  restoring: boolean,
): string {
  if (now === null) return "Booted";
  const guest = guestStatus(now, gaveUp, playing);
  if (past !== null) return `Looking back: ${guest}`;
  if (restoring) return `Doing again what ${program?.name ?? "the script"} had done`;
  const inRun = batches === null ? "" : `after batch ${grouped(batches)} of a run`;
  if (stoppedAt !== null) return `Stopped: ${stoppedAt}${inRun === "" ? "" : `, ${inRun}`}`;
  if (inRun !== "") return `Paused ${inRun}`;
  if (program !== null && program.done < program.of) {
    return `${playing ? "Playing" : "Paused in"} ${program.name}: ${guest}`;
  }
  return playing ? capital(guest) : `Paused: ${guest}`;
}

function guestStatus(
  { creditPages, workDueMs, nowMs, threadState }: Sample,
  gaveUp: boolean,
  playing: boolean,
): string {
  if (creditPages === 0) return "the guest is at its target";
  // while the worker runs it is not due
  if (workDueMs === null) return gaveUp ? "the driver has given up: pages are missing" : "pages are on their way";
  if (workDueMs <= nowMs) return playing ? "pages are on their way" : "pages wait for the worker, which is due";
  if (threadState === "ecanceled") return `the driver has given up; it looks again at ${formatClock(workDueMs)}`;
  if (threadState === "wait")
    return `waiting for added memory to come online; it looks again at ${formatClock(workDueMs)}`;
  return `waiting for the next try, at ${formatClock(workDueMs)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
