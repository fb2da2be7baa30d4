/** The canvas of the map: as many pixels as the screen has there, cells, lines between them, a frame around one. */
import { customColour } from "../colour-scheme.js";
import { type Picture, paintCells } from "./map-paint.js";
import type { MapRange, Point } from "./map-range.js";

/** Cells of one page and at least this size have lines between them. */
const LINED_CELL_PX = 7;

/** Paints views, as large as the canvas is. */
export class MapSurface {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #cells: CanvasRenderingContext2D;
  #image: ImageData = new ImageData(1, 1);
  #line = "";
  #frame = "";
  #halo = "";

  /** @param onResize - called with the new shape; the canvas is empty then, and must be painted at once. */
  constructor(canvas: HTMLCanvasElement, onResize: () => void) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.#cells = contextOf(document.createElement("canvas"));
    this.readColours();
    // with the next frame: what follows may lay out the page anew, of which an observer may not be told in the same one
    const observer = new ResizeObserver(([entry]) => requestAnimationFrame(() => this.#fit(entry, onResize)));
    try {
      // Tells of another devicePixelRatio as well; Safari does not have it.
      observer.observe(canvas, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(canvas);
    }
  }

  #fit({ contentRect, devicePixelContentBoxSize }: ResizeObserverEntry, onResize: () => void): void {
    const canvas = this.#canvas;
    const exact = devicePixelContentBoxSize?.[0];
    const width = exact?.inlineSize ?? Math.round(contentRect.width * devicePixelRatio);
    const height = exact?.blockSize ?? Math.round(contentRect.height * devicePixelRatio);
    if (width === 0 || height === 0 || (canvas.width === width && canvas.height === height)) return;
    canvas.width = width;
    canvas.height = height;
    onResize();
  }

  /** The width in pixels of the screen. */
  get width(): number {
    return this.#canvas.width;
  }

  get height(): number {
    return this.#canvas.height;
  }

  readColours(): void {
    this.#line = customColour("--map-line");
    this.#frame = customColour("--map-cursor");
    this.#halo = customColour("--map-cursor-halo");
  }

  /** @param marked - a place in the cell to put a frame around. */
  paint(view: MapRange, pictures: readonly Picture[], marked: Point | null): void {
    const { columns, rows } = view;
    if (this.#image.width !== columns || this.#image.height !== rows) {
      this.#cells.canvas.width = columns;
      this.#cells.canvas.height = rows;
      this.#image = new ImageData(columns, rows);
    }
    paintCells(view, pictures, new Uint32Array(this.#image.data.buffer));
    this.#cells.putImageData(this.#image, 0, 0);
    this.#context.imageSmoothingEnabled = false;
    this.#context.clearRect(0, 0, this.width, this.height);
    this.#context.drawImage(this.#cells.canvas, 0, 0, this.width, this.height);
    if (view.cellPages === 1) this.#drawLines(columns, rows);
    if (marked !== null) this.#drawFrame(columns, rows, marked);
  }

  #drawLines(columns: number, rows: number): void {
    const width = this.width / columns;
    const height = this.height / rows;
    if (Math.min(width, height) < LINED_CELL_PX * devicePixelRatio) return;
    this.#context.fillStyle = this.#line;
    const thick = Math.max(1, Math.round(devicePixelRatio));
    for (let column = 1; column < columns; column++) {
      this.#context.fillRect(Math.round(column * width), 0, thick, this.height);
    }
    for (let row = 1; row < rows; row++) this.#context.fillRect(0, Math.round(row * height), this.width, thick);
  }

  #drawFrame(columns: number, rows: number, { x, y }: Point): void {
    const column = Math.min(Math.floor(x * columns), columns - 1);
    const row = Math.min(Math.floor(y * rows), rows - 1);
    const left = Math.round((column * this.width) / columns);
    const top = Math.round((row * this.height) / rows);
    const width = Math.round(((column + 1) * this.width) / columns) - left;
    const height = Math.round(((row + 1) * this.height) / rows) - top;
    const thick = 1.5 * devicePixelRatio;
    for (const [colour, gap] of [
      [this.#frame, thick / 2],
      [this.#halo, thick * 1.5],
    ] as const) {
      this.#context.lineWidth = thick;
      this.#context.strokeStyle = colour;
      this.#context.strokeRect(left - gap, top - gap, width + 2 * gap, height + 2 * gap);
    }
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no 2D canvas");
  return context;
}
