/** The README's parts, for those who run what it shows. */

/** The fenced blocks of a language, in order. */
export function fences(readme: string, language: string): string[] {
  const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.filter(([, name]) => name === language).map(([, , text]) => text);
}

/** Reads from an example's comments the lines that it prints. */
export function promisedBy(example: string): string[] {
  return [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
}
