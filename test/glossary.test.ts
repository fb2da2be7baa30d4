/** The glossary: its page, and that each word means one thing. */
import { expect, test } from "vitest";
import { TERMS } from "../apps/glossary/terms.js";
import { STATES } from "../apps/laboratory/map/map-states.js";
import { glossaryPage } from "./support/generate/glossary-page.js";

test("GLOSSARY.md has every term", async () => {
  await expect(glossaryPage()).toMatchFileSnapshot("../GLOSSARY.md");
});

test("no word is explained twice", () => {
  const words = TERMS.flatMap(({ title, also = [] }) => [title, ...also]).map((word) => word.toLowerCase());
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
});

test("each state of the map's legend is explained", () => {
  const words = TERMS.flatMap(({ title, also = [] }) => [title, ...also]);
  for (const { label } of STATES) expect(words).toContain(label);
});

test("explanations are sentences, and short", () => {
  for (const { text } of TERMS) {
    expect(text).toMatch(/\.$/);
    expect(text.length).toBeLessThan(220);
  }
});
