/** The command as a user runs it: the built files, in a process of their own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const main: string = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
if (!existsSync(main)) throw new Error(`${main} is missing: npm run build makes it`);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function command(...args: readonly string[]): Ended {
  return spawn(process.execPath, [main, ...args]);
}

/** The command with a text on its standard input. */
export function fed(input: string, ...args: readonly string[]): Ended {
  return spawn(process.execPath, [main, ...args], input);
}

/** `node main …args` in a shell's pipe: `rest` is what follows it. The command's exit status is the end of stderr. */
export function piped(args: readonly string[], rest: string): Ended {
  return spawn("sh", ["-c", `{ "$@"; echo "status $?" >&2; } ${rest}`, "sh", process.execPath, main, ...args]);
}

function spawn(file: string, args: readonly string[], input = ""): Ended {
  const { error, status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8", maxBuffer: 2 ** 26, input });
  if (error) throw error;
  return { status, stdout, stderr };
}
