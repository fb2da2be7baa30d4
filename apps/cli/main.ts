#!/usr/bin/env node
/** The command's file: a runtime that is too old can read this much of it, and is told so. */
import { requireRuntime } from "xen-balloon/runtime";

try {
  requireRuntime();
  import("./command.js");
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
