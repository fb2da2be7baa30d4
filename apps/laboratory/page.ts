/** Builds the page from the laboratory and its views. */

import { plural, type Script } from "xen-balloon/core";
import { Address } from "./address.js";
import { BootForm } from "./boot-form.js";
import { BreakpointForm } from "./breakpoint-form.js";
import { Charts } from "./charts/charts.js";
import { History } from "./charts/history.js";
import { ComparisonView } from "./comparison/comparison-view.js";
import { programOfDemand } from "./demand-program.js";
import { element } from "./elements.js";
import { EventList } from "./events/event-list.js";
import { FaultList } from "./faults.js";
import { giveFile, takeFiles } from "./files.js";
import { asTerm, Explanations, listTerms, markTerms } from "./glossary/explanations.js";
import { isHostLink } from "./host/host-link.js";
import type { HostRoom } from "./host/host-room.js";
import { Laboratory, type LaboratoryState, type Opening } from "./laboratory.js";
import { MemoryMap } from "./map/map-view.js";
import { Notices } from "./notices.js";
import { Numbers } from "./numbers.js";
import { ScenarioList } from "./scenarios/scenario-list.js";
import { ScriptView } from "./script-view.js";
import { type Snapshot, textOf } from "./session/messages.js";
import { configLinesOf, decodeLink, fromFile, type LaboratoryState as SavedState, toFile } from "./state.js";
import { Tabs } from "./tabs.js";
import { Target } from "./target.js";
import { TimeLine } from "./timeline/time-line.js";
import { Transport } from "./transport.js";

/** The interval of snapshots in ms. A map and curves that are drawn more often look no smoother. */
const LOOK_MS = 50;

/** The name of a script that the form has made. */
const FORM = "the form";

const timeLine = element("time-line", HTMLSelectElement);
const linkStatus = element("link-status", HTMLElement);
const demandReading = element("demand-reading", HTMLElement);
const drawer = element("drawer", HTMLElement);
const eventsLast = element("events-last", HTMLElement);
const drawerToggle = element("drawer-toggle", HTMLButtonElement);

const notices = new Notices(element("problem", HTMLElement));
const { attempt } = notices;
const laboratory = new Laboratory({ onState, onGuest, onSnapshot, onPage: (detail) => map.showPage(detail) });
const history = new History();
const numbers = new Numbers(element("numbers", HTMLDListElement));
const map = new MemoryMap(
  {
    canvas: element("map", HTMLCanvasElement),
    status: element("map-status", HTMLElement),
    legend: element("map-legend", HTMLUListElement),
    range: element("map-range", HTMLElement),
    zoomIn: element("map-in", HTMLButtonElement),
    zoomOut: element("map-out", HTMLButtonElement),
    whole: element("map-whole", HTMLButtonElement),
    ruler: element("map-ruler", HTMLElement),
    overview: {
      slider: element("map-overview", HTMLElement),
      canvas: element("map-overview-cells", HTMLCanvasElement),
      window: element("map-window", HTMLElement),
    },
    goTo: element("map-goto", HTMLFormElement),
  },
  {
    onRange: () => {
      look();
      address.changed();
    },
    onInspect: (pfn) => laboratory.inspect(pfn),
    attempt,
  },
);
const charts = new Charts({
  charts: element("charts", HTMLElement),
  pages: element("chart-pages", HTMLElement),
  credit: element("chart-credit", HTMLElement),
  backOff: element("chart-back-off", HTMLElement),
  timeLine,
  closer: element("curves-in", HTMLButtonElement),
  farther: element("curves-out", HTMLButtonElement),
  whole: element("curves-whole", HTMLButtonElement),
  summary: element("chart-summary", HTMLElement),
  cursor: element("chart-cursor", HTMLElement),
  onPick: (nowMs) => past.goTo(nowMs),
});
const events = new EventList(
  {
    list: element("events", HTMLElement),
    shown: element("events-shown", HTMLElement),
    last: eventsLast,
    status: element("events-status", HTMLElement),
    filters: element("event-filters", HTMLFieldSetElement),
    search: element("events-search", HTMLInputElement),
    first: element("events-first", HTMLButtonElement),
    back: element("events-back", HTMLButtonElement),
    on: element("events-on", HTMLButtonElement),
    follow: element("events-follow", HTMLButtonElement),
    save: element("events-save", HTMLButtonElement),
  },
  (csv) => giveFile("events.csv", "text/csv", csv),
  (nowMs) => past.goTo(nowMs),
);
const scriptView = new ScriptView(laboratory, attempt);
const breakpoint = new BreakpointForm(laboratory, attempt);
const transport = new Transport(laboratory, attempt, () => scriptView.restart());
const target = new Target(laboratory, attempt);
const faults = new FaultList(laboratory, attempt);
const bootForm = new BootForm(attempt, (config) => laboratory.open({ script: `${config}\nboot\n`, name: FORM }));
const past = new TimeLine(laboratory, attempt, branch);
const scenarios = new ScenarioList(laboratory, attempt);
const address = new Address(
  laboratory,
  viewNow,
  () => (compared() ? comparison.saved : undefined),
  (problem) => {
    linkStatus.textContent = problem === "" ? "" : `The address cannot follow: ${problem}`;
  },
);
const comparison = new ComparisonView({
  attempt,
  formConfig: () => bootForm.config,
  script: async () => {
    const record = await laboratory.script();
    return record && textOf(record);
  },
  rest: standStill,
  onChange: () => address.changed(),
});
const panels = new Tabs(document.querySelector("[role=tablist]") as HTMLElement);
panels.onChange = () => scriptView.render(laboratory.state);

