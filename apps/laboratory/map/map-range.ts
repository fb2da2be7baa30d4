/** Computes which pages the map shows, and their places on it. */
import type { CensusRange } from "xen-balloon/core";

/** The most cells of a map, a power of two. */
const MAX_CELLS = 16_384;

const MAX_CELLS_LOG2 = Math.log2(MAX_CELLS);
/** With one page a cell the cells can still grow, until a side of the map has so few. */
const LEAST_SIDE_LOG2 = 3;
const LONGEST_SIDE_LOG2 = 10;
/** At this level each cell of a page stands out: a sixteenth of the cells is left. */
const CLOSE_LEVEL = -2;

/** Cells beside and below each other. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** A place on the map: fractions of its width and height. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The grid of all cells in which they come closest to squares. Sides are powers of two: a guest of 2^n pages fills it.
 */
export function gridFor(width: number, height: number): Grid {
  const wanted = Math.round((MAX_CELLS_LOG2 + Math.log2(width / height)) / 2);
  const columnsLog2 = clamp(wanted, MAX_CELLS_LOG2 - LONGEST_SIDE_LOG2, LONGEST_SIDE_LOG2);
  return { columns: 2 ** columnsLog2, rows: 2 ** (MAX_CELLS_LOG2 - columnsLog2) };
}

/** A view of consecutive pages: they fill rows from left to right, rows from top to bottom. Views do not change. */
export class MapRange {
  readonly pfnLimit: number;
  /** The grid of this view's cells, no larger than the grid it was made for. */
  readonly columns: number;
  readonly rows: number;
  readonly cellPages: number;
  /** The first page: a multiple of `cellPages`, so that zooming in splits cells and never shifts them. */
  readonly pfn: number;
  readonly #grid: Grid;
  /** `cellPages` is 2^level; below 0 cells have one page, and each side of the grid is halved so many times. */
  readonly #level: number;

  private constructor(grid: Grid, pfnLimit: number, level: number, pfn: number) {
    const halvings = Math.max(0, -level);
    this.#grid = grid;
    this.#level = level;
    this.pfnLimit = pfnLimit;
    this.columns = grid.columns / 2 ** halvings;
    this.rows = grid.rows / 2 ** halvings;
    this.cellPages = 2 ** Math.max(0, level);
    const lastCell = Math.ceil(pfnLimit / this.cellPages) - this.columns * this.rows;
    this.pfn = clamp(Math.floor(pfn / this.cellPages), 0, Math.max(0, lastCell)) * this.cellPages;
  }

  /** Makes a view of all pages of a guest. */
  static whole(grid: Grid, pfnLimit: number): MapRange {
    let level = leastLevel(grid);
    while (capacity(grid, level) < pfnLimit) level++;
    return new MapRange(grid, pfnLimit, level, 0);
  }

  /** The closest view of so many pages from `pfn` on that has them all. */
  showing(pfn: number, pages: number): MapRange {
    const most = this.whole().#level;
    let level = leastLevel(this.#grid);
    while (level < most && capacity(this.#grid, level) < pages) level++;
    return new MapRange(this.#grid, this.pfnLimit, level, pfn);
  }

  /** The range of the census for this view. */
  get range(): CensusRange {
    const { pfn, cellPages } = this;
    const pages = Math.min(this.columns * this.rows * cellPages, this.pfnLimit - pfn);
    return { pfn, pages, cellPages };
  }

  get isWhole(): boolean {
    return this.range.pages === this.pfnLimit;
  }

  get isClosest(): boolean {
    return this.#level === leastLevel(this.#grid);
  }

  /** The whole guest as this map shows it. */
  whole(): MapRange {
    return MapRange.whole(this.#grid, this.pfnLimit);
  }

  /** The same pages, as nearly as can be, on another grid. */
  withGrid(grid: Grid): MapRange {
    const whole = MapRange.whole(grid, this.pfnLimit);
    return this.isWhole ? whole : whole.showing(this.pfn, this.range.pages);
  }

  /** Zooms by a factor of 2 for each step, out for negative steps. The page at `at` stays there. */
  zoom(steps: number, at: Point): MapRange {
    const { pfnLimit } = this;
    const level = clamp(this.#level + -steps, leastLevel(this.#grid), this.whole().#level);
    const target = new MapRange(this.#grid, pfnLimit, level, 0);
    const pfn = this.pfnAt(at) ?? pfnLimit - 1;
    const cell = Math.floor(pfn / target.cellPages) - target.#indexAt(at);
    return new MapRange(this.#grid, pfnLimit, level, cell * target.cellPages);
  }

  /** Moves on by so many cells, or back. */
  pan(cells: number): MapRange {
    return new MapRange(this.#grid, this.pfnLimit, this.#level, this.pfn + cells * this.cellPages);
  }

  /** Moves to the row that begins at this page or before, a whole number of rows from the guest's first page. */
  beginningAt(pfn: number): MapRange {
    const rowPages = this.columns * this.cellPages;
    return new MapRange(this.#grid, this.pfnLimit, this.#level, Math.floor(pfn / rowPages) * rowPages);
  }

  /** Has this page in the middle as far as can be, and so close that its cell stands out. */
  closeTo(pfn: number): MapRange {
    const level = Math.min(this.#level, Math.max(CLOSE_LEVEL, leastLevel(this.#grid)));
    const closer = new MapRange(this.#grid, this.pfnLimit, level, 0);
    return closer.beginningAt(pfn - (closer.columns * closer.rows) / 2);
  }

  /** Moves by as few rows as bring a page into view. */
  reveal(pfn: number): MapRange {
    const cell = Math.floor((pfn - this.pfn) / this.cellPages);
    const row = Math.floor(cell / this.columns);
    if (row < 0) return this.pan(row * this.columns);
    return row < this.rows ? this : this.pan((row - this.rows + 1) * this.columns);
  }

  /** The page shown at a place: along a cell, its pages follow each other. Null beyond the guest's last. */
  pfnAt(at: Point): number | null {
    const column = clamp(at.x, 0, 1) * this.columns;
    const within = Math.min(Math.floor((column - Math.floor(column)) * this.cellPages), this.cellPages - 1);
    const pfn = this.pfn + this.#indexAt(at) * this.cellPages + within;
    return pfn < this.pfnLimit ? pfn : null;
  }

  /** The middle of the cell in which a page is; null for one out of view. */
  pointOf(pfn: number): Point | null {
    const index = Math.floor((pfn - this.pfn) / this.cellPages);
    if (index < 0 || index >= this.columns * this.rows) return null;
    const row = Math.floor(index / this.columns);
    return { x: (index - row * this.columns + 0.5) / this.columns, y: (row + 0.5) / this.rows };
  }

  #indexAt({ x, y }: Point): number {
    const column = Math.min(Math.floor(clamp(x, 0, 1) * this.columns), this.columns - 1);
    const row = Math.min(Math.floor(clamp(y, 0, 1) * this.rows), this.rows - 1);
    return row * this.columns + column;
  }
}

function leastLevel({ columns, rows }: Grid): number {
  return LEAST_SIDE_LOG2 - Math.log2(Math.min(columns, rows));
}

function capacity({ columns, rows }: Grid, level: number): number {
  return columns * rows * (level < 0 ? 4 ** level : 2 ** level);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
