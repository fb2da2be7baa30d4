/** Keeps the samples for the curves, in columns, and no more samples than can be drawn quickly. */
import type { Sample } from "../session/messages.js";

/** A column for each curve, and two of times to draw them over. All have an entry for each point, oldest first. */
export interface Columns {
  readonly virtualSeconds: number[];
  /** Real time since the boot. */
  readonly pageSeconds: number[];
  readonly currentPages: number[];
  readonly targetPages: number[];
  readonly creditPages: number[];
  readonly balloonLowPages: number[];
  readonly balloonHighPages: number[];
  readonly hostFreePages: number[];
  readonly delaySeconds: number[];
  readonly retryCount: number[];
}

const MAX_POINTS = 20_000;
/** Thinning frees this share of the columns, so that the next thinning is some time away. */
const FREE_SHARE = 1 / 8;

/** The samples of one guest. */
export class History {
  readonly columns: Columns = {
    virtualSeconds: [],
    pageSeconds: [],
    currentPages: [],
    targetPages: [],
    creditPages: [],
    balloonLowPages: [],
    balloonHighPages: [],
    hostFreePages: [],
    delaySeconds: [],
    retryCount: [],
  };
  readonly #maxPoints: number;
  /** The points in which retry_count or the target changed. */
  readonly #turns: boolean[] = [];
  #version = 0;
  /** The last point is only how the guest stands now: the next one takes its place. */
  #edge = false;

  constructor(maxPoints: number = MAX_POINTS) {
    this.#maxPoints = maxPoints;
  }

  get length(): number {
    return this.#turns.length;
  }

  /** A number that differs after each change. */
  get version(): number {
    return this.#version;
  }

  /**
   * Appends samples, oldest first, and how the guest stands now, which later samples replace. If nothing changes, the
   * last point moves along with the time.
   */
  add(samples: readonly Sample[], now: Sample | null): void {
    if (samples.length === 0 && now === null) return;
    this.#dropEdge();
    for (const sample of samples) {
      this.#append(sample);
      if (this.length > this.#maxPoints) this.#thin();
    }
    if (now !== null) {
      this.#edge = true;
      this.#push(now);
    }
    this.#version++;
  }

  clear(): void {
    for (const column of this.#all()) column.length = 0;
    this.#turns.length = 0;
    this.#edge = false;
    this.#version++;
  }

  #dropEdge(): void {
    if (!this.#edge) return;
    this.#edge = false;
    for (const column of this.#all()) column.length--;
    this.#turns.length--;
  }

  #append(sample: Sample): void {
    const last = this.length - 1;
    this.#push(sample);
    if (last >= 1 && this.#same(last - 1, last) && this.#same(last, last + 1)) this.#forget(last);
  }

  #push({ nowMs, wallMs, stats, creditPages, hostFreeFrames }: Sample): void {
    const { columns } = this;
    const last = this.length - 1;
    const turn =
      last >= 0 && (stats.retry_count !== columns.retryCount[last] || stats.target_pages !== columns.targetPages[last]);
    columns.virtualSeconds.push(nowMs / 1000);
    columns.pageSeconds.push(wallMs / 1000);
    columns.currentPages.push(stats.current_pages);
    columns.targetPages.push(stats.target_pages);
    columns.creditPages.push(creditPages);
    columns.balloonLowPages.push(stats.balloon_low);
    columns.balloonHighPages.push(stats.balloon_high);
    columns.hostFreePages.push(hostFreeFrames);
    columns.delaySeconds.push(stats.schedule_delay);
    columns.retryCount.push(stats.retry_count);
    this.#turns.push(turn);
  }

  /** Tells whether two points differ in nothing but their times. */
  #same(one: number, other: number): boolean {
    const { virtualSeconds, pageSeconds } = this.columns;
    return this.#all().every(
      (column) => column === virtualSeconds || column === pageSeconds || column[one] === column[other],
    );
  }

  /** Removes a point that has equal points before and after it. */
  #forget(point: number): void {
    for (const column of this.#all()) column.splice(point, 1);
    this.#turns.splice(point, 1);
  }

  /**
   * Every second point of the older half goes; of all, where that was not enough. Turns, the first and the last stay:
   * only where there are so many turns that they fill the columns does every second of them go as well.
   */
  #thin(): void {
    const enough = this.#maxPoints * (1 - FREE_SHARE);
    const half = this.length / 2;
    const everySecond = (from: (point: number) => boolean): void => {
      const last = this.length - 1;
      let seen = 0;
      this.#drop((point) => point > 0 && point < last && from(point) && seen++ % 2 === 0);
    };
    everySecond((point) => point < half && !this.#turns[point]);
    if (this.length > enough) everySecond((point) => !this.#turns[point]);
    if (this.length > enough) everySecond(() => true);
  }

  #drop(goes: (point: number) => boolean): void {
    const columns = [...this.#all(), this.#turns];
    const points = this.length;
    let kept = 0;
    for (let point = 0; point < points; point++) {
      if (goes(point)) continue;
      if (kept < point) for (const column of columns) column[kept] = column[point];
      kept++;
    }
    for (const column of columns) column.length = kept;
  }

  #all(): number[][] {
    return Object.values(this.columns);
  }
}

/** The last point at or before a time, in a column of times that never fall; the first where all are later. */
export function pointAt(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