// what scrolls or has keys of its own must be reached by the keyboard
for (const id of ["charts", "events", "compare-curves", "compare-outcome", "results", "host-charts"])
  element(id, HTMLElement).tabIndex = 0;

new Explanations();
for (const term of document.querySelectorAll<HTMLElement>("[data-term]")) asTerm(term);
markTerms(document.querySelectorAll("#numbers dt, #map-legend li, .figures h2, #target-head"));
listTerms(element("glossary", HTMLDListElement));

function onState(state: LaboratoryState): void {
  document.body.dataset.phase = state.phase;
  const views = [transport, target, numbers, map, charts, faults, bootForm, scriptView, breakpoint, scenarios, past];
  for (const view of views) view.render(state);
}

function onGuest({ config: { guest } }: Script, { script, name }: Opening): void {
  history.clear();
  charts.reset();
  charts.update(history);
  events.clear();
  target.reset(guest.pfnLimit);
  scriptView.reset();
  scenarios.reset(name);
  map.setGuest(guest.pfnLimit);
  // a reader may have written in the form since it booted this one
  if (name !== FORM) bootForm.config = configLinesOf(script);
  demandReading.textContent = "";
  linkStatus.textContent = "";
  address.reset();
}

function onSnapshot(snapshot: Snapshot): void {
  // the curves end at the present, wherever the reader looks
  history.add(snapshot.samples, snapshot.past === null ? snapshot.now : null);
  events.add(snapshot.events);
  charts.update(history);
  const markedMs = snapshot.past === null ? null : (snapshot.now?.nowMs ?? null);
  charts.mark(markedMs);
  events.mark(markedMs);
  if (snapshot.census !== null && snapshot.overview !== null) map.draw(snapshot.census, snapshot.overview);
  if (snapshot.playback.failure !== null) notices.show(null, snapshot.playback.failure);
  if (snapshot.past === null) address.follow(snapshot.operations, snapshot.now?.nowMs ?? 0);
}

function look(): void {
  // a map out of sight is not drawn
  const [range, overview] = element("guest", HTMLElement).hidden ? [null, null] : [map.range, map.overviewRange];
  if (!comparison.measuring) laboratory.look(range, overview);
}

function viewNow(): SavedState["view"] {
  const { pfn, pages } = map.range;
  return { pfn, pages, timeLine: timeLine.value === "page" ? "page" : "virtual" };
}

const places = {
  guest: element("show-guest", HTMLButtonElement),
  compare: element("show-compare", HTMLButtonElement),
  host: element("show-host", HTMLButtonElement),
};
/** The host view: its script comes when a reader first goes there. */
let room: Promise<HostRoom> | null = null;

/** Whether the comparison is on show. */
function compared(): boolean {
  return !element("compare", HTMLElement).hidden;
}

