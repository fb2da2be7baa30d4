/** The scripts of both generations with the traces that they gave, in test/fixtures/. */
import { readdirSync, readFileSync } from "node:fs";

const fixtures = new URL("../fixtures/", import.meta.url);
const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, fixtures))
    .filter((file) => file.endsWith(".ops"))
    .map((file) => folder + file.slice(0, -".ops".length));

/** The names of the scenarios: files of that name in the fixtures, with .ops and .trace. */
export const scenarioNames: readonly string[] = [...namesIn("scenarios/"), ...namesIn("modern-scenarios/")];

export const readFixture = (file: string): string => readFileSync(new URL(file, fixtures), "utf8");
