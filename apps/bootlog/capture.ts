/**
 * Reads the capture of a log: the bytes of a file become the lines that were printed. Each way to capture a log is a row
 * of a table: it is decoded, or refused by its name.
 */
import { BootLogError } from "./error.js";

/** A line as it was printed, and the number of its line in the file (the first is 1). */
export interface LogLine {
  readonly text: string;
  readonly line: number;
  /** The lines that may be the rest of this one, because a terminal or a mail program folded it. */
  readonly rest: readonly string[];
}

/** The lines of a file, and the formats that were decoded, for example `quoted-printable`. */
export interface Capture {
  readonly lines: readonly LogLine[];
  readonly formats: readonly string[];
}

/** @throws BootLogError - a format that is not read, with the way to convert it */
export function readCapture(input: string | Uint8Array): Capture {
  const formats: string[] = [];
  const text = typeof input === "string" ? input.replace(/^\uFEFF/, "") : decodeBytes(input, formats);
  refuseText(text);
  const end = text.trimEnd().includes("\n") ? "\n" : "\r";
  let lines: Numbered[] = text.split(end).map((each, index) => ({
    text: each.replaceAll(/[\r\0]/g, ""),
    line: index + 1,
  }));
  for (const { name, found, decode } of LINE_FORMATS) {
    if (!lines.some((each) => each.text.search(found) >= 0)) continue;
    formats.push(name);
    lines = decode(lines);
  }
  return { lines: withRests(lines), formats };
}

type Numbered = Pick<LogLine, "text" | "line">;

/** Formats of whole files that are not read, by their first bytes. */
const SIGNATURES: readonly (readonly [name: string, bytes: string, convert: string])[] = [
  ["gzip", "\x1f\x8b", "decompress it with gunzip"],
  ["bzip2", "BZh", "decompress it with bunzip2"],
  ["xz", "\xfd7zXZ\0", "decompress it with unxz"],
  ["zstd", "\x28\xb5\x2f\xfd", "decompress it with unzstd"],
  ["zip", "PK\x03\x04", "unpack it"],
  ["PDF", "%PDF", "save its text"],
  ["systemd journal", "LPKSHHRH", "export it with journalctl -k -o short --file"],
  ["UTF-32", "\xff\xfe\0\0", "save it as UTF-8"],
];

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, mark: string])[] = [
  ["utf-8", "\xef\xbb\xbf"],
  ["utf-16le", "\xff\xfe"],
  ["utf-16be", "\xfe\xff"],
];

