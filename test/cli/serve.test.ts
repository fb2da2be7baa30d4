/** The server of the laboratory: what it gives, what it keeps to itself, and what it says with every answer. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { HEADERS, staticServer } from "../../apps/cli/static-server.js";

const outer = mkdtempSync(join(tmpdir(), "xen-balloon-serve-"));
const folder = join(outer, "page");
/** In every file that must not be read, or must not be read by this path. */
const SECRET = "keep this";

const files: Record<string, string> = {
  "index.html": "<!doctype html><title>page</title>",
  "style.css": "body {}",
  "assets/app.js": "export {};",
  "assets/balloon.wasm": "\0asm",
  "assets/with space.svg": "<svg/>",
  "assets/index.html/deep.js": SECRET,
  ".env": SECRET,
  ".git/config": SECRET,
  "assets/.map.js": SECRET,
  "../secret.txt": SECRET,
  "../page-beside/secret.txt": SECRET,
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}
symlinkSync(join(outer, "secret.txt"), join(folder, "linked.txt"));
symlinkSync(outer, join(folder, "up"));
symlinkSync(join(outer, "page-beside"), join(folder, "beside"));
mkdirSync(join(folder, "linked"));
symlinkSync(join(outer, "secret.txt"), join(folder, "linked/index.html"));
symlinkSync("nowhere", join(folder, "dangling.txt"));
symlinkSync("loop", join(folder, "loop"));
symlinkSync(join(folder, "style.css"), join(folder, "also.css"));

