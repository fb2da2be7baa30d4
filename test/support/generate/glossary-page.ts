/** The text of GLOSSARY.md: every term, for people to read. */
import { TERMS } from "../../../apps/glossary/terms.js";

/** The file as it must be. */
export function glossaryPage(): string {
  const rows = [...TERMS]
    .sort((a, b) => a.title.localeCompare(b.title, "en"))
    .map(({ title, also = [], text, place }) => {
      const names = also.length === 0 ? "" : ` (${also.join(", ")})`;
      return `| **${title}**${names} | ${text} | ${place === null ? "" : `\`${place.name}\`, line ${place.line}`} |`;
    });
  return `# Glossary

Written by test/glossary.test.ts from apps/glossary/terms.ts: change that, then run it with -u.

Lines are those of drivers/xen/balloon.c of the Linux kernel at commit 1e1159bb97cf.

| term | | in the driver |
|---|---|---|
${rows.join("\n")}
`;
}
