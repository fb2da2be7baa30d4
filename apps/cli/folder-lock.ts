/** Locks a folder for one study at a time: two would overwrite each other's results. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { messageOf } from "xen-balloon/core";
import { Failure } from "./failure.js";

const LOCK = "running.lock";

/**
 * Locks a folder; the lock of a process that has ended is taken over.
 *
 * @returns unlocks the folder.
 * @throws Failure: another study has it, or nothing can be written there
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  if (!take(file, folder)) {
    const holder = readHolder(file);
    if (holder !== null && !hasEnded(holder)) {
      throw new Failure(`${folder}: a study is running there (process ${holder}); if it is not, remove ${file}`);
    }
    rmSync(file, { force: true });
    if (!take(file, folder)) throw new Failure(`${folder}: another study has just begun there`);
  }
  return () => rmSync(file, { force: true });
}

function take(file: string, folder: string): boolean {
  try {
    writeFileSync(file, `${process.pid} on ${hostname()}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Failure(`${folder}: cannot be written to: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads the holder of a lock; null where it was just unlocked. */
function readHolder(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}

/** Returns true where the holder is a process of this machine that has ended; one that is killed leaves its lock. */
function hasEnded(holder: string): boolean {
  const [, pid, host] = /^(\d+) on (.+)$/.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  // a restarted container may give this process the same id
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
