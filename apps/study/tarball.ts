/** Unpacks the tarball of a package into a temporary folder, with the tar of the system. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { messageOf } from "xen-balloon/core";

/** A tarball that was unpacked. */
export interface Unpacked {
  /** The temporary folder, which its user removes. */
  readonly folder: string;
  /** The folder of the package: in `npm pack` all files are in one folder, which is left out here. */
  readonly root: string;
}

/** The package has some 10 MiB; a file that unpacks to more is none. */
const MOST_BYTES = 2 ** 28;

/**
 * @throws Error: it is no tarball, or has an entry that is no file of its own folder. Nothing is left then.
 */
export function unpack(tarball: string): Unpacked {
  const archive = plain(tarball);
  const outside = tar(tarball, ["-tf", "-"], archive, tmpdir()).split("\n").find(isOutside);
  if (outside !== undefined) throw new Error(`${tarball}: expected files of one folder, got the entry ${outside}`);
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-build-"));
  try {
    // -o: the files are the user's, root's too
    tar(tarball, ["-xof", "-"], archive, folder);
    const link = linkIn(folder);
    if (link !== null) throw new Error(`${tarball}: expected files and folders, got the link ${link}`);
    const top = readdirSync(folder, { withFileTypes: true });
    const root = top.length === 1 && top[0].isDirectory() ? join(folder, top[0].name) : folder;
    return { folder, root };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Reads a tarball, and unpacks its compression: tar does not do that for what comes through a pipe. */
function plain(tarball: string): Buffer {
  try {
    const bytes = readFileSync(tarball);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
  } catch (error) {
    throw new Error(`${tarball}: expected a tarball: ${messageOf(error)}`, { cause: error });
  }
}

/** Runs tar. The archive comes through a pipe: GNU tar takes a path with a colon for another host's. */
function tar(tarball: string, args: readonly string[], input: Buffer, cwd: string): string {
  const { error, status, stdout, stderr } = spawnSync("tar", args, { input, cwd, maxBuffer: MOST_BYTES });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
    throw new Error(`${tarball}: expected tar on the path, which unpacks it, got none: give the folder of the build`);
  }
  if (status === 0) return stdout.toString("utf8");
  const [why] = stderr.toString("utf8").trim().split("\n");
  throw new Error(`${tarball}: expected a tarball: ${why || error?.message}`);
}

/** Whether the name of an entry leads out of the folder into which it is unpacked. */
function isOutside(name: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes("..");
}

/** Returns the name of a link, or of anything else that is no file or folder; null if there is none. */
function linkIn(folder: string): string | null {
  // readdir's own recursion follows links in newer versions of Node
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const found = entry.isDirectory() ? linkIn(join(folder, entry.name)) : entry.isFile() ? null : entry.name;
    if (found !== null) return found;
  }
  return null;
}
