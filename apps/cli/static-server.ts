/** Files of one folder over HTTP, for a page that is to be isolated from every other: read alone, nothing else. */
import { realpath } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { type AddressInfo, BlockList, isIP } from "node:net";
import { join, sep } from "node:path";
import type { Duplex } from "node:stream";
import send from "send";

/** Code from the page's own files alone; Wasm may be compiled; nothing goes elsewhere, and nobody frames it. */
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

/** What every answer carries, errors too. The first two isolate the page, which is what shared memory asks for. */
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

/** A target as it is sent to a proxy, which counts as much: its authority is the host then, whatever Host says. */
const ABSOLUTE = /^http:\/\/([^/?]*)(.*)$/i;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** @returns a server of the folder's files, not listening yet. A link that leads out of the folder is not followed. */
export function staticServer(folder: string): Server {
  // Node would answer some requests itself, without our headers
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answer(server, folder, request, response).catch(() => refuse(response, 500));
  });
  server.on("checkExpectation", (_request, response: ServerResponse) => refuse(response, 417));
  server.on("connect", (_request, socket) => {
    // Node has let go of it: an error would be nobody's, and an end of the client's might never come
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
  // a name of somebody else's that leads here (DNS rebinding) would let his page read ours
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

/** True where the path names something that is there and, all links followed, in the folder. */
async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, decodeURIComponent(path)))]);
    return file.startsWith(root + sep);
  } catch {
    // malformed, a NUL in it, not there, not to be read
    return false;
  }
}

function isLoopback(server: Server): boolean {
  return isLoopbackAddress((server.address() as AddressInfo).address);
}

/** A host of this machine's own: `localhost`, or an address of its loopback; with a port or without. */
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

/** For what is no request that Node makes a response for. */
function refuseRaw(socket: Duplex, status: number, more: Readonly<Record<string, string>> = {}): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...HEADERS, ...more, Connection: "close", "Content-Length": "0" });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${head.join("\r\n")}\r\n\r\n`);
}

/** What could not be read as a request, or not in time. */
const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
