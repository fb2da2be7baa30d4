/** Takes files that a reader chooses in a field or drops on the page. */
import { messageOf } from "xen-balloon/core";
import { element } from "./elements.js";
import type { Attempt } from "./notices.js";

/** Uses a file. */
type Use = (text: string, name: string) => void | Promise<void>;

/** The kinds of files. */
export interface FileUses {
  readonly bootLog: Use;
  readonly demand: Use;
  readonly script: Use;
  /** A script or a demand for the comparison, which gets what is dropped while it is on show. */
  readonly compared: Use;
}

/** The largest file in bytes: a boot log has about 100 KiB, a week of demand by the second about 10 MiB. */
const MAX_FILE_BYTES = 2 ** 26;

/** @param show - brings the field of a kind of file into sight, where a file was dropped. */
export function takeFiles(uses: FileUses, attempt: Attempt, show: (field: HTMLElement) => void): void {
  const take = (file: File, use: Use, input: HTMLElement): void => {
    void attempt(input, async () => {
      if (file.size > MAX_FILE_BYTES) {
        throw new Error(`${file.name}: expected a file of at most ${MAX_FILE_BYTES / 2 ** 20} MiB`);
      }
      const text = await file.text();
      try {
        await use(text, file.name);
      } catch (error) {
        throw new Error(`${file.name}: ${messageOf(error)}`, { cause: error });
      }
    });
  };

  const fields = { bootLog: "boot-log", demand: "demand", script: "load", compared: "compare-file" } as const;
  for (const [kind, id] of Object.entries(fields) as [keyof FileUses, string][]) {
    const input = element(id, HTMLInputElement);
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) take(file, uses[kind], input);
      // the reader may choose the same file again
      input.value = "";
    });
  }

  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined) return;
    void file.text().then((text) => {
      const kind = element("compare", HTMLElement).hidden ? kindOf(file.name, text) : "compared";
      const input = element(fields[kind], HTMLInputElement);
      show(input);
      take(file, uses[kind], input);
    });
  });
}

/** The kind of a file, by its name or else by what is in it. */
export function kindOf(name: string, text: string): "bootLog" | "demand" | "script" {
  if (/\.(csv|tsv|json)$/i.test(name)) return "demand";
  return name.toLowerCase().endsWith(".ops") || /^[ \t]*config[ \t]/m.test(text) ? "script" : "bootLog";
}

/** Downloads a file to the reader. */
export function giveFile(name: string, type: string, content: string | Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // the download holds the data itself once the click has been handled
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
