#!/usr/bin/env node
// Builds the Wasm modules, release and debug, into build/. It writes their build, the release modules as text, and the
// oldest Node of package.json into src/generated/ for the host. A folder named on the command line gets the modules
// alone. A warning of the compiler is an error.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { oldestNode } from "./oldest-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [, , folder] = process.argv;
const out = resolve(folder ?? join(root, "build"));
const generated = join(root, "src/generated");
const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
const transform = join(root, "scripts/out-of-line.mjs");

/** @type {[entry: string, target: string][]} */
const builds = [
  ["balloon/driver-2013/index", "balloon"],
  ["balloon/driver-2013/index.debug", "balloon.debug"],
  ["balloon/driver-modern/index", "balloon-modern"],
  ["balloon/driver-modern/index.debug", "balloon-modern.debug"],
  ["xen/index", "xen"],
  ["xen/index.debug", "xen.debug"],
];

/** The identity of a build: the sources, the compiler and its options. A module's custom section has the same text. */
function buildHash() {
  const hash = createHash("sha256");
  const sources = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" });
  for (const file of [
    "asconfig.json",
    "scripts/out-of-line.mjs",
    ...sources.filter((name) => name.endsWith(".ts")).map((name) => `assembly/${name}`),
  ].sort()) {
    hash.update(`${file.replaceAll("\\", "/")}\0${readFileSync(join(root, file), "utf8")}\0`);
  }
  hash.update(JSON.parse(readFileSync(join(root, "node_modules/assemblyscript/package.json"), "utf8")).version);
  return hash.digest("hex").slice(0, 16);
}

function build([entry, target]) {
  const args = [
    asc,
    `assembly/${entry}.ts`,
    "--target",
    target,
    "--transform",
    transform,
    "--outFile",
    wasmFile(target),
  ];
  return new Promise((done) => {
    let said = "";
    const child = spawn(process.execPath, args, { cwd: root });
    child.stderr.on("data", (piece) => (said += piece));
    child.on("close", (status) => {
      if (said !== "") process.stderr.write(said);
      done(status === 0 && said === "");
    });
  });
}

const wasmFile = (target) => join(out, `${target}.wasm`);

/** A custom section: id 0, the bytes that follow, the length of its name, its name, its text. All shorter than 128. */
function customSection(name, text) {
  const content = Buffer.from(`${String.fromCharCode(name.length)}${name}${text}`, "latin1");
  return Buffer.concat([Buffer.from([0, content.length]), content]);
}

mkdirSync(out, { recursive: true });
const built = await Promise.all(builds.map(build));
if (!built.every(Boolean)) process.exit(1);

const hash = buildHash();
for (const [, target] of builds) {
  appendFileSync(wasmFile(target), customSection("xen-balloon", `${target.replace(".debug", "")} ${hash}`));
}
if (folder !== undefined) process.exit();

mkdirSync(generated, { recursive: true });
const text = (target) => readFileSync(wasmFile(target)).toString("base64");
const checksums = (target) => [target, `${target}.debug`].map((each) => crc32(readFileSync(wasmFile(each)))).join(", ");
/** The files by the names that the host has for them. */
const files = { balloon: "balloon", balloonModern: "balloon-modern", xen: "xen" };
writeFileSync(
  join(generated, "build.ts"),
  `/** The build that the Wasm modules must be of. */\nexport const BUILD: string = "${hash}";\n/** CRC-32 of each file: of the release and of the debug build. */\nexport const CHECKSUMS: Readonly<Record<"${Object.keys(files).join('" | "')}", readonly number[]>> = {\n${Object.entries(
    files,
  )
    .map(([name, target]) => `  ${name}: [${checksums(target)}],\n`)
    .join("")}};\n/** From package.json. */\nexport const OLDEST_NODE: string = "${oldestNode}";\n`,
);
writeFileSync(
  join(generated, "wasm-text.ts"),
  `/** The release modules in base64. */\nexport const BALLOON: string =\n  "${text("balloon")}";\nexport const BALLOON_MODERN: string =\n  "${text("balloon-modern")}";\nexport const XEN: string =\n  "${text("xen")}";\n`,
);
