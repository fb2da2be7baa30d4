/**
 * The options of a world, which is one guest and the machine under it: scripts and studies have these. The machine is,
 * left out, as large as the guest needs it.
 */
import { GUEST_OPTIONS } from "./guest-options.js";
import { MAX_HOST_PAGES } from "./limits.js";
import { MACHINE_OPTIONS } from "./machine-options.js";
import type { Described, Option, Table } from "./option.js";
import type { WorldOptions } from "./types.js";

/** By its API name. */
export const WORLD_OPTIONS: Table<WorldOptions> = {
  ...GUEST_OPTIONS,
  maxPfn: { ...GUEST_OPTIONS.maxPfn, default: 0 },
  hostPages: {
    ...about(MACHINE_OPTIONS.hostPages),
    form: "integer",
    unit: "frames",
    from: 0,
    to: MAX_HOST_PAGES,
    default: { says: "`mfnBase` and a frame for every page", of: ({ mfnBase, pfnLimit }) => mfnBase + pfnLimit },
    zeroIsDefault: true,
  },
  mfnBase: {
    ...about(MACHINE_OPTIONS.mfnBase),
    form: "integer",
    unit: "frames",
    from: 0,
    to: MAX_HOST_PAGES,
    default: 0,
  },
};

function about<C>({ key, group, sentence }: Option<C>): Described {
  return { key, group, sentence };
}
