/** Builds the page from the laboratory and its views. */

import { messageOf } from "xen-balloon/core";
import { readDemand } from "../demand/read.js";
import { BootForm } from "./boot-form.js";
import { Charts } from "./charts/charts.js";
import { History } from "./charts/history.js";
import { ComparisonView } from "./comparison/comparison-view.js";
import { Controls } from "./controls.js";
import { element } from "./elements.js";
import { EventList } from "./events/event-list.js";
import { giveFile, takeFiles } from "./files.js";
import { Laboratory } from "./laboratory.js";
import { MemoryMap } from "./map/map-view.js";
import { Numbers } from "./numbers.js";
import type { Snapshot } from "./session/messages.js";
import { configLinesOf, decodeLink, encodeLink, fromFile, type LaboratoryState, toFile } from "./state.js";

/** The interval of snapshots in ms. A map and curves that are drawn more often look no smoother. */
const LOOK_MS = 50;

const status = element("status", HTMLElement);
const problem = element("problem", HTMLElement);
const timeLine = element("time-line", HTMLSelectElement);
const linkStatus = element("link-status", HTMLElement);
const demandProgress = element("demand-progress", HTMLElement);
const demandReading = element("demand-reading", HTMLElement);

const history = new History();
const numbers = new Numbers(element("numbers", HTMLDListElement));
const map = new MemoryMap(
  {
    canvas: element("map", HTMLCanvasElement),
    status: element("map-status", HTMLElement),
    legend: element("map-legend", HTMLTableElement),
    zoomIn: element("map-in", HTMLButtonElement),
    zoomOut: element("map-out", HTMLButtonElement),
    whole: element("map-whole", HTMLButtonElement),
  },
  {
    onRange: (range) => laboratory.session?.look(range),
    onInspect: (pfn) => laboratory.session?.inspect(pfn),
  },
);
const charts = new Charts({
  pages: element("chart-pages", HTMLElement),
  backOff: element("chart-back-off", HTMLElement),
  timeLine,
  summary: element("chart-summary", HTMLElement),
});
const events = new EventList({
  list: element("events", HTMLElement),
  earlier: element("events-earlier", HTMLElement),
  status: element("events-status", HTMLElement),
  filters: element("event-filters", HTMLFieldSetElement),
});
const laboratory = new Laboratory({ onBoot, onSnapshot, onPage: (detail) => map.showPage(detail) });
const controls = new Controls(laboratory, attempt);
const bootForm = new BootForm((config) => void attempt(() => laboratory.boot(config)));
new ComparisonView({
  run: element("comparison-run", HTMLButtonElement),
  save: element("comparison-save", HTMLButtonElement),
  progress: element("comparison-progress", HTMLElement),
  table: element("comparison", HTMLTableElement),
});

/** Runs an action and shows its error; the page goes on. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  // hides the message before the action, not after it, because another action may fail meanwhile
  problem.hidden = true;
  try {
    await work();
  } catch (error) {
    tell(messageOf(error));
  }
}

function tell(text: string): void {
  problem.textContent = text;
  problem.hidden = false;
}

function onBoot(pfnLimit: number): void {
  problem.hidden = true;
  history.clear();
  events.clear();
  map.setGuest(pfnLimit);
  controls.reset(pfnLimit);
  demandProgress.textContent = "";
  demandReading.textContent = "";
  linkStatus.textContent = "";
  status.textContent = "booting";
}

function onSnapshot(snapshot: Snapshot): void {
  history.add(snapshot.samples);
  events.add(snapshot.events);
  numbers.show(snapshot);
  controls.show(snapshot);
  charts.update(history);
  if (snapshot.census !== null) map.draw(snapshot.census);
  const { played, rows } = laboratory.player.progress;
  if (rows > 0) demandProgress.textContent = `${played} of ${rows} rows played`;
  const said = statusOf(snapshot);
  if (status.textContent !== said) status.textContent = said;
}

/** Announces only changes of state to a screen reader, not figures. */
function statusOf({ now, bug }: Snapshot): string {
  if (bug !== null) return `BUG_ON(${bug}): the guest has ended; boot another`;
  if (laboratory.replaying) return now === null ? "booting" : "replaying a script";
  if (now === null) return "no guest";
  if (now.creditPages === 0) return "the guest is at its target";
  return now.workDueMs === null || now.workDueMs <= now.nowMs ? "pages are on their way" : "waiting for the next try";
}

async function restore({ script, view }: LaboratoryState): Promise<void> {
  bootForm.config = configLinesOf(script);
  const replayed = laboratory.restore(script);
  map.show(view.pfn, view.pages);
  timeLine.value = view.timeLine;
  timeLine.dispatchEvent(new Event("change"));
  await replayed;
}

/** Plays the demand of one guest, because the page has one guest, and says how it was read. */
function playDemand(demand: string): void {
  const { guests, reading } = readDemand(demand);
  if (guests.length > 1) throw new Error(`expected the demand of one guest, got that of ${guests.length}`);
  laboratory.play(guests[0].points);
  demandReading.textContent = reading;
}

function stateNow(): LaboratoryState {
  if (laboratory.script === "") throw new Error("boot a guest first");
  const { pfn, pages } = map.range;
  const line = timeLine.value === "page" ? "page" : "virtual";
  return { script: laboratory.script, view: { pfn, pages, timeLine: line } };
}

takeFiles(
  {
    bootLog: (text) => {
      const missing = bootForm.readBootLog(text);
      if (missing !== "") throw new Error(missing);
    },
    demand: playDemand,
    script: (text) => restore(fromFile(text)),
  },
  attempt,
);
element("save", HTMLButtonElement).addEventListener("click", () => {
  void attempt(async () => giveFile("balloon.ops", "text/plain", toFile(stateNow())));
});
element("link", HTMLButtonElement).addEventListener("click", () => {
  void attempt(async () => {
    globalThis.history.replaceState(null, "", await encodeLink(stateNow()));
    // some browsers do not let a page write to the clipboard
    const copied = navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    linkStatus.textContent = (await copied)
      ? "Copied. It is this page's address now, too."
      : "It is this page's address now: copy it from there.";
  });
});

async function openLink(): Promise<void> {
  const state = await decodeLink(location.hash);
  if (state === null) await laboratory.boot(bootForm.config);
  else await restore(state);
}

let lookedMs = 0;
function frame(pageMs: number): void {
  requestAnimationFrame(frame);
  if (pageMs - lookedMs >= LOOK_MS) {
    lookedMs = pageMs;
    laboratory.session?.look(map.range);
  }
  void laboratory.tick(pageMs).catch((error: Error) => tell(error.message));
}

if (typeof WebAssembly === "undefined") {
  tell("This browser has no WebAssembly, or has been told not to use it: no guest can boot here.");
} else {
  addEventListener("hashchange", () => void attempt(openLink));
  void attempt(openLink);
  requestAnimationFrame(frame);
}
