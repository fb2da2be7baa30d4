/** The laboratory's state as a file and as a link. */
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  configLinesOf,
  decodeLink,
  encodeLink,
  fromFile,
  type LaboratoryState,
  toFile,
} from "../../apps/laboratory/state.js";
import { parseScript } from "../../src/scenario/script.js";
import { ScriptError } from "../../src/scenario/script-error.js";
import { allScripts } from "../support/random-scripts.js";
import { runs } from "../support/seed.js";

const SCRIPT = "config nr_pages=4096 max_pfn=4096\nboot\ntarget 2048\nrun\n";
const state: LaboratoryState = { script: SCRIPT, view: { pfn: 512, pages: 1024, timeLine: "page" } };

/** A link whose data are these. */
function linkOf(text: string | Uint8Array): string {
  return `#1.${deflateRawSync(text).toString("base64url")}`;
}

async function refusal(link: string): Promise<string> {
  const error: unknown = await decodeLink(link).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Error);
  const { message } = error as Error;
  expect(message.split("\n")).toHaveLength(1);
  return message;
}

describe("file", () => {
  test("is the script behind two comments", () => {
    expect(toFile(state)).toBe(
      `# xen-balloon laboratory 1\n# view pfn=512 pages=1024 timeLine=page\nconfig nr_pages=4096 max_pfn=4096\nboot\ntarget 2048\nrun\n`,
    );
    expect(fromFile(toFile(state))).toEqual(state);
  });

  test("has a comparison that is on show, in comments of the script", () => {
    const side = { config: "config max_pfn=64\nconfig hole=3,1", engine: "wasm", build: "" } as const;
    const comparison = {
      aspect: "time",
      sides: { a: side, b: { config: "config driver=modern max_pfn=64", engine: "reference", build: "../an old.tgz" } },
      operations: "# half\ntarget 32\n\nrun",
    } as const;
    const text = toFile({ ...state, comparison });
    expect(text.split("\n").slice(2, 13)).toEqual([
      "# compare aspect time",
      "# compare A.engine wasm",
      "# compare A.boots config max_pfn=64",
      "# compare A.boots config hole=3,1",
      "# compare B.engine reference",
      "# compare B.build ../an old.tgz",
      "# compare B.boots config driver=modern max_pfn=64",
      "# compare do # half",
      "# compare do target 32",
      "# compare do",
      "# compare do run",
    ]);
    expect(fromFile(text)).toEqual({ ...state, comparison });
    expect(parseScript(text).steps.map(({ text }) => text)).toEqual(["boot", "target 2048", "run"]);
    expect(() => fromFile(text.replace("aspect time", "aspect space"))).toThrow(
      'line 3: compare: aspect: expected behaviour or time, got "space"',
    );
    expect(() => fromFile(text.replace("B.build", "C.build"))).toThrow('line 8: compare: no key "C.build"');
  });

  test("runs as the script does", () => {
    const operations = (text: string) => parseScript(text).steps.map(({ text }) => text);
    expect(operations(toFile(state))).toEqual(operations(SCRIPT));
  });

  test("without a header is a script, shown whole", () => {
    expect(fromFile(SCRIPT)).toEqual({ script: SCRIPT, view: { pfn: 0, pages: 4096, timeLine: "virtual" } });
    const grows = "config max_pfn=4096 pfn_limit=8192 hotplug=1\nboot\n";
    expect(fromFile(grows).view.pages).toBe(8192);
  });

  test("a header without a view, or with a part of one, is completed", () => {
    const view = (line: string) => fromFile(`# xen-balloon laboratory 1\n${line}${SCRIPT}`);
    expect(view("")).toEqual({ script: SCRIPT, view: { pfn: 0, pages: 4096, timeLine: "virtual" } });
    expect(view("# view timeLine=page\n")).toEqual({ script: SCRIPT, view: { pfn: 0, pages: 4096, timeLine: "page" } });
    expect(view("# a comment\n").script).toBe(`# a comment\n${SCRIPT}`);
  });

  test("has what waits and what holds, where there is any", () => {
    const view = { pfn: 0, pages: 4096, timeLine: "virtual", done: 2, holds: ["host", "guest"] } as const;
    const script = "config max_pfn=4096\nboot\ntarget 5\nrun\n";
    const text = toFile({ script, view });
    expect(text.split("\n", 2)[1]).toBe("# view pfn=0 pages=4096 timeLine=virtual done=2 holds=host,guest");
    expect(fromFile(text)).toEqual({ script, view });
    expect(() => fromFile(text.replace("holds=host,guest", "holds=xen"))).toThrow("line 2: view: holds: expected");
  });

  test("a view past the end of the guest is cut to it", () => {
    const view = (pfn: number, pages: number) => {
      const cut = fromFile(toFile({ script: SCRIPT, view: { pfn, pages, timeLine: "virtual" } })).view;
      return [cut.pfn, cut.pages];
    };
    expect(view(4000, 96)).toEqual([4000, 96]);
    expect(view(4000, 97)).toEqual([4000, 96]);
    expect(view(4096, 1)).toEqual([0, 4096]);
    expect(view(7, 0)).toEqual([0, 4096]);
  });

  test.each([
    ["# xen-balloon laboratory 2\nboot", "the file is of version 2, and this page reads version 1"],
    [
      "# xen-balloon laboratory 1\n# view pfn=x\nboot",
      'line 2: view: pfn: expected a PFN from 0 to 9007199254740991, got "x"',
    ],
    [
      "# xen-balloon laboratory 1\n# view pfn\nboot",
      "line 2: view: pfn: expected a PFN from 0 to 9007199254740991, got nothing",
    ],
    ["# xen-balloon laboratory 1\n# view zoom=1\nboot", 'line 2: view: no key "zoom"'],
    ["# xen-balloon laboratory 1\n# view pages=-1\nboot", "line 2: view: pages: expected pages"],
    ["# xen-balloon laboratory 1\n# view timeLine=both\nboot", "timeLine: expected either virtual or page"],
    ["# xen-balloon laboratory 1\n# view pfn=0\nboot\nfly", 'line 4: no operation "fly"'],
  ])("%j is refused", (text, message) => {
    expect(() => fromFile(text)).toThrow(message);
  });
});

