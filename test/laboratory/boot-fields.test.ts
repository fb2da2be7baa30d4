/** The boot form writes config lines by the table of options. */
import { describe, expect, test } from "vitest";
import { configOfFields, configOfTexts, textsOfConfig } from "../../apps/laboratory/boot-fields.js";
import { parseScript } from "../../src/scenario/script.js";

describe("the boot form's configuration", () => {
  test.each<[string, Parameters<typeof configOfFields>[0], string]>([
    ["nothing but a size", { domain: "pv", maxPfn: 100 }, "config domain=pv max_pfn=100 nr_pages=100"],
    [
      "a hole past the end of memory",
      { domain: "pv", maxPfn: 100, holes: ["50,100"] },
      "config domain=pv max_pfn=100 nr_pages=50\nconfig hole=50,100",
    ],
    [
      "an extra region in a hole",
      { maxPfn: 100, extraRegions: ["60,10"], holes: ["50,20"] },
      "config max_pfn=100 nr_pages=80\nconfig extra=60,10\nconfig hole=50,20",
    ],
    [
      "hotplug",
      { domain: "hvm", maxPfn: 100, reservedPages: 4, hotplug: true, pfnLimit: 200, hostPages: undefined },
      "config domain=hvm max_pfn=100 nr_pages=100 reserved=4 hotplug=1 pfn_limit=200",
    ],
  ])("%s", (_, values, text) => {
    expect(configOfFields(values)).toBe(text);
    expect(parseScript(text).config.guest.maxPfn).toBe(100);
  });

  test.each(["50", "50,", "a,b", "1,2,3"])("a region that is none is written as it is: %s", (region) => {
    const text = configOfFields({ maxPfn: 100, holes: [region] });
    expect(text).toBe(`config max_pfn=100\nconfig hole=${region}`);
    expect(() => parseScript(text)).toThrow(/^line 2: hole: expected START,SIZE in pages, got /);
  });

  test("a machine that is too small is written as it is", () => {
    expect(configOfFields({ maxPfn: 100, hostPages: 50 })).toBe("config max_pfn=100 host_pages=50");
  });
});

describe("the fields' texts", () => {
  test("make the configuration, with amounts in the reader's units", () => {
    const texts = { max_pfn: "1 GiB", domain: "pv", cpus: "2", hole: "160, 96\n\n300,10", reserved: "16 MiB" };
    expect(configOfTexts(texts)).toBe(
      "config domain=pv max_pfn=262144 nr_pages=262038 reserved=4096 cpus=2\nconfig hole=160,96\nconfig hole=300,10",
    );
  });

  test("name the field that cannot be read", () => {
    expect(() => configOfTexts({ max_pfn: "1" })).toThrow(/^max_pfn: expected a size with its unit, .* got 1$/);
    expect(() => configOfTexts({ max_pfn: "1 GiB", nr_pages: "MISSING" })).toThrow(/^nr_pages: expected a size/);
  });

  test.each([
    "config domain=pv max_pfn=262144 nr_pages=262144 reserved=4096",
    "config max_pfn=262144 nr_pages=5\nconfig hole=160,96\nconfig hole=300,10",
    "config max_pfn=8192 nr_pages=8192 scrub=0 bytes=1 frame_list=64 host_pages=100000 mfn_base=17",
    "config max_pfn=8192",
  ])("are those of a configuration from elsewhere, so that there is one truth: %j", (config) => {
    const texts = textsOfConfig(config);
    expect(parseScript(configOfTexts(texts)).config).toEqual(parseScript(config).config);
  });

  test("keep a word that is no value", () => {
    expect(textsOfConfig("config max_pfn=262144\nconfig nr_pages=MISSING")).toMatchObject({
      max_pfn: "1 GiB",
      nr_pages: "MISSING",
    });
  });
});
