/** Writes the curves of both sides as a table: a row for each moment. */
import type { Joined } from "./joined.js";
import { SERIES, SERIES_NAMES } from "./moments.js";

/** CSV with a header. A value that there is not is an empty cell. */
export function csvOf({ timeMs, series }: Joined): string {
  const columns = SERIES_NAMES.flatMap((name) => [series[name].a, series[name].b, series[name].difference]);
  const heads = SERIES_NAMES.flatMap((key) => {
    const { name, unit } = SERIES[key];
    const word = name.replaceAll(" ", "_");
    return ["a", "b", "b_minus_a"].map((side) => `${word}_${side}_${unit}`);
  });
  const rows = timeMs.map((time, i) => [time, ...columns.map((column) => column[i] ?? "")].join(","));
  return `${[["time_ms", ...heads].join(","), ...rows].join("\n")}\n`;
}
