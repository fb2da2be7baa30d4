/** Redis for tests: Debian's server, or the one that REDIS_SERVER names, on a free port of this machine. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensureProgram } from "./debian.js";
import { freePort } from "./free-port.js";

const SERVER: string = process.env.REDIS_SERVER ?? "/usr/bin/redis-server";

/** Installs it where CI=true; elsewhere says what is skipped without it. True where it is there in the end. */
export function ensureRedis(): boolean {
  if (existsSync(SERVER)) return true;
  const installed = ensureProgram(SERVER, ["redis-server"], "what needs Redis (or the one that REDIS_SERVER names)");
  // Debian starts what it installs
  if (installed) execFileSync("sh", ["-c", "service redis-server stop || true"], { stdio: "ignore" });
  return installed;
}

/** A server of its own; data that is kept is written at once. */
export class RedisServer {
  readonly port: number;
  readonly #directory: string = mkdtempSync(join(tmpdir(), "xen-balloon-redis-"));
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, options: readonly string[]) {
    this.port = port;
    this.#options = options;
  }

  /** @param options - of its command line, as in `--appendonly yes`. */
  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#directory, "--save", ""];
    const child = spawn(SERVER, [...args, "--appendfsync", "always", ...this.#options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("Ready to accept connections")) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`${SERVER} ended with ${child.exitCode}`);
  }

  /** Kills the server, to simulate a crash. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** It hangs: connections stay open, and nothing is answered. */
  stop(): void {
    this.#process?.kill("SIGSTOP");
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true });
  }
}