/** Formats of texts that are not read. */
const REFUSED_TEXTS: readonly (readonly [name: string, found: RegExp, convert: string])[] = [
  ["HTML", /^\s*<(?:!doctype|html)\b/i, "save the page as text"],
  ["RTF", /^\{\\rtf/, "save it as text"],
  ["base64 mail", /^Content-Transfer-Encoding:[ \t]*base64/im, "save the message's text"],
  ["dmesg --json", /^\s*\{\s*"dmesg"\s*:/, "capture it with dmesg"],
  [
    "the JSON of a log collector (docker, Loki)",
    /^(?!.*"MESSAGE"\s*:)[[,\s]*(?:\{.*)?"(?:message|msg|log|line)"\s*:/m,
    "save its messages alone, one a line, for example with jq -r .message",
  ],
  ["netconsole in fragments", /^[>\s]*\d+,\d+,\d+,[^;\n]*\bncfrag=/m, "capture it with dmesg"],
];

function refuse(name: string, convert: string): never {
  throw new BootLogError(`expected a boot log as text, found ${name}: ${convert}`);
}

function decodeBytes(bytes: Uint8Array, formats: string[]): string {
  const starts = (mark: string): boolean => [...mark].every((char, index) => bytes[index] === char.charCodeAt(0));
  const [name, , convert = ""] = SIGNATURES.find(([, mark]) => starts(mark)) ?? [];
  if (name !== undefined) refuse(name, convert);
  const [encoding = "utf-8"] = BYTE_ORDER_MARKS.find(([, mark]) => starts(mark)) ?? [];
  if (encoding !== "utf-8") formats.push(encoding.toUpperCase());
  return new TextDecoder(encoding).decode(bytes);
}

/** A text of which every fourth character is NUL is UTF-16 that was read as UTF-8. */
function refuseText(text: string): void {
  const nuls = text.split("\0", text.length / 4 + 2).length - 1;
  if (nuls > text.length / 4) refuse("UTF-16 without its byte order mark", "save it as UTF-8");
  for (const [name, found, convert] of REFUSED_TEXTS) if (found.test(text)) refuse(name, convert);
}

interface LineFormat {
  readonly name: string;
  /** One such line shows that the file has this format. */
  readonly found: RegExp;
  readonly decode: (lines: readonly Numbered[]) => Numbered[];
}

const eachText =
  (decode: (text: string) => string) =>
  (lines: readonly Numbered[]): Numbered[] =>
    lines.map(({ text, line }) => ({ text: decode(text), line }));

const KMSG = /^((?:> ?)*)\d+,\d+,\d+,[^;]*;(.*)$/;
const JOURNAL_RECORD = /^(?:data: |\p{Cc})?[[,\s]*(\{.*\})[\s,\]]*$/u;

const HTML_PART = /^Content-Type:\s*text\/html/i;

/** ESC itself, or as a pager and a syslog daemon write it. */
const ANSI = /(?:[^\P{Cc}\s]|\^\[|#033)\[[0-9;?]*[A-Za-z]/gu;

/** The order matters: mail wraps what was captured, and a capture holds the colours. */
const LINE_FORMATS: readonly LineFormat[] = [
  { name: "the text of a mail that has HTML beside it", found: HTML_PART, decode: dropHtmlParts },
  {
    // A soft line break ends a line of at most 76 characters.
    name: "quoted-printable",
    found: /^Content-Transfer-Encoding:\s*quoted-printable|^.{69,75}=$|\w =3D \w/i,
    decode: joinSoftBreaks,
  },
  { name: "journal JSON", found: /^(?:data: |\p{Cc})?[[\s]*\{\s*(?:"|$)/u, decode: readJournal },
  {
    name: "kmsg records",
    found: KMSG,
    decode: eachText((text) =>
      text
        .replace(KMSG, "$1$2")
        .replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    ),
  },
  {
    name: "ANSI colours",
    found: ANSI,
    decode: eachText((text) => text.replaceAll(ANSI, "")),
  },
  { name: "quoted mail", found: /^\s*>/, decode: eachText((text) => text.replace(/^(?:\s*>)+ ?/, "")) },
];

/** A part of a mail ends at the next boundary, a line that starts with two hyphens. */
function dropHtmlParts(lines: readonly Numbered[]): Numbered[] {
  let inHtml = false;
  return lines.filter(({ text }) => {
    if (HTML_PART.test(text)) inHtml = true;
    else if (text.startsWith("--")) inHtml = false;
    return !inHtml;
  });
}

function joinSoftBreaks(lines: readonly Numbered[]): Numbered[] {
  const joined: Numbered[] = [];
  let open = false;
  for (const { text, line } of lines) {
    const soft = /=[ \t]*$/.test(text);
    const part = soft ? text.replace(/=[ \t]*$/, "") : text;
    const last = joined.at(-1);
    if (open && last !== undefined) {
      const quoted = last.text.startsWith(">") && part.startsWith(">");
      joined[joined.length - 1] = {
        text: last.text + (quoted ? part.replace(/^(?:> ?)+/, "") : part),
        line: last.line,
      };
    } else {
      joined.push({ text: part, line });
    }
    open = soft;
  }
  const decode = (text: string): string =>
    text.replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return eachText(decode)(joined);
}

/** Reads journalctl's `-o json`, `json-seq`, `json-sse` (a record a line) and `json-pretty` (a record from `{` to `}`). */
function readJournal(lines: readonly Numbered[]): Numbered[] {
  const messages: Numbered[] = [];
  let pretty: { text: string; line: number } | undefined;
  for (const { text, line } of lines) {
    if (pretty !== undefined) pretty = { text: pretty.text + text, line: pretty.line };
    else if (/^[[,\s]*\{\s*$/.test(text)) pretty = { text, line };
    const record = pretty ?? { text, line };
    if (pretty !== undefined && !/^\s*\}[\s,\]]*$/.test(text)) continue;
    pretty = undefined;
    const [, json] = JOURNAL_RECORD.exec(record.text) ?? [];
    const message = json === undefined ? undefined : messageOfRecord(json, record.line);
    if (message !== undefined) messages.push({ text: message, line: record.line });
  }
  if (pretty !== undefined) throw new BootLogError("expected a whole journal record in JSON", pretty.line);
  return messages;
}

function messageOfRecord(json: string, line: number): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(json).MESSAGE;
  } catch (error) {
    if (error instanceof SyntaxError) throw new BootLogError("expected a journal record in JSON", line);
    throw error;
  }
  if (typeof message === "string") return message;
  // A message with other than printable characters is an array of its bytes.
  return Array.isArray(message) ? new TextDecoder().decode(Uint8Array.from(message)) : undefined;
}

/** The start of a record: a line without one may be the rest of the line before it. */
const RECORD =
  /^\s*(?:<\d+>|\[ *\d+[.\]]|\[\d{4}-|[A-Z][a-z]{2} +\d+ \d\d:|\d{4}-\d\d-\d\d|\(XEN\)|\(d\d+\)|kernel:|Xen:|BIOS-e820:)/;

/** A terminal of 40 columns folds a line of the memory map into three. */
const MOST_RESTS = 3;

function withRests(lines: readonly Numbered[]): LogLine[] {
  return lines.map(({ text, line }, index) => {
    const rest: string[] = [];
    if (RECORD.test(text)) {
      for (const next of lines.slice(index + 1, index + 1 + MOST_RESTS)) {
        if (next.text.trim() === "" || RECORD.test(next.text)) break;
        rest.push(next.text);
      }
    }
    return { text, line, rest };
  });
}