test("config lines, wherever they stand", () => {
  const script = "# of a log\nconfig max_pfn=100\n\n  config cpus=2\n# more\nconfig\t hole=1,2\nboot\ntarget 50\n";
  expect(configLinesOf(script)).toBe("config max_pfn=100\n  config cpus=2\nconfig\t hole=1,2");
  const { config } = parseScript(script);
  expect(parseScript(`${configLinesOf(script)}\nboot`).config).toEqual(config);
});

describe("link", () => {
  test("gives the state back, whatever the script", async () => {
    const timeLine = fc.constantFrom<("virtual" | "page")[]>("virtual", "page");
    await fc.assert(
      fc.asyncProperty(allScripts, fc.nat(), fc.nat(), timeLine, async (script, a, b, line) => {
        const { pfnLimit } = parseScript(script).config.guest;
        const pfn = a % pfnLimit;
        const pages = 1 + (b % (pfnLimit - pfn));
        const before = { script, view: { pfn, pages, timeLine: line } };
        const link = await encodeLink(before);
        expect(link).toMatch(/^#1\.[A-Za-z0-9_-]+$/);
        expect(await decodeLink(link)).toEqual(before);
        expect(await decodeLink(link.slice(1))).toEqual(before);
      }),
      runs(50),
    );
  });

  test("has one form: what another deflate made of the same text is read, too", async () => {
    expect(await decodeLink(linkOf(toFile(state)))).toEqual(state);
    expect(await decodeLink(linkOf(SCRIPT))).toEqual(fromFile(SCRIPT));
  });

  test("an empty fragment is none", async () => {
    expect(await decodeLink("")).toBeNull();
    expect(await decodeLink("#")).toBeNull();
  });

  test("of another version says so, whatever its data are", async () => {
    const message = "the link is of version 2, and this page reads version 1";
    expect(await refusal("#2.AAAA")).toBe(message);
    expect(await refusal("#2.{}")).toBe(message);
    expect(await refusal((await encodeLink(state)).replace("#1.", "#10."))).toContain("of version 10,");
  });

  test("that is none, or no base64url, says what was expected", async () => {
    expect(await refusal("#top")).toBe('no link to a state: expected #1.…, got "#top"');
    expect(await refusal("#1.ab=c")).toBe('the link is broken: expected base64url after the point, got "ab=c"');
    expect(await refusal("#1.ab+c")).toContain("expected base64url");
    expect(await refusal("#1.abcde")).toContain("expected base64url");
    expect(await refusal(`#1.${"é".repeat(1000)}`)).toHaveLength(103);
  });

  test("that was cut short anywhere is refused", async () => {
    const link = await encodeLink(state);
    for (let length = "#1.".length; length < link.length; length++) {
      expect(await refusal(link.slice(0, length))).toMatch(/^the link is broken: /);
    }
  });

  test("with a character changed is refused, or holds another script", async () => {
    const link = await encodeLink(state);
    for (let at = "#1.".length; at < link.length; at++) {
      const changed = `${link.slice(0, at)}${link[at] === "A" ? "B" : "A"}${link.slice(at + 1)}`;
      const read: unknown = await decodeLink(changed).catch((error) => error);
      if (read instanceof Error) expect(read.message.split("\n")).toHaveLength(1);
      else expect(parseScript((read as LaboratoryState).script)).toBeDefined();
    }
  });

  test("to what is no script tells the line", async () => {
    const error: unknown = await decodeLink(linkOf("boot\nfly\n")).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ScriptError);
    expect((error as ScriptError).message).toMatch(/^line 2: no operation "fly"; there are /);
    expect(await refusal(linkOf(new Uint8Array([0x23, 0xff, 0xfe])))).toMatch(/^the link is broken: /);
  });

  test("unpacks to 16 MiB and no more", async () => {
    const comment = (bytes: number) => linkOf(`#${" ".repeat(bytes - 1)}`);
    expect((await decodeLink(comment(2 ** 24)))?.script).toHaveLength(2 ** 24);
    expect(await refusal(comment(2 ** 24 + 1))).toBe("the link is refused: it unpacks to more than 16 MiB");
  });

  test("is not unpacked further than that", async () => {
    const decode = vi.spyOn(TextDecoder.prototype, "decode");
    try {
      expect(await refusal(linkOf(new Uint8Array(2 ** 27)))).toBe(
        "the link is refused: it unpacks to more than 16 MiB",
      );
      const bytes = decode.mock.calls.reduce((sum, [piece]) => sum + (piece?.byteLength ?? 0), 0);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(2 ** 24);
    } finally {
      decode.mockRestore();
    }
  });

  test("is not made of what would be too long for an address", async () => {
    let x = 1;
    const noise = Array.from({ length: 200_000 }, () => {
      x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0;
      return `target ${x}`;
    });
    const long = { ...state, script: `boot\n${noise.join("\n")}\n` };
    await expect(encodeLink(long)).rejects.toThrow(/^too long for a link \(\d+ characters\): save it as a file$/);
    expect(fromFile(toFile(long)).script).toBe(long.script);
  });
});
