/** Takes files that a reader chooses in a field or drops on the page. */
import { messageOf } from "xen-balloon/core";
import { element } from "./elements.js";

/** The kinds of files. */
export interface FileUses {
  bootLog(text: string): void | Promise<void>;
  demand(text: string): void | Promise<void>;
  script(text: string): void | Promise<void>;
}

/** The largest file in bytes: a boot log has about 100 KiB, a week of demand by the second about 10 MiB. */
const MAX_FILE_BYTES = 2 ** 26;

/** @param attempt - runs an action, and shows its error. */
export function takeFiles(uses: FileUses, attempt: (work: () => Promise<unknown>) => Promise<void>): void {
  const take = (file: File, use: (text: string) => void | Promise<void>): void => {
    void attempt(async () => {
      if (file.size > MAX_FILE_BYTES) {
        throw new Error(`${file.name}: expected a file of at most ${MAX_FILE_BYTES / 2 ** 20} MiB`);
      }
      const text = await file.text();
      try {
        await use(text);
      } catch (error) {
        throw new Error(`${file.name}: ${messageOf(error)}`, { cause: error });
      }
    });
  };

  for (const [id, use] of [
    ["boot-log", uses.bootLog],
    ["demand", uses.demand],
    ["load", uses.script],
  ] as const) {
    const input = element(id, HTMLInputElement);
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) take(file, use);
      // the reader may choose the same file again
      input.value = "";
    });
  }

  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) take(file, (text) => useOf(file.name, text, uses)(text));
  });
}

function useOf(name: string, text: string, uses: FileUses): (text: string) => void | Promise<void> {
  if (/\.(csv|tsv|json)$/i.test(name)) return uses.demand;
  return name.toLowerCase().endsWith(".ops") || /^[ \t]*config[ \t]/m.test(text) ? uses.script : uses.bootLog;
}

/** Downloads a file to the reader. */
export function giveFile(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // the download holds the data itself once the click has been handled
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