const server = staticServer(folder).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(outer, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Sends these bytes and returns the response. No client changes the request. */
async function raw(text: string, at: { port: number; host: string } = { port, host: "127.0.0.1" }): Promise<Answer> {
  const socket = connect(at);
  socket.write(text, "latin1");
  let said = "";
  for await (const piece of socket.setEncoding("latin1")) said += piece;
  const end = said.indexOf("\r\n\r\n");
  const [first, ...lines] = said.slice(0, end).split("\r\n");
  const headers = lines
    .map((line) => /^([^:]*): ?(.*)$/.exec(line) ?? [])
    .map(([, name, value]) => [name.toLowerCase(), value]);
  return { status: Number(first.split(" ")[1]), headers: Object.fromEntries(headers), body: said.slice(end + 4) };
}

function request(path: string, { method = "GET", host = "localhost", more = "" } = {}): Promise<Answer> {
  return raw(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
}

function expectHeaders({ headers }: Answer): void {
  for (const [name, value] of Object.entries(HEADERS)) expect(headers[name.toLowerCase()]).toBe(value);
}

test("the headers isolate the page and keep it to its own files", () => {
  expect(HEADERS).toMatchObject({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  });
  const policy = HEADERS["Content-Security-Policy"].split("; ");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(HEADERS["Content-Security-Policy"]).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
});

describe("gives", () => {
  test.each([
    ["/", "index.html", "text/html; charset=utf-8"],
    ["/index.html", "index.html", "text/html; charset=utf-8"],
    ["/?run=1", "index.html", "text/html; charset=utf-8"],
    ["http://localhost", "index.html", "text/html; charset=utf-8"],
    ["http://localhost?run=1", "index.html", "text/html; charset=utf-8"],
    ["HTTP://127.0.0.1:8080/style.css", "style.css", "text/css; charset=utf-8"],
    ["/style.css", "style.css", "text/css; charset=utf-8"],
    ["/also.css", "style.css", "text/css; charset=utf-8"],
    ["/assets/app.js", "assets/app.js", "text/javascript; charset=utf-8"],
    ["/assets/balloon.wasm", "assets/balloon.wasm", "application/wasm"],
    ["/assets/with%20space.svg", "assets/with space.svg", "image/svg+xml"],
  ])("%s", async (path, name, type) => {
    const answer = await request(path);
    expect(answer).toMatchObject({ status: 200, body: files[name], headers: { "content-type": type } });
    expect(answer.headers["content-length"]).toBe(String(files[name].length));
    expectHeaders(answer);
  });

  test("the head of a file without the file", async () => {
    const answer = await request("/style.css", { method: "HEAD" });
    expect(answer).toMatchObject({ status: 200, body: "", headers: { "content-length": "7" } });
    expectHeaders(answer);
  });

  test("nothing a second time to who has it", async () => {
    const { headers } = await request("/style.css");
    const answer = await request("/style.css", { more: `If-None-Match: ${headers.etag}\r\n` });
    expect(answer).toMatchObject({ status: 304, body: "" });
    expectHeaders(answer);
  });

  test("the whole file where a part is asked for", async () => {
    for (const range of ["bytes=0-1", "bytes=9-2", "bytes=99-", "bytes=-x"]) {
      expect(await request("/style.css", { more: `Range: ${range}\r\n` })).toMatchObject({
        status: 200,
        body: "body {}",
      });
    }
  });
});

describe("keeps to itself", () => {
  test.each<[name: string, path?: string]>([
    ["/none"],
    ["/assets"],
    ["/assets/"],
    ["/linked/"],
    ["/style.css/"],
    ["/index.html/.."],
    ["/assets/index.html/"],
    ["/../secret.txt"],
    ["/assets/../../secret.txt"],
    ["/%2e%2e/secret.txt"],
    ["/%2e%2e%2fsecret.txt"],
    ["/..%2fsecret.txt"],
    ["/..%5csecret.txt"],
    ["/..\\secret.txt"],
    ["/%252e%252e/secret.txt"],
    ["/../page-beside/secret.txt"],
    ["//secret.txt"],
    ["//etc/passwd"],
    ["/etc/passwd"],
    ["/style.css%00"],
    ["/%00"],
    ["/%"],
    ["/%zz"],
    ["/%c3%28"],
    ["/%ff/../.."],
    ["/.env"],
    ["/%2eenv"],
    ["/.git/config"],
    ["/assets/.map.js"],
    ["/linked.txt"],
    ["/up/secret.txt"],
    ["/up/page/index.html/../../secret.txt"],
    ["/beside/secret.txt"],
    ["/dangling.txt"],
    ["/loop"],
    ["/loop/loop"],
    ["*"],
    ["http://localhost/none"],
    ["http://localhost/../secret.txt"],
    ["http://localhost//etc/passwd"],
    ["https://localhost/style.css"],
    ["style.css"],
    ["an absolute path", join(outer, "secret.txt")],
    ["an absolute path, encoded", `/${encodeURIComponent(join(outer, "secret.txt"))}`],
    ["a name too long", `/${"a".repeat(5000)}`],
    ["a path too long", `/${"a/".repeat(3000)}`],
  ])("%s", async (name, path = name) => {
    const answer = await request(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain(SECRET);
    expectHeaders(answer);
    expect((await request("/style.css")).status).toBe(200);
  });

  test("a file that went away, and gives one that came", async () => {
    const late = join(folder, "late.js");
    expect((await request("/late.js")).status).toBe(404);
    writeFileSync(late, "1;");
    expect(await request("/late.js")).toMatchObject({ status: 200, body: "1;" });
    rmSync(late);
    expect((await request("/late.js")).status).toBe(404);
  });
});

describe("refuses", () => {
  test.each(["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])("%s", async (method) => {
    const answer = await request("/", { method });
    expect(answer).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    expectHeaders(answer);
  });

  test("CONNECT", async () => {
    const answer = await request("localhost:80", { method: "CONNECT" });
    expect(answer).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    expectHeaders(answer);
  });

  test("CONNECT of a client that stays, and of one that goes", async () => {
    const text = "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const staying = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    staying.write(text);
    await once(staying.resume(), "end");
    const going = connect({ port, host: "127.0.0.1" });
    going.write(text, () => going.resetAndDestroy());
    await once(going, "close");
    await expect.poll(() => promisify(server.getConnections.bind(server))()).toBe(0);
    staying.destroy();
  });

  test("a target of a foreign host, whatever Host says", async () => {
    expect((await request("http://example.com/style.css")).status).toBe(421);
    expect((await request("http://localhost/style.css", { host: "example.com" })).status).toBe(200);
  });

  test.each([
    "example.com",
    "example.com:80",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "user@localhost",
    "10.0.0.1",
    "[::2]",
    "[::ffff:10.0.0.1]",
    "::1",
    "[127.0.0.1",
    "127.0.0.1]",
    "127.0.0.1:80:80",
    "[]",
    "",
  ])("the host %j", async (host) => {
    const answer = await request("/", { host });
    expect(answer.status).toBe(421);
    expectHeaders(answer);
  });

  test.each([
    "localhost",
    "LOCALHOST:1",
    "127.0.0.1:8080",
    "127.0.0.2",
    "[::1]",
    "[::1]:8080",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]:8080",
  ])("not the host %s", async (host) => expect((await request("/", { host })).status).toBe(200));

  test.each([
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 421],
    ["an old client, which names none", "GET / HTTP/1.0\r\n\r\n", 421],
    ["no HTTP", "frobnicate\r\n\r\n", 400],
    ["a NUL in the path", "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["too long a header", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["an expectation", "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n", 417],
    [
      "a condition that does not hold",
      `GET / HTTP/1.1\r\nHost: localhost\r\nIf-Match: "other"\r\nConnection: close\r\n\r\n`,
      412,
    ],
  ])("%s", async (_case, text, status) => {
    const answer = await raw(text);
    expect(answer.status).toBe(status);
    // of a file that is not given
    expect(answer.headers.etag).toBeUndefined();
    expectHeaders(answer);
  });
});

/** Tells whether this machine has an IPv6 address to listen on. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

test.skipIf(!hasIpv6).each(["::1", "::ffff:127.0.0.1"])("on %s a foreign host is refused", async (address) => {
  const other = staticServer(folder).listen(0, address);
  try {
    await once(other, "listening");
    const at = { port: (other.address() as AddressInfo).port, host: address };
    const get = (host: string): Promise<Answer> => raw(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`, at);
    expect((await get("example.com")).status).toBe(421);
    expect((await get("[::1]")).status).toBe(200);
  } finally {
    other.close();
  }
});

test("on an address that others reach it has the name they give it", async () => {
  const open = staticServer(folder).listen(0, "0.0.0.0");
  try {
    await once(open, "listening");
    const at = { port: (open.address() as AddressInfo).port, host: "127.0.0.1" };
    const answer = await raw("GET / HTTP/1.0\r\nHost: example.com\r\n\r\n", at);
    expect(answer.status).toBe(200);
    expectHeaders(answer);
  } finally {
    open.close();
  }
});
