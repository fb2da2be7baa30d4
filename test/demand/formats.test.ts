/** Demand from the output of tools: twins of what they write, made up. */
import { describe, expect, test } from "vitest";
import type { DemandColumns } from "../../apps/demand/columns.js";
import { FORMATS, UNREAD_FORMATS } from "../../apps/demand/formats.js";
import { type Demand, readDemand } from "../../apps/demand/read.js";

/** The guests, each as its name and `ms:used pages/sold pages` for each point. */
function told({ guests }: Demand): Record<string, string[]> {
  const entries = guests.map(({ vm, points }) => [
    vm,
    points.map(({ timeMs, usedPages, provisionedPages }) => `${timeMs}:${usedPages}/${provisionedPages ?? "?"}`),
  ]);
  return Object.fromEntries(entries);
}

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

const XENTOP = "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS SSID";
const XL = "Name                                        ID   Mem VCPUs\tState\tTime(s)";
const GWA_12 =
  "Timestamp [ms];\tCPU cores;\tCPU usage [%];\tMemory capacity provisioned [KB];\tMemory usage [KB];\tDisk read throughput [KB/s]";
const GWA_13 =
  '"Timestamp";"CPU cores";"CPU capacity provisioned [MHZ]";"CPU usage [%]";"Memory capacity provisioned [KB]";"Memory usage [KB]";"Memory usage [%]"';

type Twin = readonly [name: string, text: string, guests: Record<string, string[]>, given?: DemandColumns];

