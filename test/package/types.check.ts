/** The types compile in a strict program that knows Node and no DOM, and looks into the declarations of its libraries. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, run, write } from "./consumer.js";
import { NODE_TYPES, typesFolder } from "./node-types.js";

const PROGRAM = `
import { createMachine, type Guest, type WasmFiles } from "xen-balloon";
import { createMachineSync } from "xen-balloon/inline";
import { createMachine as createReference } from "xen-balloon/reference";
import { createMachine as createRemote, type RemoteGuest } from "xen-balloon/worker";

export async function use(guest: Guest | RemoteGuest, wasm: WasmFiles): Promise<number> {
  await using machine = await createMachine({ hostPages: 1, wasm });
  const own = { balloon: new Uint8Array(1), xen: new ArrayBuffer(1) };
  await using remote = await createRemote({ hostPages: 1, wasm: own });
  const reference = await createReference({ hostPages: createMachineSync({ hostPages: 1 }).hostPages });
  const { creditPages } = await guest.settle({ signal: AbortSignal.timeout(1) });
  guest.on("ended", ({ error }) => {
    throw error;
  });
  return creditPages + machine.guests.length + remote.guests.length + (await reference.freeFrames());
}
`;

test.each(NODE_TYPES)("with @types/node %s", async (version) => {
  const types = typesFolder(version);
  const compilerOptions = {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2023"],
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  write(join(types, "use.ts"), PROGRAM);
  write(join(types, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  expect(await run("node_modules/.bin/tsc", "--project", join(folder, types))).toBe("");
});
