#!/usr/bin/env node
// Times a script as `xen-balloon run --time` does, beside an observer of every memory_op: time-watched.mjs --time SCRIPT
// The observer does nothing, so that the figures show what it costs to tell it of each call.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseScript, timeScript } from "xen-balloon/core";
import { machineFactory, rehearse } from "../dist/cli/parts.js";

const { time } = parseArgs({ options: { time: { type: "string" } } }).values;
const script = parseScript(readFileSync(time, "utf8"), { batches: "each" });
const makeMachine = await machineFactory("wasm");
const observers = [{ afterMemoryOp() {} }];
rehearse(makeMachine, script.config.guest, observers);
const lines = [...timeScript(script, makeMachine, observers)];
process.stdout.write(`${lines.join("\n")}\n`);