const READ: readonly Twin[] = [
  [
    "sadf -d",
    lines(
      "# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused",
      "alpha;300;2024-02-29 23:55:01 UTC;100;200;4000;9.10",
      "alpha;-1;2024-02-29 23:57:11 UTC;LINUX-RESTART\t(2 CPU)",
      "# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused",
      "alpha;300;2024-03-01 00:00:01 UTC;100;200;8000;9.10",
    ),
    { alpha: ["0:1000/?", "300000:2000/?"] },
  ],
  [
    "sadf -d",
    lines(
      "# hostname;interval;timestamp;CPU;%user;%idle",
      "alpha;300;1709250901;-1;1.00;99.00",
      "# hostname;interval;timestamp;kbmemfree;kbmemused;%memused",
      "alpha;300;1709250901;100;4000;9.10",
      "# hostname;interval;timestamp;CPU;%user;%idle",
      "alpha;300;1709251201;-1;1.00;99.00",
      "# hostname;interval;timestamp;kbmemfree;kbmemused;%memused",
      "alpha;300;1709251201;100;8000;9.10",
    ),
    { alpha: ["0:1000/?", "300000:2000/?"] },
  ],
  [
    "sar -r",
    lines(
      "Linux 6.1.0-18-amd64 (alpha) \t02/29/2024 \t_x86_64_\t(2 CPU)",
      "",
      "11:50:01 AM kbmemfree   kbavail kbmemused  %memused kbbuffers",
      "11:55:01 AM       100       200      4000      9.10       100",
      "",
      "11:57:11 AM  LINUX RESTART\t(2 CPU)",
      "",
      "11:58:01 AM kbmemfree   kbavail kbmemused  %memused kbbuffers",
      "12:05:01 PM       100       200      8000      9.10       100",
      "01:05:01 PM       100       200      4400      9.10       100",
      "Average:          100       200      6000      9.10       100",
    ),
    { alpha: ["0:1000/?", "600000:2000/?", "4200000:1100/?"] },
  ],
  [
    "sar -r",
    lines(
      "Linux 6.1.0 (alpha) \t2024-02-29 \t_x86_64_\t(2 CPU)",
      "23:50:01    kbmemfree kbmemused",
      "23:55:01          100      4000",
      "Linux 6.1.0 (alpha) \t2024-03-01 \t_x86_64_\t(2 CPU)",
      "00:00:01    kbmemfree kbmemused",
      "00:05:01          100      8000",
    ),
    { alpha: ["0:1000/?", "600000:2000/?"] },
  ],
  [
    "sar -r",
    lines(
      "Linux 6.1.0 (alpha) \t02/28/2024 \t_x86_64_\t(2 CPU)",
      "11:40:01 PM kbmemfree kbmemused",
      "11:50:01 PM       100      4000",
      "12:00:01 AM kbmemfree kbmemused",
      "12:00:01 AM       100      8000",
      "12:10:01 AM       100      4400",
    ),
    { alpha: ["0:1000/?", "600000:2000/?", "1200000:1100/?"] },
  ],
  [
    "sar -r",
    lines(
      "Linux 6.1.0 (alpha) \t2024-02-28 \t_x86_64_\t(2 CPU)",
      "23:40:01    kbmemfree kbmemused",
      "23:50:01          100      4000",
      "00:00:01          100      8000",
      "Linux 6.1.0 (alpha) \t2024-02-29 \t_x86_64_\t(2 CPU)",
      "00:00:01    kbmemfree kbmemused",
      "00:10:01          100      4400",
    ),
    { alpha: ["0:1000/?", "600000:2000/?", "1200000:1100/?"] },
  ],
  [
    "sar -r",
    lines(
      "Linux 3.10.0 (alpha) \t02/29/24 \t_x86_64_\t(2 CPU)",
      "00:00:01 kbmemfree kbmemused  %memused kbbuffers  kbcached",
      "00:10:01      1000     15000     93.75      1000     10000",
      "00:20:01      2000     14000     87.50      1000      5000",
    ),
    { alpha: ["0:1000/?", "600000:2000/?"] },
  ],
  [
    "virsh dommemstat",
    lines(
      ...["actual 8192", "swap_in 0", "unused 500", "available 8000", "usable 4000", "last_update 1709250901", "rss 9"],
      ...["actual 8192", "swap_in 0", "unused 500", "available 8000", "usable 2000", "last_update 1709250911", "rss 9"],
    ),
    { "": ["0:1000/2000", "10000:1500/2000"] },
  ],
  [
    "virsh dommemstat without usable",
    lines("actual 8192", "unused 4000", "available 8000", "last_update 1709250901", "rss 9"),
    { "": ["0:1000/2000"] },
  ],
  [
    "xentop -b",
    lines(
      "1709250901",
      XENTOP,
      "  Domain-0 -----r        123    0.0       4096   12.5   no limit       n/a     4    0",
      "     my vm --b---         45    1.2       8192   25.0      16384      50.0     2    0",
      "1709250911",
      XENTOP,
      "  Domain-0 -----r        124    0.0       4096   12.5   no limit       n/a     4    0",
      "     my vm --b---         46    1.2       8196   25.0      16384      50.0     2    0",
    ),
    { "Domain-0": ["0:1024/?", "10000:1024/?"], "my vm": ["0:2048/4096", "10000:2049/4096"] },
    { used: "MEM(k)" },
  ],
  [
    "xl list",
    lines(
      "Thu Feb 29 23:59:55 UTC 2024",
      XL,
      "Domain-0                                     0  1024     2     r-----     633.6",
      "web one                                      4     4     2     -b----       7.7",
      "Fri Mar  1 00:00:05 UTC 2024",
      XL,
      "Domain-0                                     0  1024     2     r-----     635.6",
      "web one                                      4     8     2     -b----       7.7",
    ),
    { "Domain-0": ["0:262144/?", "10000:262144/?"], "web one": ["0:1024/?", "10000:2048/?"] },
    { used: "Mem" },
  ],
  [
    "GWA-T-12 (Bitbrains)",
    lines(GWA_12, "1376314846;\t4;\t93.2;\t16000;\t4000.5;\t0.1", "1376315146;\t4;\t93.2;\t16000;\t8000.5;\t0.1"),
    { "": ["0:1000/4000", "300000:2000/4000"] },
  ],
  [
    "GWA-T-13 (Materna)",
    lines(
      GWA_13,
      '"31.12.2015 23:55:00";"2";"0";"1,54";"16000";"4000";"5,6"',
      '"01.01.2016 00:00:00";"2";"0";"1,63";"16000";"8.000";"6,0"',
    ),
    { "": ["0:1000/4000", "300000:2000/4000"] },
  ],
  [
    "collectd csv",
    lines("epoch,value", "1709250901.125,4096000.000000", "1709250911.125,8192000.000000", "1709250921.125,nan"),
    { "": ["0:1000/?", "10000:2000/?"] },
    { usedUnit: "B" },
  ],
];

