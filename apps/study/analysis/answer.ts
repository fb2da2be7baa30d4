/** Words the answer of a study from its figures: in a few sentences, with what else was found and what was not. */
import { plural } from "xen-balloon/core";
import type { Study } from "../study.js";
import type { Analysis } from "./analysis.js";
import { incompleteText } from "./completeness.js";
import { exactColumns } from "./exact-columns.js";
import { cutListText, levelText, listText, percentText, ratioText, withCommas } from "./figures.js";
import { type Finding, findings, IN_PASS } from "./findings.js";
import { missedText } from "./missed.js";
import { replaySentences } from "./replay-answer.js";
import { PASSES } from "./runs.js";
import type { TimeEffect } from "./time-effects.js";
import { warnings } from "./warnings.js";

/** Other findings beyond these are in the tables. */
const MOST_OTHERS = 8;
const MOST_NAMES = 3;

/** The answer of a study. */
export interface Answer {
  /** Reasons not to trust the rest; they stand first. */
  readonly warnings: readonly string[];
  /** Two or three sentences: which level, by how much, how sure. */
  readonly sentences: readonly string[];
  /** The finding that the sentences are about; null where it is none of a factor. */
  readonly headline: Finding | null;
  /** The other findings, the largest first. */
  readonly others: readonly string[];
  /** A sentence that names the measures without a difference; null where every measure differs. */
  readonly same: string | null;
}

export function answer(analysis: Analysis): Answer {
  const found = findings(analysis);
  const replays = replaySentences(analysis);
  const headline = replays.length > 0 ? null : headlineOf(found, analysis.timeEffects.length > 0);
  const missing = incompleteText(analysis.runs);
  const missed = missedText(analysis);
  const others = found.filter((one) => one !== headline).map(({ text }) => text);
  const more = others.length - MOST_OTHERS;
  const sentences = [...replays, ...(headline === null ? [] : [headline.text, ...surety(analysis, headline)])];
  if (sentences.length === 0) sentences.push(noneFound(analysis, found.length > 0));
  return {
    warnings: [...(missing === null ? [] : [missing]), ...warnings(analysis)],
    // what was left out comes before what was compared
    sentences: missed === null ? sentences : [missed, ...sentences],
    headline,
    others: [
      ...others.slice(0, MOST_OTHERS),
      ...(more > 0 ? [`${plural(more, "more difference")}: in the tables.`] : []),
      ...engineSentences(analysis),
    ],
    same: sameText(analysis),
  };
}

/** The largest finding of time once warm, or in the first pass; of a count where no times were compared. */
function headlineOf(found: readonly Finding[], isTimed: boolean): Finding | null {
  const of = (pass: Finding["pass"]) => found.find((one) => one.pass === pass);
  return of("warm") ?? of("first") ?? (isTimed ? null : (found[0] ?? null));
}

function surety({ timeEffects }: Analysis, { p }: Finding): readonly string[] {
  if (p === null) return ["The counts are exact: every machine gives the same ones."];
  const ratios = timeEffects.reduce((sum, { pairs }) => sum + (pairs.length === 1 ? 1 : 1 + pairs.length), 0);
  const n = Math.max(...timeEffects.map(({ main }) => main.n));
  const chance = Math.max(1, Math.round(1 / p));
  return [
    `Brackets hold a 95 % interval over ${n} processes a case. Were all cases alike, the most extreme of ${plural(ratios, "ratio")} would come out as far from 1 in at most one study of ${withCommas(chance)}.`,
  ];
}

/** Tells that no difference was found, which is not that nothing was compared, nor that times are equal. */
function noneFound({ study, timeEffects, exactEffects, runs, noise }: Analysis, countsDiffer: boolean): string {
  const counts = countsDiffer
    ? "Counts differ; they are exact, and every machine gives the same ones."
    : "Counts agree wherever cases were compared.";
  if (timeEffects.length > 0) {
    const shows = PASSES.flatMap((pass) => noise[pass]?.shows ?? []);
    const could =
      shows.length === 0
        ? "with so few processes none could be"
        : `only one of ${percentText(Math.min(...shows))} or more would have been`;
    return `No difference of time is shown: ${could}.${exactEffects.length > 0 ? ` ${counts}` : ""}`;
  }
  if (exactEffects.length > 0) return "No difference is shown: wherever cases were compared, they agree.";
  if (runs.exact === 0) return "Nothing was run: there is nothing to compare yet.";
  return study.comparesLevels === false
    ? "Each case stands for itself: this study compares no levels and averages nothing."
    : "No other cases could be compared: the tables stand for themselves.";
}

/** Names the measures that were compared and do not differ, and the least difference of time that would have been shown. */
function sameText({ timeEffects, exactEffects, study, noise }: Analysis): string | null {
  const said: string[] = [];
  const none = timeEffects.filter(({ main }) => !main.real);
  const clauses = PASSES.flatMap((pass) => {
    const names = none.filter((effect) => effect.pass === pass).map((effect) => nameOf(study, effect));
    if (names.length === 0) return [];
    const shows = noise[pass]?.shows ?? null;
    const could = shows === null ? "no difference could be" : `one of ${percentText(shows)} would have been`;
    return [`${IN_PASS[pass]} for ${cutListText(names, MOST_NAMES)} (${could})`];
  });
  if (clauses.length > 0) said.push(`No difference of time is shown ${clauses.join(" and ")}, in 4 of 5 such studies.`);
  const [suspected] = none
    .filter(({ needed }) => needed !== null)
    .sort((a, b) => Math.abs(Math.log(b.main.value)) - Math.abs(Math.log(a.main.value)));
  if (suspected !== undefined) {
    const { main, needed, pass } = suspected;
    said.push(
      `If the ${ratioText(main.value)} of ${nameOf(study, suspected)} ${IN_PASS[pass]} is no chance, about ${withCommas(needed as number)} processes a case would show it.`,
    );
  }
  // the missed are told of by themselves
  const same = exactColumns(study.measures.filter((measure) => measure !== "missedPages")).filter(({ name }) => {
    const effects = exactEffects.filter(({ measure }) => measure === name);
    return effects.length > 0 && effects.every((effect) => effect.same);
  });
  if (same.length > 0) said.push(`The same wherever cases were compared: ${listText(same.map(({ words }) => words))}.`);
  return said.length === 0 ? null : said.join(" ");
}

function nameOf({ factors }: Study, { factor, level }: TimeEffect): string {
  const of = factors.find(({ name }) => name === factor);
  return of === undefined ? level : `${factor} ${levelText(of, level)}`;
}

function engineSentences({ study, decidedAlike }: Analysis): readonly string[] {
  if (decidedAlike === null) return [];
  const engines = study.factors.find(({ name }) => name === "engine")?.levels.map(({ label }) => label) ?? [];
  return decidedAlike
    ? [`The engines ${listText(engines)} decided alike: all exact measures but their memory agree.`]
    : [`The engines ${listText(engines)} did not decide alike: their exact measures differ.`];
}
