#!/usr/bin/env node
// Times a script as `xen-balloon run --time` does, beside an observer of every memory_op: time-watched.mjs --time SCRIPT
import { readFileSync } from "node:fs";
import { parseScript, timeScript } from "xen-balloon/core";
import { machineFactory, rehearse, silentObserver } from "../dist/cli/parts.js";
import { command } from "./command.mjs";

const { time } = command("time-watched").requiredOption("--time <script>", "the script").parse().opts();
const script = parseScript(readFileSync(time, "utf8"), { batches: "each" });
const makeMachine = await machineFactory("wasm");
rehearse(makeMachine, script.config.guest, [silentObserver]);
const lines = [...timeScript(script, makeMachine, [silentObserver])];
process.stdout.write(`${lines.join("\n")}\n`);