/** Brings the guest, the comparison or the host into sight. */
function showPlace(shown: keyof typeof places): void {
  document.body.dataset.place = shown;
  for (const [place, button] of Object.entries(places)) {
    element(place, HTMLElement).hidden = place !== shown;
    if (place === shown) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  address.isOfHost = shown === "host";
  address.changed();
}

function showHost(): Promise<HostRoom> {
  showPlace("host");
  room ??= import("./host/host-room.js").then(({ HostRoom }) => new HostRoom(notices));
  return room;
}
places.host.addEventListener("click", () => void attempt(places.host, async () => (await showHost()).begin()));
places.guest.addEventListener("click", () => {
  showPlace("guest");
  // a link to a host has booted none
  if (laboratory.state.phase === "none") void attempt(places.guest, openForm);
});
places.compare.addEventListener("click", () => {
  showPlace("compare");
  void attempt(places.compare, () => comparison.begin());
});

/** Shows what a file or a link has: the same guest, at which time stands still, and the comparison. */
async function restore({ script, view, comparison: saved }: SavedState, name: string): Promise<void> {
  const { pfn, pages, done = Number.POSITIVE_INFINITY, holds = [] } = view;
  await laboratory.open({ script, name, done, holds });
  map.show(pfn, pages);
  timeLine.value = view.timeLine;
  timeLine.dispatchEvent(new Event("change"));
  showPlace(saved === undefined ? "guest" : "compare");
  if (saved !== undefined) await comparison.restore(saved);
}

/** Goes on from the past; the reader looks at the same pages. */
async function branch(): Promise<void> {
  const { pfn, pages } = map.range;
  await laboratory.branch();
  map.show(pfn, pages);
}

/** Plays the demand of one guest, because the page has one guest, and says how it was read. */
async function playDemand(text: string, name: string): Promise<void> {
  const { program, reading } = programOfDemand(text, name);
  await laboratory.play(program);
  demandReading.textContent = `${name}, ${plural(program.items.length, "row")}: ${reading}`;
}

/** Time stands still on the guest. @returns lets it go on as it did */
async function standStill(): Promise<() => void> {
  const { playing, phase } = laboratory.state;
  if (!playing || phase !== "running") return () => undefined;
  await laboratory.setPlaying(false);
  return () => void laboratory.setPlaying(true).catch(() => undefined);
}

function openDrawer(open: boolean): void {
  drawer.hidden = !open;
  eventsLast.hidden = open;
  drawerToggle.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("drawer-open", open);
  events.draw();
}
drawerToggle.addEventListener("click", () => openDrawer(drawer.hidden !== false));

takeFiles(
  {
    bootLog: (text) => {
      const missing = bootForm.readBootLog(text);
      if (missing !== "") throw new Error(missing);
    },
    demand: playDemand,
    script: (text, name) => restore(fromFile(text), name),
    compared: (text, name) => comparison.takeFile(text, name),
  },
  attempt,
  (field) => panels.show(field.closest("[role=tabpanel]")?.id ?? ""),
);
const save = element("save", HTMLButtonElement);
save.addEventListener("click", () => {
  void attempt(save, async () => giveFile("balloon.ops", "text/plain", toFile(await address.state())));
});
const link = element("link", HTMLButtonElement);
link.addEventListener("click", () => {
  void attempt(link, async () => {
    await address.write();
    // some browsers do not let a page write to the clipboard
    const copied = navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    linkStatus.textContent = (await copied)
      ? "Copied. It is this page's address, too."
      : "It is this page's address: copy it from there.";
  });
});
timeLine.addEventListener("change", () => address.changed());

function openForm(): Promise<void> {
  return laboratory.open({ script: `${bootForm.config}\nboot\n`, name: FORM });
}

async function openLink(): Promise<void> {
  if (isHostLink(location.hash)) {
    const { hash } = location;
    await (await showHost()).openLink(hash);
    return;
  }
  const state = await decodeLink(location.hash);
  if (state === null) await openForm();
  else await restore(state, "the link");
}

let lookedMs = 0;
function frame(pageMs: number): void {
  requestAnimationFrame(frame);
  if (pageMs - lookedMs < LOOK_MS) return;
  lookedMs = pageMs;
  look();
}

onState(laboratory.state);
if (typeof WebAssembly === "undefined") {
  notices.show(null, "This browser has no WebAssembly, or has been told not to use it: no guest can boot here.");
} else {
  const boot = element("boot", HTMLFormElement).querySelector("button") as HTMLButtonElement;
  addEventListener("hashchange", () => void attempt(boot, openLink));
  void attempt(boot, openLink);
  requestAnimationFrame(frame);
}
