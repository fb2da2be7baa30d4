/** Begins or goes on with a results file, for a study or a plan. */
import type { VectorCount } from "../host/report/cases.js";
import { environment } from "../study/environment.js";
import type { Content } from "../study/named-contents.js";
import { type ReadResults, ResultsWriter } from "../study/results-file.js";

/** The study or plan that is measured, as the header tells it. */
interface Asked {
  readonly study: object;
  readonly cases: readonly object[];
  readonly demands: readonly string[];
  readonly doubts: readonly string[];
  readonly contents: readonly Content[];
  /** For a plan: what its policies were compared with. */
  readonly vectors?: readonly VectorCount[];
}

/**
 * @param begins - the fields that tell the kind of the results.
 * @param command - the command line that repeats it.
 */
export function openWriter(
  file: string,
  begins: { readonly kind: "study" | "host"; readonly schema: number },
  { study, cases, demands, doubts, contents, vectors }: Asked,
  earlier: Pick<ReadResults, "completeBytes"> | null,
  command: string,
): ResultsWriter {
  if (earlier !== null) {
    return ResultsWriter.resume(file, earlier, { kind: "resumed", environment: environment() });
  }
  return ResultsWriter.create(file, {
    kind: begins.kind,
    format: "xen-balloon results",
    schema: begins.schema,
    study,
    cases,
    command,
    environment: environment(),
    demands,
    doubts,
    contents,
    ...(vectors !== undefined && { vectors }),
  });
}

/** The command line that repeats a study or a plan. */
export function commandLine(
  verb: "study" | "host",
  name: string,
  given: Readonly<Record<string, string | undefined>>,
): string {
  const quoted = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const options = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key} ${quoted(value)}`],
  );
  return [`npx xen-balloon ${verb}`, quoted(name), ...options].join(" ");
}
