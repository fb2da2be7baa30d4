#!/usr/bin/env node
/** The command's entry: a runtime that is too old can still parse this file, and gets a message. */
import { requireRuntime } from "xen-balloon/runtime";

try {
  requireRuntime();
  import("./command.js");
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
