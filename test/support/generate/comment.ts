/** A doc comment as the formatter leaves it. */
const LINE_WIDTH = 120;

/** On one line where it fits. */
export function comment(text: string, indent: string): string {
  const one = `${indent}/** ${text} */`;
  if (one.length <= LINE_WIDTH) return one;
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (`${indent} * ${last} ${word}`.length > LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join("\n");
}
