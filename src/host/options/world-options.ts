/**
 * Declares the options of a world, which is one guest and its machine. Scripts and studies have these options. By
 * default the machine is as large as the guest needs.
 */
import { GUEST_OPTIONS } from "./guest-options.js";
import { MAX_HOST_PAGES } from "./limits.js";
import { MACHINE_OPTIONS } from "./machine-options.js";
import type { Described, Option, Table } from "./option.js";
import type { WorldOptions } from "./types.js";

/** The options by API name. */
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
