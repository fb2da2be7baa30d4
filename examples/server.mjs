// Serves a guest over HTTP: node examples/server.mjs [port]
//   GET  /stats            balloon_stats and the machine's free frames
//   POST /target?pages=N   a new target; the work goes on by itself, on the real clock
import { createServer } from "node:http";
import { createMachine } from "xen-balloon";

const { 2: port = "8080" } = process.argv;
if (!/^\d+$/.test(port) || Number(port) > 65_535) fail(`expected a port from 0 to 65535, got "${port}"`);

const machine = await createMachine({ hostPages: 1_048_576, clock: "real" });
const guest = await machine.boot({ maxPfn: 1_048_576, reservedPages: 4096 });

async function answer(method, url) {
  if (method === "GET" && url.pathname === "/stats") {
    return [200, { ...(await guest.stats()), freeFrames: await machine.freeFrames() }];
  }
  if (method === "POST" && url.pathname === "/target") {
    const pages = Number(url.searchParams.get("pages") ?? Number.NaN);
    await guest.setTarget({ pages });
    return [202, { targetPages: pages }];
  }
  return [404, { error: "there are GET /stats and POST /target?pages=N" }];
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request.method, new URL(request.url, "http://localhost")).catch((error) => {
    // the request cannot be met, or a BUG_ON of the driver ended the guest
    return [error instanceof RangeError ? 400 : 500, { error: error.message }];
  });
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
});

server.on("error", ({ message }) => fail(message)); // as where the port is in use
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/stats`);
});

function fail(message) {
  console.error(`server.mjs: ${message}`);
  process.exit(2);
}