describe("what a tool writes is read", () => {
  test.each(READ.map((twin) => [twin[0], twin] as const))("%s", (name, [, text, guests, given]) => {
    const demand = readDemand(text, given);
    expect(told(demand)).toEqual(guests);
    expect(demand.reading.split(";")[0]).toBe(name);
  });

  test("every format that is read has a twin here", () => {
    expect(new Set(READ.map(([name]) => name))).toEqual(new Set(FORMATS.map(({ name }) => name)));
  });

  test.each([
    [
      "a column of bytes, ms since 1970",
      lines('"Time","used_bytes"', "1709250901000,4096000", "1709250961000,8192000"),
      { "": ["0:1000/?", "60000:2000/?"] },
    ],
    [
      "a column for each series",
      lines(
        '"Time","{__name__=""node_memory_MemTotal_bytes"", instance=""a:9100"", job=""n""}","{__name__=""node_memory_MemAvailable_bytes"", instance=""a:9100"", job=""n""}","{__name__=""node_memory_MemTotal_bytes"", instance=""b:9100"", job=""n""}","{__name__=""node_memory_MemAvailable_bytes"", instance=""b:9100"", job=""n""}"',
        "1709250901000,8192000,4096000,16384000,4096000",
        "1709250961000,8192000,2048000,16384000,",
      ),
      { "a:9100": ["0:1000/2000", "60000:1500/2000"], "b:9100": ["0:3000/4000"] },
    ],
    [
      "a column for each pod, with its labels",
      lines(
        'Time,"container_memory_working_set_bytes{container=""main"", pod=""a-1""}","container_memory_working_set_bytes{container=""main"", pod=""b-2""}"',
        "2024-02-29 23:59:00,4096000,8192000",
      ),
      { "a-1": ["0:1000/?"], "b-2": ["0:2000/?"] },
    ],
    [
      "a row for each series and time",
      lines("timestamp,pod,container_memory_rss_bytes", "1709250901,a,4096000", "1709250901,b,8192000"),
      { a: ["0:1000/?"], b: ["0:2000/?"] },
    ],
  ])("Prometheus and Grafana: %s", (_, text, guests) => {
    expect(told(readDemand(text))).toEqual(guests);
  });

  test("a series without the label that names guests is refused", () => {
    expect(() => readDemand(lines('Time,"used_bytes{pod=""a""}","used_bytes{ns=""b""}"', "1709250901000,1,2"))).toThrow(
      'line 1: expected a label pod, which names guests, in every series, got used_bytes{ns="b"}',
    );
  });

  test("Grafana, series as rows, whose unit is asked for", () => {
    const text = lines(
      '"Series";"Time";"Value"',
      '"a";"2024-02-29T23:59:00+11:00";4,096,000.5',
      '"a";"2024-02-29T23:59:30+11:00";null',
      '"b";"2024-02-29T23:59:00+11:00";8,192,000.25',
    );
    expect(() => readDemand(text)).toThrow('expected a unit in the name of column "Value", or as usedUnit');
    expect(told(readDemand(text, { usedUnit: "B" }))).toEqual({ a: ["0:1000/?"], b: ["0:2000/?"] });
  });
});

describe("what a tool leaves open is asked for", () => {
  test.each([
    ["xentop -b", lines("1709250901", XENTOP, "vm --b--- 45 1.2 8192 25.0 16384 50.0 2 0"), /used: MEM\(k\)$/],
    ["xl list", lines("1709250901", XL, "vm 4 1024 2 -b---- 7.7"), /used: Mem$/],
  ])("%s has the memory that a domain holds, not what it uses", (name, text, message) => {
    expect(() => readDemand(text)).toThrow(`line 2: ${name}: `);
    expect(() => readDemand(text)).toThrow("is the memory that a domain holds, not what it has in use");
    expect(() => readDemand(text)).toThrow(message);
  });

  test.each([
    [
      "no times",
      lines(XL, "vm 4 1024 2 -b---- 7.7"),
      /^line 1: xl list writes no time: expected one before each sample/,
    ],
    [
      "a time before the first sample only",
      lines("1709250901", XL, "vm 4 1024 2 -b---- 7.7", XL, "vm 4 1020 2 -b---- 7.7"),
      /^line 4: xl list writes no time/,
    ],
    [
      "a row that is cut",
      lines("1709250901", XL, "vm 4 1024"),
      /^line 3, .*xl list: expected a time, names of columns or 6/,
    ],
  ])("samples with %s", (_, text, message) => {
    expect(() => readDemand(text, { used: "Mem" })).toThrow(message);
  });

  test.each([
    ["collectd csv", lines("epoch,value", "1709250901.0,4096"), /expected a unit in the name of column "value"/],
    [
      "sadf -d",
      lines("# hostname;interval;timestamp;CPU;%user", "a;300;1709250901;-1;1"),
      /memory report of sadf -d -- -r/,
    ],
    [
      "sar",
      lines("Linux 6.1.0 (a) \t2024-02-29 \t_x86_64_", "23:50:01 CPU %user", "23:55:01 all 1"),
      /report of sar -r/,
    ],
    ["sar", lines("23:50:01 kbmemfree kbmemused", "23:55:01 100 4000"), /expected a date, got nothing and "23:55:01"/],
    [
      "sar in another language",
      lines("Linux 6.1.0 (a) \t2024-02-29 \t_x86_64_", "05時30分27秒 kbmemfree kbmemused"),
      /line 2: sar -r: expected a time such as 12:10:01 or 12:10:01 AM, as sar -r writes with LC_ALL=C, got "05時30分27秒/,
    ],
    [
      "dommemstat with a line that is lost",
      lines("actual 1", "available 8", "usable 4", "last_update 1709250901", "actual 1", "available 8", "usable 4"),
      /line 5: virsh dommemstat: expected a line last_update in the block, got none/,
    ],
    [
      "dommemstat of two domains",
      lines(
        ...[8000, 16000, 8000, 16000].flatMap((kib, i) => [
          `available ${kib}`,
          "usable 4000",
          `last_update ${1709250901 + i}`,
        ]),
      ),
      /^line 4, .*column "available" has 8000 in line 1 and 16000 here, by turns: .*have a file each$/,
    ],
    [
      "dommemstat with something between",
      lines("actual 1", "available 8", "usable 4", "last_update 1709250901", "# vm 2"),
      /line 5: virsh dommemstat: expected a name and a number, got "# vm 2"/,
    ],
  ])("%s", (_, text, message) => {
    expect(() => readDemand(text)).toThrow(message);
  });
});

