/** The names of the engines a command can run on, apart from the engines: help must not load those. */

/** The engines by name. `wasm-debug` has assertions and is slow. */
export const ENGINES = ["wasm", "wasm-debug", "reference"] as const;
export type EngineName = (typeof ENGINES)[number];
