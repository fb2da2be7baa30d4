#!/usr/bin/env node
// Compares the engine with the kernel's own C, compiled natively. Both run the same scripts in turns. It prints each
// ratio beside the floor it must not fall below.
//
// COMMAND is called as `COMMAND --time SCRIPT` and prints {"op","ns","calls"} for each operation. The ratios
// compare the time of the settle lines over the pages they moved; warm means from the third settle on, first pass the
// first two. For a script in DIR (real-vm-415.ops, real-dom0-8gib.ops) they compare the sum of its advance lines.
//
// Batches are each made while nobody watches, or merged where they can be, or each made beside an observer of every
// memory_op, which does nothing.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alignColumns, median } from "../dist/cli/parts.js";
import { command, count, fail } from "./command.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const ENGINE = `node ${join(here, "../dist/cli/main.js")} run`;
const REFERENCE = `${ENGINE} --engine reference`;
const WATCHED = `node ${join(here, "time-watched.mjs")}`;

const options = command("against-native")
  .description("compare the engine with the kernel's own C, compiled natively")
  .requiredOption("--native <command>", "what runs the C, as in --native ./oracle")
  .option("--engine <command>", "what runs the engine", ENGINE)
  .option("--real <dir>", "a folder with real-vm-415.ops and real-dom0-8gib.ops, to time those too")
  .option("--runs <count>", "pairs of runs of each script", count, 7)
  .option("--only <name>", "scripts whose name contains this", "")
  .parse()
  .opts();

/** A row whose batches the engine may join. */
const MERGED = { batches: "merged", engine: `${options.engine} --batches merged` };

const firstPass = (settles) => settles.slice(0, 2);
const warm = (settles) => settles.slice(2);
const inflating = (settles) => settles.filter(({ inflate }) => inflate);
const deflating = (settles) => settles.filter(({ inflate }) => !inflate);
// picks, in each round of list-random, the deflate from a list in random order and the inflate after it
const rounds = (settles) => settles.slice(1);

const bothWarm = (script, [outFloor, outAim], [inFloor, inAim], more = {}) => [
  { script, what: "inflate, warm", floor: outFloor, aim: outAim, pick: (s) => inflating(warm(s)), ...more },
  { script, what: "deflate, warm", floor: inFloor, aim: inAim, pick: (s) => deflating(warm(s)), ...more },
];
/** Makes the rows of a contiguous script: out and in, for each way of making batches. */
const contiguous = (script) => [
  ...bothWarm(script, [12, 30], [12, 30]),
  ...bothWarm(script, [10, 20], [10, 20], { batches: "each, watched", engine: WATCHED }),
  ...bothWarm(script, [60, 200], [60, 200], MERGED),
];
const firstInflate = (script) => ({
  script,
  what: "inflate, first pass",
  floor: 10,
  aim: 30,
  pick: (s) => inflating(firstPass(s)),
});

/** The demand of a real machine. Scripts merge batches unless they are timed, so that both ways are shown. */
const real = (script, floor) => [
  { script, what: "sum of the run", floor, aim: 25, real: true },
  { script, what: "sum of the run", floor: 25, aim: 50, real: true, ...MERGED },
];

const rows = [
  ...contiguous("contiguous-pv-20"),
  ...contiguous("contiguous-pv-24"),
  ...contiguous("contiguous-hvm-20"),
  ...contiguous("contiguous-hvm-24"),
  firstInflate("contiguous-pv-24"),
  firstInflate("contiguous-hvm-24"),
  ...bothWarm("one-by-one", [5, 10], [7, 12]),
  ...bothWarm("half-random", [5, 10], [7, 12]),
  { script: "list-random", what: "deflate", floor: 15, aim: 20, pick: (s) => deflating(rounds(s)) },
  { script: "list-random", what: "inflate after it", floor: 6, aim: 10, pick: (s) => inflating(rounds(s)) },
  { script: "frames-scattered", what: "inflate, only pass", floor: 11, aim: 15, pick: (s) => inflating(s) },
  { script: "frames-scattered", what: "deflate, only pass", floor: 4, aim: 8, pick: (s) => deflating(s) },
  { script: "scrub", what: "inflate, warm", floor: 1, aim: 1, pick: (s) => inflating(warm(s)) },
  ...real("real-vm-415", 12),
  ...real("real-dom0-8gib", 14),
  ...bothWarm("contiguous-pv-20", [15, 25], [15, 25], { rival: REFERENCE }),
]
  .map((row) => ({ rival: options.native, engine: options.engine, batches: "each", ...row }))
  .filter(({ script, real }) => script.includes(options.only) && (!real || options.real !== undefined))
  // only this build is watched
  .filter(({ engine }) => engine !== WATCHED || options.engine === ENGINE);

