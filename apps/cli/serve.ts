/** `serve`: serves the laboratory, the package's own page, to browsers of this machine. */
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.js";
import { staticServer } from "./static-server.js";

/** Options of the command. */
export interface ServeOptions {
  /** A TCP port; 0: any that is free. */
  readonly port: number;
  readonly host: string;
}

const LABORATORY = fileURLToPath(new URL("../laboratory", import.meta.url));

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "no address of this machine",
  EACCES: "permission denied",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name cannot be looked up",
};

/**
 * Serves until SIGINT or SIGTERM; prints its address when it listens.
 *
 * @returns the exit status.
 * @throws Failure: the page is missing, or it cannot listen.
 */
export async function serve({ port, host }: ServeOptions): Promise<number> {
  // Node would listen on every address
  if (host === "") throw new Failure("host: expected a name or an address, got nothing");
  const page = join(LABORATORY, "index.html");
  if (!existsSync(page)) throw new Failure(`${page}: no such file; npm run build makes it`);
  const server = staticServer(LABORATORY);
  // handles signals before the address is printed: a reader of it may send one at once
  const told = firstOf("SIGINT", "SIGTERM");
  await listen(server, port, host);
  process.stdout.write(`${urlOf(server)}\n`);
  await told;
  server.close();
  server.closeAllConnections();
  return 0;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ""] ?? error.message;
      reject(new Failure(`cannot listen on ${authority(host, port)}: ${reason}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${authority(address, port)}/`;
}

function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Waits for one of the signals. It handles each once, so that a second one ends a process that does not end. */
function firstOf(...signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
}
