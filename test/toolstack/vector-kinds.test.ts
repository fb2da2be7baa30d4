/** Each kind of vectors on a case of its own: it passes, and it fails where the expected value is another. */
import { describe, expect, test } from "vitest";
import { runVectors } from "../../apps/host/vectors/run.js";

/** Runs one case; answers the lines of its differences. */
function differencesOf(entry: object): string[] {
  const lines: string[] = [];
  const { passed, failed } = runVectors([{ name: "made-up", text: JSON.stringify([entry]) }], (line) =>
    lines.push(line),
  );
  expect(passed + failed, lines.join("\n")).toBe(1);
  return lines.slice(1, -1);
}

const domains = [
  { domid: 2, can_balloon: true, dynamic_min: 200, target: 600, dynamic_max: 600, actual: 600, inaccuracy: 4 },
  { domid: 1, can_balloon: true, dynamic_min: 100, target: 300, dynamic_max: 300, actual: 300, inaccuracy: 4 },
];
// 192 + 392 - 60 = 524 of 600: 0.8733 of 200 and of 400
const iteration = { fn: "one_iteration", free: 0, host_target: 60, success: "free>=host_target", domains };

const GUEST = {
  domid: 1,
  type: "pv",
  feature_balloon: true,
  guest_agent: true,
  dynamic_min_kib: 100_000,
  dynamic_max_kib: 362_144,
  target_kib: 362_144,
  actual_kib: 362_144,
  maxmem_kib: 362_144,
  memory_offset_kib: 0,
  memory_offset_known: true,
  initial_reservation_kib: null,
  used_kib: 0,
  rate_kib_per_s: 1_048_576,
  kind: "ideal",
  min_free_kib: 0,
  floor_kib: null,
  limit_ms: null,
};

