/** Words the answer of a study in sentences, from its figures. */
import { plural } from "xen-balloon/core";
import type { Estimate } from "../statistics.js";
import type { Factor } from "../study.js";
import type { Analysis } from "./analysis.js";
import { incompleteText } from "./completeness.js";
import { changeText } from "./exact-blocks.js";
import { intervalText, listText, percentText, significant, sizeText } from "./figures.js";
import { replayGroups } from "./replay-blocks.js";
import { PASSES, type Pass } from "./runs.js";

const PASS_NAMES: Readonly<Record<Pass, string>> = { first: "in the first pass", warm: "in warm passes" };

/** With more groups of guests the sentences are left out: the table of replays is easier to read. */
const MOST_GROUPS = 8;

/** The sentences: the runs that are missing first, then the effects of each factor, or that none is shown. */
export function answer(analysis: Analysis): readonly string[] {
  const missing = incompleteText(analysis.runs);
  const sentences = [
    ...replaySentences(analysis),
    ...analysis.study.factors.flatMap((factor) => [
      ...PASSES.flatMap((pass) => timeSentences(analysis, factor, pass)),
      ...exactSentences(analysis, factor),
    ]),
    ...engineSentences(analysis),
  ];
  if (sentences.length === 0) sentences.push("No two cases were compared: the results below stand for themselves.");
  return missing === null ? sentences : [missing, ...sentences];
}

function timeSentences({ timeEffects }: Analysis, factor: Factor, pass: Pass): readonly string[] {
  const effects = timeEffects.filter((effect) => effect.factor === factor.name && effect.pass === pass);
  const baseline = `${factor.name}=${factor.baseline}`;
  const real = effects.filter(({ main }) => main.real);
  const rest = effects.filter(({ main }) => !main.real).map(({ level }) => `${factor.name}=${level}`);
  const sentences = real.map(
    ({ level, main }) => `With ${factor.name}=${level} a page ${besides(main, baseline)} ${PASS_NAMES[pass]}.`,
  );
  if (rest.length > 0) {
    sentences.push(`No difference of time from ${baseline} is shown for ${listText(rest)} ${PASS_NAMES[pass]}.`);
  }
  return sentences;
}

/** Words a ratio with a number above 1, as slower or as faster. */
function besides({ value, low, high }: Estimate, baseline: string): string {
  if (value >= 1)
    return `takes ${significant(value)} times as long ${intervalText({ value, low, high })} as with ${baseline}`;
  const faster = { value: 1 / value, low: 1 / high, high: 1 / low };
  return `is ${significant(faster.value)} times as fast ${intervalText(faster)} as with ${baseline}`;
}

function exactSentences({ exactEffects }: Analysis, factor: Factor): readonly string[] {
  const effects = exactEffects.filter((effect) => effect.factor === factor.name && !effect.same);
  return [...new Set(effects.map(({ measure }) => measure))].map((measure) => {
    const changes = effects
      .filter((effect) => effect.measure === measure)
      .map((effect) => `${changeText(effect)} with ${factor.name}=${effect.level}`);
    return `${measure}, beside ${factor.name}=${factor.baseline}: ${listText(changes)}.`;
  });
}

function engineSentences({ study, decidedAlike }: Analysis): readonly string[] {
  if (decidedAlike === null) return [];
  const engines = study.factors.find(({ name }) => name === "engine")?.levels.map(({ label }) => label) ?? [];
  return decidedAlike
    ? [`The engines ${listText(engines)} decided alike: all exact measures but memoryBytes agree.`]
    : [`The engines ${listText(engines)} did not decide alike: their exact measures differ.`];
}

function replaySentences(analysis: Analysis): readonly string[] {
  const groups = replayGroups(analysis);
  if (groups.length > MOST_GROUPS) return [];
  const { measures } = analysis.study;
  return groups.flatMap(({ label, guests }) => {
    const sum = (value: (one: (typeof guests)[number]) => number) =>
      guests.reduce((total, one) => total + value(one), 0);
    const who = guests.length > 1 ? `${guests.length} guests` : "the guest";
    const begin = label === "" ? who.replace("the", "The") : `${label}: ${who}`;
    const given = sum(({ replay }) => replay.givenBackPages);
    const size = sum(({ replay }) => replay.sizePages);
    const said: string[] = [];
    if (measures.includes("givenBackPages")) {
      said.push(`gave back ${sizeText(given)} on average, ${percentText(given / size)} of ${sizeText(size)}`);
    }
    if (measures.includes("shortPages")) {
      const rows = sum(({ replay }) => replay.shortRows);
      said.push(
        rows === 0 ? "never had to wait for a page" : `had to wait for pages at ${plural(rows, "row")} of the demand`,
      );
    }
    return said.length === 0 ? [] : [`${begin} ${listText(said)}.`];
  });
}
