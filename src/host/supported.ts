/**
 * Checks the runtime. The entries for Node import this file first, so that a Node that is too old gets a clear message.
 */
import { requireRuntime } from "./runtime.js";

requireRuntime();