test("the page cache that sadf -d counts in is taken off, and the reading says so", () => {
  const head = "# hostname;interval;timestamp;kbmemfree;kbmemused;%memused;kbbuffers;kbcached";
  const row = "a;600;2024-02-29 00:10:01 UTC;1000;15000";
  const demand = readDemand(lines(head, `${row};93.75;1000;10000`));
  expect(told(demand)).toEqual({ a: ["0:1000/?"] });
  expect(demand.reading).toContain("; kbmemused less kbbuffers and kbcached, which this version of sysstat counts in;");
  const newer = readDemand(lines(head, `${row};55.56;1000;10000`));
  expect(told(newer)).toEqual({ a: ["0:3750/?"] });
  expect(newer.reading).not.toContain("less");
  expect(() => readDemand(lines(head.replace(";kbbuffers;kbcached", ""), `${row};93.75`))).toThrow(
    /^line 2, field 5 .*: kbmemused holds the page cache, .* kbbuffers and kbcached beside it, no more in all than 15000$/,
  );
});

const UNREAD: Readonly<Record<string, string>> = {
  vmstat: lines(
    "procs -----------memory---------- ---swap-- -----timestamp-----",
    " r  b   swpd   free   buff  cache   si   so                 UTC",
    " 1  0      0 123456  12345 234567    0    0 2024-02-29 00:00:00",
  ),
  free: lines("               total        used        free      shared  buff/cache   available", "Mem: 8 1 2 3 4 5"),
  "/proc/meminfo": lines("MemTotal:        8192 kB", "MemFree:         4096 kB"),
  "docker stats": lines(
    "CONTAINER ID   NAME   CPU %     MEM USAGE / LIMIT   MEM %",
    "ab   web   0.1%   1MiB / 2MiB   50%",
  ),
  "kubectl top": lines("NAME   CPU(cores)   MEMORY(bytes)", "web   1m   12Mi"),
  "top -b": lines("top - 12:00:01 up 1 day,  1 user", "Tasks: 1 total"),
  "virt-top --csv": lines(
    "Hostname,Time,Arch,Physical CPUs,Domain ID,Domain name,Mem (bytes)",
    "h,12:00:01,x,4,1,a,8192",
  ),
  "dstat --output": lines('"Dstat 0.7.4 CSV output"', '"Author:","x"'),
  "the history of Zabbix": lines("itemid,clock,value,ns", "1,1709250901,8192,1"),
  "virsh domstats": lines("Domain: 'web'", "  balloon.current=8192"),
  nmon: lines("AAA,progname,nmon", "AAA,host,a"),
  "perfmon (PDH-CSV)": lines('"(PDH-CSV 4.0) (UTC)(0)","\\\\A\\Memory\\Available MBytes"', '"02/29/2024 00:00:01","8"'),
  "Prometheus text exposition": lines("# HELP m Memory.", "# TYPE m gauge", "m 8192"),
  "annotated CSV of InfluxDB": lines("#group,false,false", "#datatype,string,long", ",result,table,_time,_value"),
};

test("what is not read is refused by its name, with the way to convert it", () => {
  expect(Object.keys(UNREAD).sort()).toEqual(UNREAD_FORMATS.map(({ name }) => name).sort());
  for (const { name, convert } of UNREAD_FORMATS) {
    expect(() => readDemand(UNREAD[name]), name).toThrow(`line 1: the output of ${name} is not read: ${convert}`);
  }
});
