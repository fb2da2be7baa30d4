/** Serves the files of one folder over HTTP, read-only, to a page that is isolated from every other origin. */
import { realpath } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { type AddressInfo, BlockList, isIP } from "node:net";
import { join, sep } from "node:path";
import type { Duplex } from "node:stream";
import send from "send";

/** The page runs code of its own files alone, may compile Wasm, sends nothing elsewhere, and cannot be framed. */
const POLICY: readonly string[] = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** The headers of every response, errors included. The first two isolate the page, which shared memory requires. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy": POLICY.join("; "),
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

const READ_ONLY: Readonly<Record<string, string>> = { Allow: "GET, HEAD" };

/** A request target in absolute form (RFC 9112, 3.2.2): its authority is the host, whatever the header Host says. */
const ABSOLUTE = /^http:\/\/([^/?]*)(.*)$/i;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** @returns a server of the folder's files, not listening yet. A link that leads out of the folder is not followed. */
export function staticServer(folder: string): Server {
  // false: Node would answer requests without Host itself, without our headers
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answer(server, folder, request, response).catch(() => refuse(response, 500));
  });
  server.on("checkExpectation", (_request, response: ServerResponse) => refuse(response, 417));
  server.on("connect", (_request, socket) => {
    // Node no longer watches this socket: nobody else handles its errors, and the client may never end it
    socket.on("error", () => socket.destroy()).on("finish", () => socket.destroy());
    refuseRaw(socket, 405, READ_ONLY);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuseRaw(socket, UNREADABLE[error.code ?? ""] ?? 400);
  });
  return server;
}

async function answer(
  server: Server,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers, url = "" } = request;
  const [, host = headers.host ?? "", target = url] = ABSOLUTE.exec(url) ?? [];
  // DNS rebinding: a foreign name that resolves to this address would let its page read ours
  if (isLoopback(server) && !isLocal(host)) return refuse(response, 421);
  if (method !== "GET" && method !== "HEAD") return refuse(response, 405, READ_ONLY);
  const [path] = target.split("?");
  const name = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  if (!(await isInside(folder, name))) return refuse(response, 404);
  for (const [header, value] of Object.entries(HEADERS)) response.setHeader(header, value);
  send(request, name, { root: folder, dotfiles: "ignore", acceptRanges: false, cacheControl: false })
    .on("error", ({ status }: { status: number }) => refuse(response, status === 412 || status === 500 ? status : 404))
    .on("directory", () => refuse(response, 404))
    .pipe(response);
}

/** Returns true where the path, with all links followed, names something in the folder. */
async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, decodeURIComponent(path)))]);
    return file.startsWith(root + sep);
  } catch {
    // malformed, a NUL in it, not there, not to be read
    return false;
  }
}

/** True: only this machine reaches the server, and a request must name it so. The server must listen. */
export function isLoopback(server: Server): boolean {
  return isLoopbackAddress((server.address() as AddressInfo).address);
}

/** Returns true for `localhost` and loopback addresses, with a port or without. */
function isLocal(host: string): boolean {
  const [, name, address] = /^(\[(.*)\]|[^[:]*)(?::\d{0,5})?$/.exec(host) ?? [];
  return name?.toLowerCase() === "localhost" || isLoopbackAddress(address ?? name ?? "");
}

function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? "ipv6" : "ipv4");
}

function refuse(response: ServerResponse, status: number, more: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain; charset=utf-8", ...more });
  response.end(`${status} ${STATUS_CODES[status]}\n`);
}

/** Refuses a connection for which Node makes no response object. */
function refuseRaw(socket: Duplex, status: number, more: Readonly<Record<string, string>> = {}): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...HEADERS, ...more, Connection: "close", "Content-Length": "0" });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${head.join("\r\n")}\r\n\r\n`);
}

/** The status for requests that could not be read, or not in time, by Node's error code. */
const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
