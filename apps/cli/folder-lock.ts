/**
 * One study at a time measures into a folder: two would write over what the other has measured.
 *
 * The lock is a file that names its holder. A holder that was killed leaves it behind, and exactly one heir may replace
 * it: the one that creates the file named after that holder. Creating fails where the file exists, and no two holders
 * have the same text. An heir that was killed has left such a file, and is inherited from in the same way.
 */
import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { drain, messageOf } from "xen-balloon/core";
import { Failure } from "./failure.js";

const LOCK = "running.lock";

/** A process that wants the folder. */
export interface Claimant {
  /** The text that it writes into the lock. No other lock has the same text. */
  readonly text: string;
  /** Whether the process that wrote `text` into a lock has ended. False where this cannot be known. */
  hasEnded(text: string): boolean;
}

/** Locks that this process holds. */
const held = new Set<string>();

/**
 * Locks a folder; the lock of a process that has ended is taken over.
 *
 * @returns unlocks the folder.
 * @throws Failure: another study has it, or nothing can be written there
 */
export function lockFolder(folder: string): () => void {
  const text = `${process.pid} on ${hostname()}\n${randomUUID()}\n`;
  const release = drain(locking(folder, { text, hasEnded }));
  held.add(text);
  return () => {
    held.delete(text);
    release();
  };
}

/**
 * The same, pausing before each step on the disk: whatever other processes do there may come between.
 *
 * @throws Failure as lockFolder
 */
export function* locking(folder: string, { text, hasEnded }: Claimant): Generator<undefined, () => void> {
  const file = join(folder, LOCK);
  const release = (): void => {
    if (read(file) === text) remove(file);
  };
  for (;;) {
    yield;
    if (create(file, text)) return release;
    yield;
    const holder = read(file);
    // it has just been given free
    if (holder === null) continue;
    if (!hasEnded(holder)) {
      const [name] = holder.split("\n");
      throw new Failure(`${folder}: a study is running there (process ${name}); if it is not, remove ${file}`);
    }
    const claims = yield* claim(folder, holder, { text, hasEnded });
    const own = claims.pop();
    if (own === undefined) continue;
    yield;
    // a holder read long ago may have had its heir, who has removed the claims
    if (read(file) !== holder) {
      yield;
      remove(own);
      continue;
    }
    yield;
    renameSync(own, file);
    for (const passed of claims) {
      yield;
      remove(passed);
    }
    return release;
  }
}

/**
 * Claims what an ended holder has left, or the last of its heirs that have ended, too.
 *
 * @returns the files of those heirs' claims and, last, of our own; none where one of them has gone meanwhile.
 */
function* claim(folder: string, holder: string, { text, hasEnded }: Claimant): Generator<undefined, string[]> {
  const claims: string[] = [];
  for (let last = holder; ; ) {
    const file = join(folder, `${LOCK}.${createHash("sha256").update(last).digest("hex").slice(0, 16)}`);
    claims.push(file);
    yield;
    if (create(file, text)) return claims;
    yield;
    const heir = read(file);
    if (heir === null) return [];
    if (!hasEnded(heir)) throw new Failure(`${folder}: another study has just begun there`);
    last = heir;
  }
}

/** False where the file exists. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Failure(`${dirname(file)}: cannot be written to: ${messageOf(error)}`, { cause: error });
  }
}

/** Null where the file does not exist. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function remove(file: string): void {
  rmSync(file, { force: true });
}

/** Tells whether the process that wrote the text has ended. A process of another machine counts as running. */
function hasEnded(text: string): boolean {
  const [, pid, host] = /^(\d+) on (.+)$/m.exec(text) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  // the same number, in a container started anew
  if (Number(pid) === process.pid) return !held.has(text);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
