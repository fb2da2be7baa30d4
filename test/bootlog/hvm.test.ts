/** Boot logs of auto-translated guests. */
import { describe, expect, test } from "vitest";
import { readBootLog } from "../../apps/bootlog/read.js";
import { madeLog, missingKeys, readFigures, without } from "../support/boot-logs.js";

describe("an hvm guest", () => {
  const text = madeLog("hvm-linux4.9");

  test("needs no nr_pages and has no extra regions", () => {
    expect(readFigures(text)).toMatchObject({
      domain: "hvm",
      ramPages: 128926,
      holes: [{ start: 158, pages: 98 }],
      extraRegions: [],
      currentPages: 129024,
      balloonLowPages: 0,
    });
    expect(readBootLog(text).missing).toEqual([]);
  });

  test("a map from the BIOS is no proof of Xen, a map from Xen is", () => {
    const bare = without(text, /Xen/);
    expect(() => readBootLog(bare)).toThrow(/^line 3: expected a line that proves a guest of Xen, .* found none/);
    expect(() => readBootLog(`${bare}\nDMI: Amazon EC2 t3.micro/, BIOS 1.0 10/16/2017`)).toThrow(
      /proves a guest of Xen/,
    );
    expect(() => readBootLog(`(XEN) Xen version 4.17.2\n${bare}`)).toThrow(/proves a guest of Xen/);
    expect(readBootLog(`${bare}\nDMI: Xen HVM domU, BIOS 4.0.1`).kernel.domain).toEqual({ value: "hvm", line: 3 });
    expect(readBootLog(without(text, /Xen/).replaceAll("BIOS-e820:", "Xen:")).kernel.domain.value).toBe("pv");
  });

  test("another hypervisor's guest is refused", () => {
    expect(() => readBootLog(text.replace("detected: Xen", "detected: KVM"))).toThrow(
      /line 8: expected a guest of Xen/,
    );
  });

  test("xl dmesg beside it is dom0's: the note says so", () => {
    const layout = readBootLog(madeLog("hvm-linux3.5-beside-xl-dmesg"));
    expect(layout).toMatchObject({ nrPages: undefined, currentPages: 196608, missing: [] });
    expect(layout.notes).toEqual(["line 6, the Phys-Mach map, is dom0's and was not used"]);
  });

  test("a pv domU with xl dmesg beside it does not take dom0's nr_pages", () => {
    const beside = `(XEN)  Phys-Mach map: ffffffff83000000->ffffffff83100000\n${madeLog("pv-domU-linux3.1")}`;
    expect(missingKeys(readBootLog(beside))).toEqual(["nr_pages", "extra"]);
    expect(missingKeys(readBootLog(without(beside, /unprivileged/)))).toContain("nr_pages");
  });

  test("a domU with a host's map and xl dmesg beside it does not take dom0's nr_pages", () => {
    const hostMap = without(madeLog("pv-domU-linux6.1-remapped"), /unprivileged/);
    const layout = readBootLog(`(XEN)  Phys-Mach map: 0000008000000000->0000008000a00000\n${hostMap}`);
    expect(layout.notes).toContain(
      "line 1, the Phys-Mach map, is dom0's and was not used: no line proves that this guest is dom0",
    );
    expect(missingKeys(layout)).toContain("nr_pages");
  });

  test("dom0 with a domU's ISA hole is proven by the frames of that hole", () => {
    const log = without(madeLog("pv-domU-linux6.1-remapped"), /unprivileged|Released/).replace(
      "Remapped 786432",
      "Remapped 65632",
    );
    const dom0 = `(XEN)  Phys-Mach map: 0000008000000000->0000008000280000\n${log}`;
    expect(readFigures(dom0)).toMatchObject({ nrPages: 0x50000, released: 0, remapped: 65632 });
    expect(readFigures(log, { nrPages: 0x50000 })).toMatchObject({ released: 0, remapped: 65632 });
  });

  test("a PVH guest may be dom0, whose memory goes on above a host's devices", () => {
    const pvh = text.replace("on Xen HVM", "on Xen PVH");
    expect(readFigures(text)).toMatchObject({ maxPfn: 0x1f800 });
    expect(missingKeys(readBootLog(pvh))).toEqual(["ram_pages", "max_pfn", "hole"]);
    expect(readFigures(`${pvh}\n  Normal   empty`)).toEqual(readFigures(text));
  });

  test.each([{ nrPages: 129024 }, { released: 0 }, { remapped: 0 }])("refuses %o, which it has not", (given) => {
    expect(() => readBootLog(text, given)).toThrow(/\(given\), line 11 do not fit together: an hvm guest has no such/);
  });

  test("PVH without a map: the end of memory is known, the holes are missing", () => {
    const layout = readBootLog(madeLog("pvh-linux6.8-no-map"));
    expect(layout).toMatchObject({ maxPfn: { value: 0x2c0000 }, currentPages: 0x2c0000, balloonLowPages: 0 });
    expect(missingKeys(layout)).toEqual(["hole"]);
  });

  test("the end of memory below 4 GiB is not taken for the end", () => {
    const large = text.replace("0x000000001f7fffff", "0x00000000efffffff").replace("0x1f800", "0xf0000");
    expect(missingKeys(readBootLog(large))).toEqual(["ram_pages", "max_pfn", "hole"]);
    expect(missingKeys(readBootLog(`${large}\n  Normal   empty`))).toEqual([]);
  });
});
