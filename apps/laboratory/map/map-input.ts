/** Turns the input of pointers, wheel and keyboard on the map into drags, pinches, zoom steps and keys. */
import type { Point } from "./map-range.js";

/** The actions on the map. Places and distances are fractions of the map's width and height. */
export interface MapActions {
  zoom(steps: number, at: Point): void;
  /** False: a wheel turned over the map scrolls the page instead. */
  canZoom(closer: boolean): boolean;
  dragStart(): void;
  /** A drag, with its distance since its start. */
  drag(distance: Point): void;
  dragEnd(): void;
  /** The pointer is over this place; null: it has left. */
  hover(at: Point | null): void;
  /** A click or tap that was no drag. */
  pick(at: Point): void;
  /** @returns false: not a key of the map. */
  key(key: string): boolean;
}

const DRAG_THRESHOLD_PX = 4;
/** A notch of a mouse wheel; a pinch on a touchpad comes as a wheel of small steps with Ctrl. */
const WHEEL_STEP_PX = 100;
const WHEEL_LINE_PX = 40;
const TOUCHPAD_PINCH_FACTOR = 8;
/** Fingers that are twice as far apart show a quarter of the pages. */
const STEPS_PER_DOUBLING = 2;

/** Listens from now on. */
export function listenToMap(canvas: HTMLCanvasElement, actions: MapActions): void {
  new Pointers(canvas, actions);

  let wheelPx = 0;
  canvas.addEventListener(
    "wheel",
    (event) => {
      const px = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : WHEEL_LINE_PX);
      if (!actions.canZoom(px < 0)) return;
      event.preventDefault();
      if (Math.sign(px) !== Math.sign(wheelPx)) wheelPx = 0;
      wheelPx += px * (event.ctrlKey ? TOUCHPAD_PINCH_FACTOR : 1);
      const steps = Math.trunc(wheelPx / WHEEL_STEP_PX);
      if (steps === 0) return;
      wheelPx -= steps * WHEEL_STEP_PX;
      actions.zoom(-steps, pointOn(canvas, event));
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", (event) => actions.zoom(1, pointOn(canvas, event)));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (actions.key(event.key)) event.preventDefault();
  });
}

/** Handles pointers: one drags, two pinch. */
class Pointers {
  readonly #canvas: HTMLCanvasElement;
  readonly #actions: MapActions;
  readonly #down = new Map<number, PointerEvent>();
  #start: PointerEvent | null = null;
  #dragging = false;
  #pinchStartPx = 0;
  #pinchSteps = 0;

  constructor(canvas: HTMLCanvasElement, actions: MapActions) {
    this.#canvas = canvas;
    this.#actions = actions;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#release(event));
    canvas.addEventListener("pointercancel", (event) => this.#release(event));
    canvas.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger leaves as soon as it is lifted: what it picked stays.
      if (this.#down.size === 0 && pointerType !== "touch") actions.hover(null);
    });
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, event);
    this.#endDrag();
    this.#start = this.#down.size === 1 ? event : null;
    this.#pinchStartPx = this.#spanPx();
    this.#pinchSteps = 0;
  }

  #move(event: PointerEvent): void {
    if (!this.#down.has(event.pointerId)) {
      if (this.#down.size === 0) this.#actions.hover(pointOn(this.#canvas, event));
      return;
    }
    this.#down.set(event.pointerId, event);
    if (this.#down.size === 2) this.#pinch();
    else if (this.#start !== null) this.#drag(this.#start, event);
  }

  #drag(start: PointerEvent, event: PointerEvent): void {
    const x = event.clientX - start.clientX;
    const y = event.clientY - start.clientY;
    if (!this.#dragging) {
      if (Math.hypot(x, y) < DRAG_THRESHOLD_PX) return;
      this.#dragging = true;
      this.#actions.dragStart();
    }
    const { width, height } = this.#canvas.getBoundingClientRect();
    this.#actions.drag({ x: x / width, y: y / height });
  }

  #pinch(): void {
    const [one, other] = [...this.#down.values()].map((event) => pointOn(this.#canvas, event));
    const steps = Math.round(Math.log2(this.#spanPx() / this.#pinchStartPx) * STEPS_PER_DOUBLING);
    if (!Number.isFinite(steps) || steps === this.#pinchSteps) return;
    this.#actions.zoom(steps - this.#pinchSteps, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
    this.#pinchSteps = steps;
  }

  #release(event: PointerEvent): void {
    if (!this.#down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && this.#start !== null && !this.#dragging) {
      this.#actions.pick(pointOn(this.#canvas, event));
    }
    this.#endDrag();
    this.#start = null;
  }

  #endDrag(): void {
    if (this.#dragging) this.#actions.dragEnd();
    this.#dragging = false;
  }

  /** Between the first two pointers. */
  #spanPx(): number {
    const [one, other] = this.#down.values();
    return other === undefined ? 0 : Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  }
}

function pointOn(canvas: HTMLCanvasElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}