const CASES: readonly (readonly [string, object, object])[] = [
  [
    "one_iteration",
    {
      ...iteration,
      result: {
        AdjustTargets: [
          [1, 274],
          [2, 549],
        ],
      },
      order: [2, 1],
    },
    { order: [1, 2] },
  ],
  ["one_iteration that fails", { ...iteration, domains: [], result: { Failed: [] } }, { result: "Success" }],
  [
    "compute_target_adjustments",
    {
      ...iteration,
      fn: "compute_target_adjustments",
      fist: ["DisableInaccuracyCompensation"],
      targets: [
        [1, 280],
        [2, 560],
      ],
    },
    { fist: [] },
  ],
  ["has_hit_target", { fn: "has_hit_target", inaccuracy: 4, actual: 96, target: 100, result: true }, { actual: 95 }],
  [
    "min_freeable",
    { fn: "min_freeable", disable_inaccuracy: false, domain: domains[1], result: 192 },
    { disable_inaccuracy: true },
  ],
  [
    "stuckness",
    {
      fn: "stuckness",
      target: 500,
      inaccuracy: 4,
      series_now_actual_active: [
        [0, 900, true],
        [5.1, 900, false],
      ],
    },
    { target: 900 },
  ],
  [
    "is_host_memory_unbalanced",
    { fn: "is_host_memory_unbalanced", target_host_free: 60, tolerance: 512, free: 0, domains, result: true },
    { domains: [] },
  ],
  [
    "squeezed's writes",
    {
      total_kib: 462_144,
      guests: [GUEST],
      script: [
        ["free", 200_000],
        ["dyn", 1, 100_000, 100_000],
        ["daemon", 10_000],
        ["free", 999_999],
      ],
      expect: [
        {
          result: "ok",
          t_ms: 1000,
          free_kib: 273_736,
          guests: { 1: [188_408, 188_408, 188_408] },
          writes: [
            [0, 1, "target", 188_408],
            [0, 1, "maxmem", 188_408],
          ],
        },
        { result: null, t_ms: 1000, free_kib: 273_736, guests: { 1: [188_408, 188_408, 188_408] }, writes: [] },
        {
          result: null,
          t_ms: 12_000,
          free_kib: 362_144,
          guests: { 1: [100_000, 100_000, 100_000] },
          writes: [
            [11_000, 1, "target", 100_000],
            [11_000, 1, "maxmem", 100_000],
          ],
        },
        {
          result: "cannot_free 1073727 362144",
          t_ms: 12_000,
          free_kib: 362_144,
          guests: { 1: [100_000, 100_000, 100_000] },
          writes: [],
        },
      ],
    },
    { guests: [{ ...GUEST, maxmem_kib: 362_148 }] },
  ],
  [
    "xl's need",
    {
      type: "hvm",
      target_memkb: 100_000,
      max_memkb: 204_800,
      vcpus: 2,
      hap: true,
      video_memkb: 0,
      stubdomain: false,
      stubdomain_memkb: 0,
      shadow_memkb: 2848,
      need_memkb: 106_496,
    },
    { hap: false },
  ],
  [
    "xl's freemem",
    {
      dom0_actual_kib: 1_000_000,
      dom0_target_kib: 1_000_000,
      free_kib: 100_000,
      rate_kib_per_s: 1_000_000,
      floor_kib: 0,
      need_kib: 300_000,
      // somebody takes 40 KiB each tick, and dom0 one page more in the first second
      leak_kib_per_s: 400,
      drift_from_s: 0,
      drift_to_s: 1,
      drift_kib_per_s: 40,
      // from then on dom0 makes good what was taken in the two seconds before
      looks: [
        [0, 100_000, 1_000_000, 1_000_000],
        ...Array.from({ length: 15 }, (_, i) => [2000 * (i + 1), 299_200, 800_000 - 800 * i, 800_000 - 800 * i]),
      ],
      ok: false,
      t_ms: 30_000,
      after: { free_kib: 299_200, actual_kib: 788_800, target_kib: 788_800 },
    },
    { leak_kib_per_s: 0 },
  ],
  [
    "xapi's sums",
    {
      fn: "full_config",
      args: "HVM static_max=300 video=10 target=200 vcpus=2 mult=1.0",
      build_max_mib: 290,
      build_start_mib: 190,
      xen_max_mib: 301,
      shadow_mib: 5,
      required_host_free_mib: 208,
      overhead_mib: 8,
      build_claim_pages: 48_640,
    },
    { overhead_mib: 9 },
  ],
  [
    "xapi's limits",
    {
      fn: "constraints",
      in: "(10,5,99,50,40)",
      valid: false,
      pinned: false,
      transform: "(10,10,40,40,40)",
      reset: "(10,40,40,40,40)",
    },
    { in: "(10,5,9,50,40)" },
  ],
  // 393,000 ns for a message of 256 pages, and 710 for a page
  [
    "the cost of virtio",
    {
      preset: "virtio-4k",
      what: "never touched",
      pages: 256,
      modelled_s: 0.00057476,
      published_s: 0.0006,
      tolerance: 0.1,
    },
    { pages: 512 },
  ],
  [
    "the cost band of xen",
    { preset: "xen-band", what: "a page", published_us_per_page: 86 },
    { published_us_per_page: 88 },
  ],
  ["a bound", { preset: "xen-band", what: "pages", pages: 1000, published_at_least_s: 0.086 }, { pages: 999 }],
];

describe("a case made up for each kind", () => {
  test.each(CASES)("%s", (_, entry, other) => {
    expect(differencesOf(entry)).toEqual([]);
    expect(differencesOf({ ...entry, ...other })).not.toEqual([]);
  });
});

test("a switch, a model or a guest that is not known fails its case", () => {
  expect(differencesOf({ ...iteration, fist: ["Nonsense"], result: "Success" }).join()).toContain("Nonsense");
  expect(differencesOf({ ...iteration, success: "always", result: "Success" }).join()).toContain("free>=host_target");
  expect(differencesOf({ fn: "full_config", args: "Minix static_max=300" }).join()).toContain(
    "HVM, Linux(PV), PVinPVH",
  );
  const guests = [{ ...GUEST, type: "minix" }];
  expect(differencesOf({ total_kib: 1, guests, script: [], expect: [] }).join()).toContain("pv, hvm, pvh, pv-in-pvh");
});
