/** The script beside the views: what was done and what is to come; to be edited, run, and stepped through. */
import {
  CONFIG_KEYS,
  messageOf,
  OPERATIONS,
  operationForm,
  parseScript,
  plural,
  ScriptError,
  tellOption,
} from "xen-balloon/core";
import { element, field } from "./elements.js";
import type { Laboratory, LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";
import { Seldom } from "./seldom.js";
import { textOf } from "./session/messages.js";

/** The interval in ms at which the script on show follows what is done. */
const FOLLOW_MS = 400;
/** The most completions on show. */
const MOST_WORDS = 12;

const NAME = "the script";
const HELP = "An operation a line; # begins a comment. Ctrl and Space complete a word.";

export class ScriptView {
  readonly #laboratory: Laboratory;
  readonly #text = element("script", HTMLTextAreaElement);
  readonly #lines = element("script-lines", HTMLElement);
  readonly #mark = element("script-mark", HTMLElement);
  readonly #status = element("script-status", HTMLElement);
  readonly #help = element("script-help", HTMLElement);
  readonly #words = element("script-words", HTMLElement);
  readonly #run = element("script-run", HTMLButtonElement);
  readonly #step = element("script-step", HTMLButtonElement);
  readonly #revert = element("script-revert", HTMLButtonElement);
  readonly #operation = element("operation", HTMLFormElement);
  readonly #following = new Seldom(FOLLOW_MS);
  /** The text is a reader's, and not what was done. */
  #edited = false;
  /** How far the guest was when the script on show was asked for. */
  #followed = "";
  #lineCount = 0;
  /** The line with a mark, from 0, and whether it is wrong. */
  #marked: { readonly line: number; readonly wrong: boolean } | null = null;

  constructor(laboratory: Laboratory, attempt: Attempt) {
    this.#laboratory = laboratory;
    this.#text.addEventListener("input", () => this.#edit());
    this.#text.addEventListener("scroll", () => this.#place());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        (this.#words.firstElementChild as HTMLButtonElement | null)?.click();
      }
    });
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === this.#text) this.#explain();
    });
    this.#help.textContent = HELP;
    this.#run.addEventListener("click", () => attempt(this.#text, () => this.#start(false)));
    this.#step.addEventListener("click", () =>
      attempt(this.#text, () =>
        this.#edited || laboratory.state.phase !== "running" ? this.#start(true) : laboratory.step("operation"),
      ),
    );
    this.#revert.addEventListener("click", () => {
      this.#edited = false;
      this.#followed = "";
      this.#follow();
    });
    this.#operation.addEventListener("submit", (event) => {
      event.preventDefault();
      const line = this.#operation.elements.namedItem("line") as HTMLInputElement;
      void attempt(line, () => laboratory.perform(field(this.#operation, "line")));
    });
    const examples = Object.values(OPERATIONS).map(({ example, does }) => new Option(does, example));
    element("operations", HTMLDataListElement).append(...examples);
  }

  render({ phase, snapshot, restoring }: LaboratoryState): void {
    const booting = phase === "booting";
    this.#run.disabled = booting;
    const { program = null } = snapshot?.playback ?? {};
    const left = program !== null && program.done < program.of;
    this.#step.disabled =
      booting || restoring || (!this.#edited && phase === "running" && !left && snapshot?.now?.workDueMs == null);
    for (const control of this.#operation.elements) (control as HTMLInputElement).disabled = phase !== "running";
    this.#revert.hidden = !this.#edited;
    if (snapshot === null || this.#edited || booting || restoring || this.#text.offsetParent === null) return;
    const followed = `${snapshot.operations} of ${program?.name}, ${program?.done} of ${program?.of}`;
    if (followed === this.#followed) return;
    this.#followed = followed;
    this.#following.do(() => this.#follow());
  }

  /** Another guest is on show: its script replaces the edits. */
  reset(): void {
    this.#edited = false;
    this.#followed = "";
    this.#help.textContent = HELP;
    this.#words.replaceChildren();
  }

  /** Runs the script on show from its beginning. */
  async restart(): Promise<void> {
    const record = await this.#laboratory.script();
    if (record === null) throw new Error("there is no guest yet: boot one");
    await this.#laboratory.open({ script: textOf(record), name: NAME });
  }

  async #start(paused: boolean): Promise<void> {
    const script = this.#text.value.replaceAll("\r\n", "\n");
    try {
      await this.#laboratory.open({ script, name: NAME, paused });
    } catch (error) {
      if (error instanceof ScriptError && error.line !== null) this.#markLine(error.line - 1, true);
      throw error;
    }
  }

  async #follow(): Promise<void> {
    const record = await this.#laboratory.script().catch(() => null);
    if (record === null || this.#edited) return;
    const text = textOf(record);
    if (this.#text.value !== text) {
      const { scrollTop, scrollHeight, clientHeight } = this.#text;
      const atEnd = scrollHeight - scrollTop - clientHeight < 8;
      this.#text.value = text;
      this.#text.scrollTop = atEnd ? this.#text.scrollHeight : scrollTop;
      this.#number();
    }
    const left = record.rest.length;
    this.#status.textContent = `${plural(record.operations, "operation")} done${left === 0 ? "" : `, ${plural(left, "line")} to come`}`;
    this.#markLine(left === 0 ? null : record.done.split("\n").length - 1, false);
  }

  #edit(): void {
    this.#edited = true;
    this.#revert.hidden = false;
    this.#step.disabled = false;
    this.#status.textContent = "Edited: Run and Step boot the guest anew.";
    this.#number();
    this.#markLine(null, false);
    this.#explain();
  }

  /** Numbers the lines. */
  #number(): void {
    const count = this.#text.value.split("\n").length;
    if (count !== this.#lineCount) {
      this.#lineCount = count;
      this.#lines.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n");
    }
    this.#place();
  }

  #markLine(line: number | null, wrong: boolean): void {
    this.#marked = line === null ? null : { line, wrong };
    this.#mark.hidden = line === null;
    this.#mark.classList.toggle("wrong", wrong);
    this.#place();
  }

  /** Keeps numbers and mark beside their lines. */
  #place(): void {
    const { scrollTop } = this.#text;
    this.#lines.scrollTop = scrollTop;
    if (this.#marked === null) return;
    const { lineHeight, paddingTop } = getComputedStyle(this.#text);
    const top = Number.parseFloat(paddingTop) + this.#marked.line * Number.parseFloat(lineHeight) - scrollTop;
    // a style of its own, which the policy of the page lets a script set
    this.#mark.style.insetBlockStart = `${top}px`;
    this.#mark.hidden = top < 0 || top > this.#text.clientHeight;
  }

  /** Explains the line at the caret, and offers what it may go on with. */
  #explain(): void {
    const { value, selectionStart } = this.#text;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionStart);
    const line = value.slice(start, end < 0 ? undefined : end);
    const typed = value.slice(start, selectionStart);
    const { help, words } = line.trimStart().startsWith("config") ? aboutConfig(typed) : aboutOperation(line, typed);
    this.#help.textContent = this.#edited ? (problemOf(value) ?? help) : help;
    this.#words.replaceChildren(
      ...words.slice(0, MOST_WORDS).map(({ word, from, does }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = word;
        button.title = does;
        button.addEventListener("click", () => {
          this.#text.focus();
          this.#text.setRangeText(word, start + from, selectionStart, "end");
          this.#edit();
        });
        return button;
      }),
    );
  }
}