function scriptFile({ script, real }) {
  const file = join(real ? options.real : join(here, "scripts"), `${script}.ops`);
  return existsSync(file) ? file : fail("against-native", `${file}: no such file`);
}

/** Runs `COMMAND --time SCRIPT`; returns what it printed. */
function timedLines(command, file) {
  const [program, ...words] = command.split(" ");
  try {
    return execFileSync(program, [...words, "--time", file], { encoding: "utf8", maxBuffer: 2 ** 28 });
  } catch (error) {
    return fail("against-native", `${command} --time ${file}: ${error.message}`);
  }
}

/** Runs a script once: its settles with the pages they moved, and the ns of its advance lines. */
function time(command, file) {
  const said = timedLines(command, file);
  const maxPfn = Number(/max_pfn=(\d+)/.exec(readFileSync(file, "utf8"))[1]);
  let current = maxPfn;
  let target = maxPfn;
  let advanceNs = 0;
  const settles = [];
  for (const { op, ns } of said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))) {
    const [word, argument] = op.split(" ");
    if (word === "target") target = Number(argument);
    else if (word === "advance") advanceNs += ns;
    else if (word === "settle") {
      settles.push({ inflate: target < current, nsPerPage: ns / Math.abs(target - current) });
      current = target;
    }
  }
  return { settles, advanceNs };
}

const figure = (row, run) => (row.real ? run.advanceNs / 1e6 : median(row.pick(run.settles).map((s) => s.nsPerPage)));

if (rows.length === 0) fail("against-native", `--only ${options.only}: no script of bench/scripts has such a name`);

/** Rows of one script beside one rival, which runs once for all of them in each round. */
const jobs = new Map();
for (const row of rows) {
  const key = `${row.rival}\0${row.script}`;
  if (!jobs.has(key)) jobs.set(key, { rival: row.rival, file: scriptFile(row), rows: [] });
  jobs.get(key).rows.push({ ...row, rivals: [], engines: [] });
}

for (const { rival, file, rows: ofJob } of jobs.values()) {
  for (let run = 0; run < options.runs; run++) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${ofJob[0].script}, run ${run + 1} of ${options.runs} …`);
    const slow = time(rival, file);
    const fast = new Map([...new Set(ofJob.map(({ engine }) => engine))].map((engine) => [engine, time(engine, file)]));
    for (const row of ofJob) {
      row.rivals.push(figure(row, slow));
      row.engines.push(figure(row, fast.get(row.engine)));
    }
  }
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const lines = [["script", "", "batches", "beside", "its time", "engine", "ratio", "each pair", "floor", "aim"]];
let below = 0;
for (const row of [...jobs.values()].flatMap((job) => job.rows)) {
  const unit = row.real ? "ms" : "ns/page";
  // a machine may run at half its speed for a while: two consecutive runs see the same speed
  const pairs = row.rivals.map((ns, i) => ns / row.engines[i]);
  const ratio = median(pairs);
  if (ratio < row.floor) below++;
  lines.push([
    row.script,
    row.what,
    row.batches,
    row.rival === REFERENCE ? "reference" : "native",
    `${median(row.rivals).toFixed(2)} ${unit}`,
    `${median(row.engines).toFixed(row.batches === "merged" && !row.real ? 4 : 2)} ${unit}`,
    `${ratio.toFixed(1)}x${ratio < row.floor ? " !" : ""}`,
    `${Math.min(...pairs).toFixed(1)} to ${Math.max(...pairs).toFixed(1)}`,
    String(row.floor),
    String(row.aim),
  ]);
}
console.log(alignColumns(lines, "llllrrrrrr").join("\n"));
console.log(`\n${rows.length} ratios, each the median of ${options.runs} pairs of runs, ${below} below the floor`);
process.exitCode = below === 0 ? 0 : 1;
