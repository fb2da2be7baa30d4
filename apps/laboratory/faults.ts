/** The faults: each is a state that holds until it is switched off, and says what it does. */
import { FAULTS, type FaultName, grouped, U32_MAX } from "xen-balloon/core";
import { element } from "./elements.js";
import type { Laboratory, LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";
import type { FaultsState, HoldName } from "./session/messages.js";

const HOLDS: Readonly<Record<HoldName, { readonly title: string; readonly does: string }>> = {
  host: {
    title: "The host has no memory left",
    does: "Other domains take every free frame, as soon as one is free. Off: they give all they hold back.",
  },
  guest: {
    title: "The guest has no page to spare",
    does: "Someone else in the guest takes every free page, as soon as one is free. Off: all pages taken go back.",
  },
};

/** The injected faults in the order of the list; the rest are rare. */
const INJECTED: readonly {
  readonly name: FaultName;
  readonly title: string;
  readonly amount: number;
  readonly rare?: true;
}[] = [
  { name: "partial", title: "Xen grants only a part", amount: 100 },
  { name: "populate", title: "Xen refuses to populate", amount: 0 },
  { name: "decrease", title: "Xen refuses to take pages", amount: -1, rare: true },
  { name: "vaMapping", title: "Xen refuses to map", amount: -22, rare: true },
  { name: "addMemory", title: "Hotplug fails", amount: -17, rare: true },
];

/** A row of the list. */
interface Row {
  readonly fields: HTMLFieldSetElement;
  readonly box: HTMLInputElement;
  readonly isOn: (faults: FaultsState) => boolean;
  /** Shows the fault's number, unless a reader is writing it. */
  readonly show: (faults: FaultsState) => void;
}

export class FaultList {
  readonly #rows: readonly Row[];
  readonly #cpu: HTMLFieldSetElement;
  readonly #cpuField: HTMLInputElement;
  #changing = false;

  constructor(laboratory: Laboratory, attempt: Attempt) {
    const list = element("faults", HTMLElement);
    const rare = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Rare ones";
    rare.append(summary);
    const change = (box: HTMLInputElement, work: () => Promise<unknown>): void => {
      this.#changing = true;
      void attempt(box, work).then(() => {
        this.#changing = false;
      });
    };

    const holds = (Object.keys(HOLDS) as HoldName[]).map((name): Row => {
      const { fields, box } = row(HOLDS[name].title, HOLDS[name].does);
      box.id = `${name}-full`;
      box.addEventListener("change", () => change(box, () => laboratory.hold(name, box.checked)));
      list.append(fields);
      return { fields, box, isOn: (faults) => faults.holds[name], show: () => undefined };
    });
    const injected = INJECTED.map(({ name, title, amount, rare: seldom }): Row => {
      const kind = FAULTS[name];
      const { fields, box } = row(title, lasting(kind.sentence));
      box.id = `fault-${name}`;
      const field = numberField(kind.amount === "rc" ? "answer" : kind.amount, amount, kind.from, kind.to);
      const line = (times: number): string => `${kind.operation} ${field.value} ${times}`;
      box.addEventListener("change", () => change(box, () => laboratory.perform(line(box.checked ? U32_MAX : 0))));
      field.addEventListener("change", () => {
        if (box.checked) change(box, () => laboratory.perform(line(U32_MAX)));
      });
      const left = document.createElement("span");
      left.className = "hint";
      field.setAttribute("aria-label", `${title}: ${kind.amount === "rc" ? "the answer" : "extents"}`);
      fields.querySelector("label")?.after(field);
      fields.append(left);
      (seldom ? rare : list).append(fields);
      const show = (faults: FaultsState): void => {
        const fault = faults.injected[name];
        if (fault !== undefined && document.activeElement !== field) field.value = String(fault.amount);
        const finite = fault !== undefined && fault.times < U32_MAX / 2;
        left.textContent = finite ? `in the next ${grouped(fault.times)} calls` : "";
      };
      return { fields, box, isOn: (faults) => faults.injected[name] !== undefined, show };
    });
    this.#rows = [...holds, ...injected];

    this.#cpu = document.createElement("fieldset");
    this.#cpu.className = "fault";
    this.#cpuField = numberField("CPU", 0, 0, 63);
    this.#cpuField.id = "on-cpu";
    this.#cpuField.addEventListener("change", () => {
      change(this.#cpuField, () => laboratory.perform(`on_cpu ${this.#cpuField.value}`));
    });
    const does = document.createElement("p");
    does.className = "hint";
    does.textContent = "A CPU without a scratch page is a BUG at the next batch of a pv guest: cpu_up gives it one.";
    this.#cpu.append(labelled(this.#cpuField, "The driver runs on CPU"), does);
    list.append(this.#cpu, rare);
  }

  render({ phase, snapshot }: LaboratoryState): void {
    const off = phase !== "running" || snapshot === null;
    for (const { fields, box, isOn, show } of this.#rows) {
      if (fields.disabled !== off) fields.disabled = off;
      if (snapshot === null) box.checked = false;
      if (snapshot === null || this.#changing) continue;
      box.checked = isOn(snapshot.faults);
      show(snapshot.faults);
    }
    this.#cpu.disabled = off;
    if (snapshot !== null && !this.#changing && document.activeElement !== this.#cpuField) {
      this.#cpuField.value = String(snapshot.faults.cpu);
    }
  }
}

/** The sentence of a fault that lasts. */
function lasting(sentence: string): string {
  return sentence
    .replace("The next `times` calls", "All calls")
    .replace("`extents` extents", "so many extents")
    .replaceAll("`rc`", "this");
}

function row(title: string, does: string): { fields: HTMLFieldSetElement; box: HTMLInputElement } {
  const fields = document.createElement("fieldset");
  fields.className = "fault";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("role", "switch");
  const label = document.createElement("label");
  label.className = "switch";
  label.append(box, ` ${title}`);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = does;
  fields.append(label, hint);
  return { fields, box };
}

function numberField(name: string, value: number, from: number, to: number): HTMLInputElement {
  const field = document.createElement("input");
  field.type = "number";
  field.name = name;
  field.min = String(from);
  field.max = String(to);
  field.step = "1";
  field.required = true;
  field.value = String(value);
  return field;
}

function labelled(field: HTMLInputElement, text: string): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "inline";
  label.append(`${text} `, field);
  return label;
}
