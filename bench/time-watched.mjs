#!/usr/bin/env node
// Times a script as `xen-balloon run --time` does, beside an observer of every memory_op: time-watched.mjs --time SCRIPT
// The observer does nothing, so that the figures show what it costs to tell it of each call.
import { readFileSync } from "node:fs";
import { parseScript, timeScript } from "xen-balloon/core";
import { machineFactory, rehearse } from "../dist/cli/parts.js";
import { command } from "./command.mjs";

const { time } = command("time-watched").requiredOption("--time <script>", "the script").parse().opts();
const script = parseScript(readFileSync(time, "utf8"), { batches: "each" });
const makeMachine = await machineFactory("wasm");
const observers = [{ afterMemoryOp() {} }];
rehearse(makeMachine, script.config.guest, observers);
const lines = [...timeScript(script, makeMachine, observers)];
process.stdout.write(`${lines.join("\n")}\n`);
