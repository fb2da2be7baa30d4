/** Imported first by the entries that run in Node: one that is too old is told so. */
import { requireRuntime } from "./runtime.js";

requireRuntime();
