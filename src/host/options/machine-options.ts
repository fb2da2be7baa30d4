/** Declares each option of a machine once. */
import { MAX_HOST_PAGES } from "./limits.js";
import type { Table } from "./option.js";
import type { MachineOptions } from "./types.js";

/** The options by API name. */
export const MACHINE_OPTIONS: Table<MachineOptions> = {
  hostPages: {
    form: "integer",
    key: "host_pages",
    group: "Machine",
    sentence: "Machine frames, 4096 bytes each: 262,144 for 1 GiB. As many as linear memory has room for.",
    unit: "frames",
    from: 1,
    to: MAX_HOST_PAGES,
  },
  mfnBase: {
    form: "integer",
    key: "mfn_base",
    group: "Machine",
    sentence: "Frames below this are never free.",
    unit: "a frame",
    from: 0,
    to: { says: "`hostPages`", of: ({ hostPages }) => hostPages },
    default: 0,
  },
  clock: {
    form: "choice",
    key: null,
    group: "Machine",
    sentence:
      "`virtual`: time passes only in `settle` and `advance`, and the same calls give the same run. `real`: work runs on timers by itself.",
    values: ["virtual", "real"],
    default: "virtual",
    show: String,
  },
};