interface Word {
  readonly word: string;
  /** Its place in the line. */
  readonly from: number;
  readonly does: string;
}

function aboutConfig(typed: string): { help: string; words: readonly Word[] } {
  const from = Math.max(typed.lastIndexOf(" "), typed.lastIndexOf("\t")) + 1;
  const begun = typed.slice(from);
  const [name] = begun.split("=");
  const key = CONFIG_KEYS.find((each) => each.key === name);
  const help =
    key === undefined
      ? "config KEY=VALUE …: options of the guest and the machine."
      : `${key.key}: ${tellOption(key.option).replaceAll("`", "")}`;
  const fitting =
    begun.includes("=") || begun === "config" ? [] : CONFIG_KEYS.filter((each) => each.key.startsWith(begun));
  return {
    help,
    words: fitting.map(({ key: word, option }) => ({
      word: `${word}=`,
      from,
      does: option.sentence.replaceAll("`", ""),
    })),
  };
}

function aboutOperation(line: string, typed: string): { help: string; words: readonly Word[] } {
  const names = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];
  const words = line.trim().split(/[ \t]+/);
  const name = names.find((each) => each === words[0] || each === words.slice(0, 2).join(" "));
  const help =
    name === undefined ? HELP : `${operationForm(name)}. ${OPERATIONS[name].does} Answers ${OPERATIONS[name].answers}.`;
  const begun = typed.trimStart();
  const fitting = name === undefined && !line.startsWith("#") ? names.filter((each) => each.startsWith(begun)) : [];
  return {
    help,
    words: fitting.map((word) => ({ word, from: typed.length - begun.length, does: OPERATIONS[word].does })),
  };
}

/** The first mistake of a script; null for a right one. */
function problemOf(script: string): string | null {
  try {
    parseScript(script);
    return null;
  } catch (error) {
    // the list of all that there is, which the completions give
    return messageOf(error).replace(/; there are .*/s, "");
  }
}
