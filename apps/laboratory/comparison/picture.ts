/** Draws the curves of a comparison as one picture: with a title, a legend, and the axes as they are on the page. */
import { customColour } from "../colour-scheme.js";
import { LEGEND } from "./comparison-charts.js";

const MARGIN_PX = 16;
const TITLE_PX = 26;
const LINE_PX = 20;
const SAMPLE_PX = 28;
const GAP_PX = 18;
const FONT = "system-ui, sans-serif";

/** The texts of a picture, besides its curves. */
export interface Frame {
  readonly title: string;
  /** Lines below the title. */
  readonly lines: readonly string[];
  /** The colour of the ground. */
  readonly paper: string;
}

/** @param canvases - rows of two, all of the same widths. */
export async function pictureOf(canvases: readonly HTMLCanvasElement[], { title, lines, paper }: Frame): Promise<Blob> {
  const ratio = devicePixelRatio;
  const rows = Array.from({ length: canvases.length / 2 }, (_, row) => canvases.slice(2 * row, 2 * row + 2));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].width)) / ratio);
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)) / ratio);
  const head = MARGIN_PX + TITLE_PX + (lines.length + 1) * LINE_PX;
  const picture = document.createElement("canvas");
  const width = widths[0] + widths[1] + 2 * MARGIN_PX;
  picture.width = Math.ceil(width * ratio);
  picture.height = Math.ceil((head + heights.reduce((sum, height) => sum + height + GAP_PX, 0) + MARGIN_PX) * ratio);
  const context = picture.getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas to draw on");
  context.scale(ratio, ratio);
  context.fillStyle = paper;
  context.fillRect(0, 0, picture.width, picture.height);
  const ink = customColour("--chart-ink");
  context.fillStyle = ink;
  context.textBaseline = "top";
  context.font = `600 16px ${FONT}`;
  context.fillText(title, MARGIN_PX, MARGIN_PX);
  context.font = `12px ${FONT}`;
  let top = MARGIN_PX + TITLE_PX;
  for (const line of lines) {
    context.fillText(line, MARGIN_PX, top);
    top += LINE_PX;
  }
  drawLegend(context, top, ink);
  top = head;
  for (const [i, row] of rows.entries()) {
    let left = MARGIN_PX;
    for (const [column, canvas] of row.entries()) {
      context.drawImage(canvas, left, top, canvas.width / ratio, canvas.height / ratio);
      left += widths[column];
    }
    top += heights[i] + GAP_PX;
  }
  return new Promise((resolve, reject) => {
    picture.toBlob(
      (blob) => (blob === null ? reject(new Error("the picture is too large")) : resolve(blob)),
      "image/png",
    );
  });
}

function drawLegend(context: CanvasRenderingContext2D, top: number, ink: string): void {
  let left = MARGIN_PX;
  context.lineWidth = 2;
  for (const { label, property, dash } of LEGEND) {
    context.strokeStyle = customColour(property);
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(left, top + LINE_PX / 2 - 3);
    context.lineTo(left + SAMPLE_PX, top + LINE_PX / 2 - 3);
    context.stroke();
    left += SAMPLE_PX + 6;
    context.fillStyle = ink;
    context.fillText(label, left, top);
    left += context.measureText(label).width + GAP_PX;
  }
  context.setLineDash([]);
}
