/** One log, captured in every way: the same figures, or a refusal that names the format. */
import { describe, expect, test } from "vitest";
import { readBootLog } from "../../apps/bootlog/read.js";
import { figuresOf, madeLog, readFigures } from "../support/boot-logs.js";

const text = madeLog("pv-dom0-linux3.18");
const lines = text.trimEnd().split("\n");
const bare = lines.map((line) => line.replace(/^\[ *\d+\.\d+\] /, ""));
const whole = figuresOf(readBootLog(text));

function encode(mark: readonly number[], bytesOf: (code: number) => number[]): Uint8Array {
  return Uint8Array.from([...mark, ...[...text].flatMap((char) => bytesOf(char.charCodeAt(0)))]);
}

/** Breaks a line softly, as a mail program does. */
function softBreaks(line: string): string {
  const escaped = line.replaceAll("=", "=3D");
  return (escaped.match(/.{1,75}/g) ?? [""]).join("=\n");
}

describe("decoded", () => {
  test.each<[string, string | Uint8Array, string | undefined]>([
    ["CR LF", text.replaceAll("\n", "\r\n"), undefined],
    ["CR", text.replaceAll("\n", "\r"), undefined],
    ["a tab before the range", text.replaceAll("Xen: [mem", "Xen:\t[mem"), undefined],
    [
      "dmesg --color",
      lines.map((each) => each.replace(/^(\[.*?\] )/, "\x1b[32m$1\x1b[0m\x1b[33m")).join("\n"),
      "ANSI colours",
    ],
    ["a pager", lines.map((each) => `^[[32m${each}`).join("\n"), "ANSI colours"],
    [
      "kmsg",
      bare.map((each, index) => `6,${index},${index * 9},-;${each}\n SUBSYSTEM=acpi`).join("\n"),
      "kmsg records",
    ],
    ["netconsole", bare.map((each, index) => `12,${index},5000,-,caller=T0;${each}`).join("\n"), "kmsg records"],
    ["journalctl -o short", bare.map((each) => `Jan 29 11:02:17 host kernel: ${each}`).join("\n"), undefined],
    ["journalctl -o export", bare.map((each) => `__CURSOR=s\n_UID=0\nMESSAGE=${each}\n`).join("\n"), undefined],
    ["journalctl -o json", bare.map((MESSAGE) => JSON.stringify({ _UID: "0", MESSAGE })).join("\n"), "journal JSON"],
    ["json-pretty", bare.map((MESSAGE) => JSON.stringify({ _UID: "0", MESSAGE }, null, 8)).join("\n"), "journal JSON"],
    ["json-sse", bare.map((MESSAGE) => `data: ${JSON.stringify({ MESSAGE })}\n`).join("\n"), "journal JSON"],
    ["json-seq", bare.map((MESSAGE) => `\x1e${JSON.stringify({ MESSAGE })}`).join("\n"), "journal JSON"],
    [
      "bytes in JSON",
      bare.map((each) => JSON.stringify({ MESSAGE: [...new TextEncoder().encode(each)] })).join("\n"),
      "journal JSON",
    ],
    ["quoted mail", lines.map((each) => `> > ${each}`).join("\n"), "quoted mail"],
    ["quoted-printable", lines.map(softBreaks).join("\n"), "quoted-printable"],
    ["quoted, then quoted-printable", lines.map((each) => softBreaks(`> ${each}`)).join("\n"), "quoted-printable"],
    [
      "quoted-printable, then quoted",
      lines.map((each) => softBreaks(each).replaceAll(/^/gm, "> ")).join("\n"),
      "quoted-printable",
    ],
    [
      "a mail with HTML beside its text",
      `--b\nContent-Type: text/plain\n\n${text}\n--b\nContent-Type: text/html\n\n${lines.join("<br>\n")}\n--b--`,
      "the text of a mail",
    ],
    ["UTF-8 with its mark", encode([0xef, 0xbb, 0xbf], (code) => [code]), undefined],
    ["UTF-16LE", encode([0xff, 0xfe], (code) => [code, 0]), "UTF-16LE"],
    ["UTF-16BE", encode([0xfe, 0xff], (code) => [0, code]), "UTF-16BE"],
    ["a console of 80 columns", lines.map((each) => each.match(/.{1,80}/g)?.join("\n")).join("\n"), undefined],
    ["a console of 40 columns", lines.map((each) => each.match(/.{1,40}/g)?.join("\n")).join("\n"), undefined],
    ["folded at spaces", lines.map((each) => each.replaceAll(/(.{50}\S*) /g, "$1\n")).join("\n"), undefined],
    ["grep -n", lines.map((each, index) => `dmesg.txt:${index + 1}:${each}`).join("\n"), undefined],
  ])("%s", (_, capture, format) => {
    expect(readFigures(capture)).toEqual(whole);
    const decoded = readBootLog(capture).notes.filter((note) => note.startsWith("decoded"));
    expect(decoded.join()).toContain(format ?? "");
    if (format === undefined) expect(decoded).toEqual([]);
  });
});

describe("refused by name", () => {
  const start = (...bytes: number[]): Uint8Array => Uint8Array.from([...bytes, ...new TextEncoder().encode(text)]);
  test.each<[string, string | Uint8Array]>([
    ["gzip: decompress it with gunzip", start(0x1f, 0x8b)],
    ["xz", start(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)],
    ["zstd", start(0x28, 0xb5, 0x2f, 0xfd)],
    ["systemd journal", `LPKSHHRH${text}`].map((each, index) =>
      index === 0 ? each : new TextEncoder().encode(each),
    ) as [string, Uint8Array],
    ["UTF-16 without its byte order mark", encode([], (code) => [code, 0])],
    ["UTF-16 without its byte order mark", [...text].join("\0")],
    ["HTML", `<!DOCTYPE html>\n<pre>${text}</pre>`],
    ["base64 mail", `Content-Transfer-Encoding: base64\n\n${btoa(text)}`],
    ["dmesg --json", `{\n  "dmesg": [\n ]}`],
    ["the JSON of a log collector", bare.map((message) => JSON.stringify({ host: "x", message })).join("\n")],
    ["the JSON of a log collector", JSON.stringify(bare.map((log) => ({ log, stream: "stdout" })))],
    ["netconsole in fragments", `6,416,1758426,-,ncfrag=0/33;${bare[0]}`],
  ])("%s", (name, capture) => {
    expect(() => readBootLog(capture)).toThrow(`expected a boot log as text, found ${name}`);
  });

  test("a journal record that is cut", () => {
    const cut = [...bare.map((MESSAGE) => JSON.stringify({ MESSAGE })), '{"MESSAGE":"Xen: [mem'].join("\n");
    expect(readFigures(cut)).toEqual(whole);
    expect(() => readBootLog(`${cut}}`)).toThrow(`line ${lines.length + 1}: expected a journal record in JSON`);
    const pretty = JSON.stringify({ MESSAGE: bare[0] }, null, 2).replace(/\}$/, "");
    expect(() => readBootLog(pretty)).toThrow("line 1: expected a whole journal record in JSON");
  });
});
