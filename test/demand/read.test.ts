/** Demand from tables that no tool claims: columns, numbers, guests and the line that says how they were read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DemandColumns } from "../../apps/demand/columns.js";
import { DemandError } from "../../apps/demand/demand-error.js";
import { readDemand } from "../../apps/demand/read.js";
import { runs } from "../support/seed.js";

const at = (timeMs: number, usedPages: number, provisionedPages: number | null = null) => ({
  timeMs,
  usedPages,
  provisionedPages,
});
const guestsOf = (text: string, given?: DemandColumns) => readDemand(text, given).guests;
const pointsOf = (text: string, given?: DemandColumns) => {
  const guests = guestsOf(text, given);
  expect(guests).toHaveLength(1);
  return guests[0].points;
};

function refusalOf(text: string, given?: DemandColumns): string {
  let error: unknown;
  try {
    readDemand(text, given);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(DemandError);
  return (error as DemandError).message;
}

describe("a table", () => {
  const MS = "time_ms,used_kib";
  test.each([
    ["ms", `${MS}\n5,4096`, [at(5, 1024)]],
    ["seconds", "time_s,demand_kib\n0.5,4096\n1,8192", [at(500, 1024), at(1000, 2048)]],
    ["a header in capitals, quoted", '"TIME_S";"Demand_KiB"\n2;8', [at(2000, 2)]],
    ["CRLF", `${MS}\r\n1,4\r\n2,8\r\n`, [at(1, 1), at(2, 2)]],
    ["semicolons and spaces", " time_ms ; used_kib \n 1 ; 4 \n 2 ; 8 ", [at(1, 1), at(2, 2)]],
    ["tabs", "time_ms\tused_kib\n1\t4\n2\t8\n", [at(1, 1), at(2, 2)]],
    ["quoted numbers", `${MS}\n"1","12"\n2,"16"`, [at(1, 3), at(2, 4)]],
    ["comments and blank lines", `# recorded\n\n${MS}\n1,4\n  # later\n \n2,8\n`, [at(1, 1), at(2, 2)]],
    ["numbers as programs write them", `${MS}\n1e3,4.0e3\n+2000.,.4e4`, [at(1000, 1000), at(2000, 1000)]],
    ["whole pages and ms", `${MS}\n0.4,4095\n1.6,4099`, [at(0, 1023), at(2, 1024)]],
    ["as much as a target can be", `${MS}\n0,${(2 ** 32 - 1) * 4}`, [at(0, 2 ** 32 - 1)]],
    ["names in a comment, as gnuplot has them", "# time_s,used_kib\n1,4\n2,8\n", [at(1000, 1), at(2000, 2)]],
    ["a line for Excel before the names", "sep=;\ntime_s;used_kib\n1;4\n", [at(1000, 1)]],
    ["the names again, where files were put together", `${MS}\n1,4\n${MS}\n2,8\n`, [at(1, 1), at(2, 2)]],
    ["the newest first", "time_s,used_kib\n20,12\n10,8\n0,4\n", [at(0, 1), at(10_000, 2), at(20_000, 3)]],
    ["a byte-order mark", `\ufeff${MS}\n1,4\n`, [at(1, 1)]],
    ["a first column without a name, as an index is written", `,${MS}\n0,5,4\n1,6,8\n`, [at(5, 1), at(6, 2)]],
  ])("%s", (_, text, points) => {
    expect(pointsOf(text)).toEqual(points);
  });

  test.each([
    ["Timestamp [s]", "Memory usage [KB]", 1000, 0.25],
    ["time (min)", "memory_used_mb", 60_000, 256],
    ["t_h", "rss_GiB", 3_600_000, 262_144],
    ["hours", "ram used (MiB)", 3_600_000, 256],
    ["timestamp_ms", "mem_used_bytes", 1, 1 / 4096],
    ["TIME_S", "Used (MiB)", 1000, 256],
    ["elapsed seconds", "memoryUsageMB", 1000, 256],
    ["time_us", "container_memory_working_set_bytes", 0.001, 1 / 4096],
    ["time_s", "used_pages", 1000, 1],
  ])("columns %s and %s", (time, used, unitMs, unitPages) => {
    const expected = [at(Math.round(8000 * unitMs), Math.floor(8192 * unitPages))];
    expect(pointsOf(`${time};${used}\n8000;8192\n`)).toEqual(expected);
  });

  test("memory in use is the total less what is available, where the columns say so", () => {
    const head = "time_s,mem_total_mib,mem_available_mib";
    expect(pointsOf(`${head}\n0,4096,1024\n1,4096,2048\n`)).toEqual([
      at(0, 786_432, 1_048_576),
      at(1000, 524_288, 1_048_576),
    ]);
    expect(refusalOf(`${head}\n0,1024,2048\n`)).toMatch(
      /^line 2, field 3 \(character 8\): expected at most what column "mem_total_mib" has, got more$/,
    );
  });

  test("swap, caches, percents and rates are no memory in use; the total is what was sold", () => {
    const head = "time_s,mem_total_kb,mem_used_kb,swap_used_kb,cached_kb,memory_used_pct,read [KB/s]";
    expect(pointsOf(`${head}\n0,8192,4096,1,1,50,1\n`)).toEqual([at(0, 1024, 2048)]);
  });

  test("columns are named where their names do not give them away", () => {
    const named = { time: "when", timeUnit: "s", used: "rss_kib", vm: "box", provisioned: "max_kib" };
    expect(guestsOf("box,when,used_kib,rss_kib,max_kib\nx,1,4,8,400\n", named)).toEqual([
      { vm: "x", points: [at(1000, 2, 100)] },
    ]);
    expect(pointsOf("0,4\n60,8\n", { timeUnit: "s", usedUnit: "KiB" })).toEqual([at(0, 1), at(60_000, 2)]);
  });

  test("a separator within quotes is text, two quotes are one, and one that is not closed is itself", () => {
    const head = '"vm","time_s","note; of whom","used_kib"\n';
    expect(guestsOf(`${head}"web, ""old""",1,"a,b",4\nweb "new",1,"5,8\n`)).toEqual([
      { vm: 'web, "old"', points: [at(1000, 1)] },
      { vm: 'web "new"', points: [at(1000, 2)] },
    ]);
    expect(refusalOf(`${head}a,1,"b,c",x\n`)).toMatch(/^line 2, field 4 \(character 11\): expected memory/);
  });

  test("takes a million rows and no more", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `${i},${i % 1000}\n`).join("");
    expect(pointsOf(`${MS}\n${rows(1_000_000)}`)).toHaveLength(1_000_000);
    expect(refusalOf(`${MS}\n${rows(1_000_001)}`)).toMatch(
      /^line 1000002, field 1 \(character 1\): expected at most 1000000 rows/,
    );
  });
});

describe("numbers", () => {
  const table = (...used: readonly string[]): string =>
    `time_s;used_mib\n${used.map((text, i) => `${i};${text}\n`).join("")}`;
  const mib = (...used: readonly number[]) => used.map((value, i) => at(i * 1000, Math.floor(value * 256)));

  test.each([
    ["decimal points", ["1.5", "2.25"], [1.5, 2.25]],
    ["decimal commas", ["1,5", "1024,25"], [1.5, 1024.25]],
    ["thousands and decimals", ["1.024,5"], [1024.5]],
    ["thousands twice", ["1,024,000"], [1_024_000]],
    ["thousands that another number proves", ["1.024", "1.024.000"], [1024, 1_024_000]],
    ["decimals that another number proves", ["1.024", "1024.5"], [1.024, 1024.5]],
    ["decimals that a leading 0 proves", ["0.512"], [0.512]],
    ["thousands with spaces and apostrophes", ["1 024", "1'024", "1\u202f024", "1\u00a0024"], [1024, 1024, 1024, 1024]],
    ["units in the cells", ["512 MiB", "512MiB"], [512, 512]],
  ])("%s", (_, texts, used) => {
    expect(pointsOf(table(...texts))).toEqual(mib(...used));
  });

  test.each([["1,024"], ["1.024"], ["234.881"], ["12,345"]])("%s alone is refused unless its mark is told", (text) => {
    expect(refusalOf(table(text))).toMatch(
      /^line 2, field 2 .*may have thousands or decimals: expected the decimal mark/,
    );
    const asPoint = Number(text.replace(",", ""));
    expect(pointsOf(table(text), { decimal: "." })).toEqual(mib(asPoint));
    expect(pointsOf(table(text), { decimal: "," })).toEqual(mib(Number(text.replace(".", "").replace(",", "."))));
  });

  test("a column that is not in use proves no decimal mark", () => {
    const text = "time_s;used_mib;version\n0;1.024;4.19\n1;2.048;4.19\n";
    expect(refusalOf(text)).toMatch(/^line 2, field 2 .*1.024 may have thousands or decimals/);
  });

  test("the reading names the mark by which a number was read, unless it was given", () => {
    const reading = (text: string, given?: DemandColumns): string => readDemand(text, given).reading;
    expect(reading(table("1.024", "1024.5"))).toContain('; decimals after ".", as other numbers have them;');
    expect(reading(table("1.024"), { decimal: "," })).not.toContain("decimals");
    expect(reading(table("1.5", "1024.25"))).not.toContain("decimals");
  });

  test("two decimal marks in one table are refused", () => {
    expect(refusalOf(table("1.5", "1,5"))).toMatch(/^line 3, field 2 .*expected \. as the decimal mark, as elsewhere/);
  });

  test("cells have their own units where the heading has none", () => {
    const text = "time_s,vm,used\n0,a,1.5 GiB\n0,b,512Mi\n60,a,980.5 KB\n60,b,8192 B\n";
    expect(guestsOf(text)).toEqual([
      { vm: "a", points: [at(0, 393_216), at(60_000, 245)] },
      { vm: "b", points: [at(0, 131_072), at(60_000, 2)] },
    ]);
  });
});

describe("guests", () => {
  test.each([
    ["vm"],
    ["instance"],
    ["container_id"],
    ["pod"],
    ["vmid"],
    ["Domain ID"],
    ["hostname"],
    ["VM name"],
    ["podName"],
    ["node"],
    ["uuid"],
    ["machine_id"],
  ])("are told apart by a column %s", (name) => {
    const text = `time_s,${name},used_mib\n0,1,1\n0,2,2\n60,1,3\n60,2,4\n`;
    expect(guestsOf(text)).toEqual([
      { vm: "1", points: [at(0, 256), at(60_000, 768)] },
      { vm: "2", points: [at(0, 512), at(60_000, 1024)] },
    ]);
    expect(readDemand(text).reading).toContain(`2 guests by ${JSON.stringify(name)}: 1, 2; 4 of 4 rows used`);
  });

  test.each([
    ["Domain ID,Domain name", "web"],
    ["vm_name,vmid", "1"],
  ])("of %s the name is kept", (names, vm) => {
    const order = names.startsWith("Domain") ? "1,web" : "1,9";
    expect(guestsOf(`time_s,${names},used_mib\n0,${order},2\n`).map((guest) => guest.vm)).toEqual([vm]);
  });

  test("a guest comes before the host it runs on", () => {
    expect(guestsOf("time_s,hostname,vm,used_mib\n0,h,a,1\n0,h,b,2\n").map(({ vm }) => vm)).toEqual(["a", "b"]);
  });

  test("each ascends by itself; dates count from the earliest", () => {
    const text =
      "date,vm,used_mib\n2026-01-01T00:00:05Z,b,2\n2026-01-01T00:00Z,a,1\n2026-01-01T00:01Z,a,3\n2026-01-01T00:01Z,b,1\n";
    expect(guestsOf(text)).toEqual([
      { vm: "b", points: [at(5000, 512), at(60_000, 256)] },
      { vm: "a", points: [at(0, 256), at(60_000, 768)] },
    ]);
  });

  test("may have a column each, which are named in a list", () => {
    const text = "time_s,web,db\n0,1,2\n60,,4\n";
    expect(refusalOf(text)).toContain("or a list, of which each is a guest's");
    const demand = readDemand(text, { used: ["web", "db"], usedUnit: "MiB" });
    expect(demand.guests).toEqual([
      { vm: "web", points: [at(0, 256)] },
      { vm: "db", points: [at(0, 512), at(60_000, 1024)] },
    ]);
    expect(demand.reading).toContain(
      'in use from columns for each guest, such as "web" (MiB); 2 guests: web, db; 2 of 2 rows used, 1 figure missing',
    );
  });

  test("two different rows at one time are refused with the column that tells them apart", () => {
    expect(refusalOf("time_s,box,used_mib\n0,a,1\n0,b,2\n")).toBe(
      'line 3, field 2 (character 3): expected one row at a time, got two, of which the other is in line 2: column "box" has "a" there and "b" here; one that names the guest is given as vm in the columns of a study',
    );
    // even where both use as much
    expect(refusalOf("time_s,box,used_mib\n0,a,1\n0,b,1\n")).toContain('column "box" has "a" there');
    expect(refusalOf("time_s,used_mib\n0,1\n0,2\n")).toContain('column "used_mib" has 1 there and 2 here');
    expect(refusalOf("time_s,vm,disk,used_mib\n0,a,x,1\n0,a,y,1\n")).toContain('column "disk" has "x" there');
    expect(refusalOf("time_s,used_mib\n0.0001,4\n0.0002,8\n")).toContain("expected one row at a time");
  });

  test("equal rows are dropped and counted", () => {
    const demand = readDemand("time_s,vm,used_mib\n0,a,1\n0,a,1\n0,b,1\n1,a,2\n0,b,1\n1,b,2\n");
    expect(demand.guests.map(({ points }) => points.length)).toEqual([2, 2]);
    expect(demand.reading).toContain("4 of 6 rows used, 2 equal to another");
  });

  test("a column of texts that nobody named may tell guests apart, at whatever times", () => {
    const text = "time_s,box,used_mib\n0,a,1\n1,b,2\n10,a,1\n11,b,2\n";
    expect(refusalOf(text)).toBe(
      'line 3, field 2 (character 3): column "box" has "a" in line 2 and "b" here: where it names guests, it is given as vm in the columns of a study, and where it does not, vm: ""',
    );
    expect(guestsOf(text, { vm: "box" }).map(({ vm }) => vm)).toEqual(["a", "b"]);
    expect(pointsOf(text, { vm: "" })).toHaveLength(4);
    expect(refusalOf("time_s,box,used_mib\n0,10.0.0.1,1\n1,10.0.0.2,2\n")).toContain(
      'column "box" has 10.0.0.1 in line 2',
    );
  });

  test.each([
    ["state", ["up", "down"]],
    ["box", ["a", "a"]],
    ["box", ["", "a"]],
    ["until", ["2024-02-29 23:00", "2024-03-01 00:00"]],
    ["cpu", ["5 %", "6.5 %"]],
    ["load", ["1.5", "n/a"]],
    ["swap", ["1.5 MiB", "2 GiB"]],
    ["ready", ["true", "false"]],
  ])("a column %s with %j tells no guests apart", (name, [a, b]) => {
    expect(pointsOf(`time_s;${name};used_mib\n0;${a};1\n1;${b};2\n`)).toHaveLength(2);
  });

  test.each([
    ["namespace,pod", ["prod,web", "dev,web"], "namespace"],
    ["rack,domid", ["r1,7", "r2,7"], "rack"],
    ["node,vmid", ["n1,7", "n2,8", "n2,7"], "node"],
    ["machine,server", ["m,s1", "m,s2"], "server"],
    ["uuid,name", ["c1,web", "c2,web"], "uuid"],
    ["name,tags", ["mem,host=a", "mem,host=b"], "tags"],
    ["box", ["1", "2", "1", "2"], "box"],
    ["pod,box", ["web,1", "web,2", "web,1", "web,2"], "box"],
    ["cid", ["12345678abcd", "9f3a"], "cid"],
    ["cid", ["12345678", "9f3a"], "cid"],
    ["vm_type", ["web1", "db1", "web1", "db1"], "vm_type"],
    ["mem_total_mib", ["64", "32", "64", "32"], "mem_total_mib"],
  ])("of %s with %j are not one guest: column %s is named", (names, rows, column) => {
    const text = `time_s,${names},used_mib\n${rows.map((row, i) => `${i},${row},2\n`).join("")}`;
    expect(refusalOf(text)).toMatch(
      new RegExp(`^line \\d, field \\d .*column "${column}" has .* in line 2 and .* here`),
    );
    expect(refusalOf(text)).toContain("as vm in the columns of a study");
  });

  test.each([["guestid"], ["domainid"], ["guestname"]])("are told apart by a column %s at whatever times", (name) => {
    expect(guestsOf(`time_s,${name},used_mib\n0,1,1\n5,2,2\n60,1,3\n65,2,4\n`)).toHaveLength(2);
  });

  test("a number that comes again in no order is taken for no guest, and the reading says so", () => {
    const reading = (...slots: readonly number[]): string =>
      readDemand(`time_s,slot,used_mib\n${slots.map((slot, i) => `${i},${slot},1\n`).join("")}`).reading;
    expect(reading(1, 2, 2, 1)).toContain('; column "slot" changes between 1 and 2, and counts as no guest\'s name;');
    expect(reading(1, 1, 2, 2)).not.toContain("slot");
    expect(reading(1, 1, 1, 1)).not.toContain("slot");
  });

  test("a guest may get another number, and change its state", () => {
    const text = "time_s,Domain ID,Domain name,state,used_mib\n0,1,web,up,2\n1,5,web,down,2\n2,5,web,down,3\n";
    expect(pointsOf(text)).toHaveLength(3);
  });

  test("a number of each row is no guest", () => {
    expect(refusalOf("id,time_s,used_mib\n1,0,1\n2,60,2\n")).toContain('column "id" has another value in every row');
    expect(guestsOf("id,time_s,used_mib\n1,0,1\n2,60,2\n", { vm: "id" })).toHaveLength(2);
  });

  test("names that come again may begin another guest, and the reading says so", () => {
    const text = "epoch,value\n1709250901,4096\nepoch,value\n1709250911,8192\nepoch,value\n1709250921,8192\n";
    const { guests, reading } = readDemand(text, { usedUnit: "B" });
    expect(guests).toHaveLength(1);
    expect(reading).toContain(
      "; line 3 has the names of columns again: a guest goes on in the file that begins there; 20 s in all",
    );
  });

  test("more in use than is sold is said; where none is sold, it is refused", () => {
    const text = "time_s,mem_total_gb,mem_used_mb\n0,4,8192\n1,4,2048\n2,4,5000\n";
    expect(readDemand(text).reading).toContain("; more in use than is sold in 2 figures, first in line 2;");
    expect(readDemand("time_s,mem_total_gb,mem_used_mb\n0,4,4096\n").reading).not.toContain("sold in");
    expect(refusalOf("time_s,vm,mem_total_kb,mem_used_kb\n0,a,0,4096\n")).toBe(
      'line 2, field 3 (character 5): expected memory that is sold, because column "mem_used_kb" has 4096 in use, got 0',
    );
  });

  test("rows without a figure are left out and counted; a guest without any is refused", () => {
    const demand = readDemand("time_s,used_mib\n0,1\n60,nan\n120,\n180,null\n240,2\n");
    expect(demand.guests[0].points).toEqual([at(0, 256), at(240_000, 512)]);
    expect(demand.reading).toContain("2 of 5 rows used, 3 without a figure");
    expect(refusalOf("time_s,vm,used_mib\n0,a,1\n0,b,nan\n")).toBe(
      'guest "b": expected a figure of memory in use, got none',
    );
  });
});

describe("a table is refused", () => {
  const MS = "time_ms,used_kib\n";
  test.each([
    ["", "line 1: expected a row of time and memory in use, got none"],
    [`# none\n${MS}`, "line 2: expected a row of time and memory in use, got none"],
    ["0,1024\n300,2048\n", "line 1: expected names of columns such as time_s,used_mib in the first line, or timeUnit"],
    ["0,1024,5\n300,2048,6\n", "line 1: expected names of columns such as time_s,vm,used_mib above 3 fields, got none"],
    ["0,vm1,1024\n", "line 1: expected names of columns such as time_s,vm,used_mib above 3 fields, got none"],
    [
      "time_s,vm,host_used_mib\n0,a,9\n",
      'line 1: "host_used_mib" may be of the host whose guests are in "vm": the memory of a guest is named as used',
    ],
    ["time_s,vm,host_total_mib,host_available_mib\n0,a,9,8\n", '"host_total_mib" may be of the host whose guests'],
    ["time_s,pod,node_used_mib\n0,a,9\n", '"node_used_mib" may be of the host whose guests are in "pod"'],
    [`${MS}1\n`, "line 2, field 1 (character 1): expected 2 fields, commas between, got 1"],
    ["time_ms;used_kib\n1,8", "semicolons between, got 1"],
    ["time_ms\tused_kib\n1,8", "tabs between, got 1"],
    [`${MS}0,4,5`, "line 2, field 3 (character 5): expected 2 fields, commas between, got 3"],
    [`${MS}  x, 8`, 'line 2, field 1 (character 3): expected a time from 0 to 9007199254740991 ms, got "x"'],
    [`${MS}10,  eight`, 'line 2, field 2 (character 6): expected memory from 0 to 4294967295 pages, got "eight"'],
    [`${MS}0,-4`, "got -4"],
    [`${MS}-1,4`, "got -1"],
    [`${MS}0,Infinity`, 'got "Infinity"'],
    [`${MS}0,1e400`, "got 1e400"],
    [`${MS}0,0x10`, 'got "0x10"'],
    [`${MS}0,1_000`, 'got "1_000"'],
    [`${MS}0,"4`, "expected memory"],
    [`${MS}0,4 GiB`, 'got "4 GiB"'],
    ["time_constructor,used_constructor\n0,4", "expected a column of time"],
    ["time_s,vm,used_kib\n0,,4", 'line 2, field 2 (character 3): expected a guest in column "vm", got nothing'],
    [`${MS}0,${2 ** 32 * 4}`, "got 17179869184"],
    ["time_s,demand_kib\n9007199254741,4", "expected the unit as timeUnit"],
    [
      `${MS}4,4\n5,4\n# x\n\n4,8`,
      "line 6, field 1 (character 1): expected a time no earlier than the row before, got 4",
    ],
    [`${MS}5,4\n4,4\n6,8`, "expected a time no later than the row before, as the rows above it, got 6"],
    ["when,used_kib\n0,4", 'line 1: expected a column of time, such as time_s; there are "when", "used_kib": one is'],
    ["time_s,load\n0,4", 'line 1: expected a column of memory in use, such as used_kib; there are "time_s", "load"'],
    ["time_s,used\n0,4", 'line 2, field 2 (character 3): expected a unit in the name of column "used", or as usedUnit'],
    ["time_s,used_kib,rss_kib\n0,4,4", '"used_kib" and "rss_kib" could both be meant by used: one is named as used'],
    ["time_s,pod,container,used_kib\n0,a,b,4", '"pod" and "container" could both be meant by vm: one is named as vm'],
    ["time_s,vm,mem_mb,memory_used_pct\n0,a,4096,25", '"mem_mb" may be memory that is sold or in use: one is named'],
    ["time_s,mem_mb\n0,4096", '"mem_mb" may be memory that is sold or in use'],
    [`${MS}0,${"x".repeat(50)}`, `got "${"x".repeat(40)}…"`],
    ["t\0i\0m\0e\0", "line 1: expected UTF-8, got UTF-16 or a file that is no text"],
    [`time_s,vm,used_kib\n0,a,4\n0,\ufffd,4`, "line 3: expected UTF-8, got bytes of another encoding"],
  ])("%j", (text, message) => {
    expect(refusalOf(text)).toContain(message);
  });

  test("with names that are not there", () => {
    expect(refusalOf("a,b\n1,2", { time: "c", used: "b" })).toBe('line 1: expected a column "c"; there are "a", "b"');
    expect(refusalOf("a,a\n1,2", { time: "a", used: "b" })).toBe('line 1: expected one column "a"; there are "a", "a"');
    expect(refusalOf("a,b\n1,2", { time: "a", used: "b", timeUnit: "weeks" })).toContain(
      "expected a unit among ns, us",
    );
    expect(refusalOf("0,4\n", { usedUnit: "KiB" })).toContain("or as timeUnit in the columns of a study");
  });
});

test("the reading says columns, units, guests, rows, span and step", () => {
  expect(readDemand("t_s;VM;sold [MB];used [MB]\n0;a;4;1\n60;a;4;2\n180;a;4;2\n").reading).toBe(
    'table; time from "t_s" (s); in use from "used [MB]" (MB of 1024); sold from "sold [MB]" (MB of 1024); 1 guest by "VM": a; 3 of 3 rows used; 3 min in all, steps of 1 min to 2 min',
  );
  expect(readDemand("time_s,used_kib\n5,1\n1,2").reading).toBe(
    'table; time from "time_s" (s); in use from "used_kib" (KiB); one guest; 2 of 2 rows used; read from the end, because the times descend; 4 s in all, a step of 4 s; the last line has no line end, and may be cut',
  );
  expect(readDemand("time_s,used_kib\n5,1\n").reading).toMatch(/; one time$/);
});

test("reads back what was written, however it was", () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.nat(2 ** 31 - 1));
  const style = fc.record({
    separator: fc.constantFrom(",", ";", "\t"),
    end: fc.constantFrom("\n", "\r\n"),
    quote: fc.constantFrom("", '"'),
    between: fc.constantFrom("", "# a comment", " "),
    descends: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), style, (drawn, { separator, end, quote, between, descends }) => {
      let timeMs = -1;
      const points = drawn.map(([later, pages]) => {
        timeMs += later;
        return at(timeMs, pages);
      });
      const lines = points.map(
        ({ timeMs, usedPages }) => `${quote}${timeMs}${quote}${separator}${quote}${4 * usedPages}${quote}${end}`,
      );
      if (descends) lines.reverse();
      const text = `time_ms${separator}demand_kib${end}${lines.join(between === "" ? "" : between + end)}`;
      expect(pointsOf(text)).toEqual(points);
    }),
    runs(200),
  );
});
