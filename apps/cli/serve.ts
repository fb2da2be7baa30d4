/** `serve`: serves the laboratory, the package's own page, to browsers of this machine. */
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.js";
import { isLoopback, staticServer } from "./static-server.js";

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

/** The addresses that stand for all of a machine's. */
const EVERY = new Set(["0.0.0.0", "::"]);

/**
 * Serves until SIGINT or SIGTERM; prints its addresses when it listens, and on stderr whom it answers beyond this machine.
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
  process.stdout.write(
    urlsOf(server)
      .map((url) => `${url}\n`)
      .join(""),
  );
  if (!isLoopback(server)) {
    process.stderr.write(
      "xen-balloon: other machines can open the laboratory; the Host check against DNS rebinding is off, since they may know this machine by any name\n",
    );
  }
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

/** The addresses at which a browser finds the page: of a server on all addresses those that the machine has. */
function urlsOf(server: Server): string[] {
  const { address, port } = server.address() as AddressInfo;
  const families = address === "::" ? ["IPv4", "IPv6"] : ["IPv4"];
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    // a browser cannot open an address with a zone
    .filter(({ family, scopeid }) => families.includes(family) && !scopeid)
    .map((each) => each.address);
  const addresses = EVERY.has(address) && found.length > 0 ? found : [address];
  return addresses.map((each) => `http://${authority(each, port)}/`);
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
