/**
 * The formats that tools write. A format is a row of this table: how a text of it is recognised, how its rows are read,
 * and which columns it has; or, for one that is not read, why, and how to convert it.
 */
import type { FormatColumns } from "./columns.js";
import { pairsTable } from "./pairs.js";
import type { Table } from "./row.js";
import { SAMPLED_AT, sampledTable } from "./samples.js";
import { sadfTable, sarTable, USED } from "./sysstat.js";

/** A format that is read. */
export interface Format {
  readonly name: string;
  /** Matches the first lines of a text. */
  readonly begins: RegExp;
  /** Reads the rows; absent where they are between commas, semicolons or tabs. */
  readonly table?: (text: string) => Table;
  /** The columns that the format has by definition. */
  readonly columns: FormatColumns;
  /** A question that the format leaves open, for the message where `used` is not given. */
  readonly asksUsed?: string;
}

/** A format that is not read. */
export interface UnreadFormat {
  readonly name: string;
  readonly begins: RegExp;
  /** Why it is not read, and how to convert it. */
  readonly convert: string;
}

const HELD =
  "is the memory that a domain holds, not what it has in use. Record that in the guest, as by sar -r, or name it in the columns of a study:";
const XENTOP_HEADER = /^\s*NAME\s+STATE\s+CPU\(sec\).*\sMEM\(k\)/m;
const XL_HEADER = /^\s*Name\s+ID\s+Mem\s+VCPUs\s+State\s+Time\(s\)/m;

/** The formats that are read. */
export const FORMATS: readonly Format[] = [
  {
    name: "sadf -d",
    begins: /^\s*#?\s*hostname;interval;timestamp;/m,
    table: sadfTable,
    columns: { time: "timestamp", used: USED, usedUnit: "KiB", vm: "hostname" },
  },
  {
    name: "sar -r",
    begins: /^Linux \S+ \(.*?\)\s+\S+|^\d\d:\d\d:\d\d( [AP]M)?\s+kbmemfree\s/m,
    table: sarTable,
    columns: { used: USED, usedUnit: "KiB", vm: "hostname" },
  },
  {
    name: "virsh dommemstat",
    begins: /^(?=[\s\S]*^usable \d)\s*[a-z_]+ \d+\s*$(?=[\s\S]*^last_update \d)/m,
    table: pairsTable,
    columns: { time: "last_update", timeUnit: "s", total: "available", used: "usable", usedUnit: "KiB" },
  },
  {
    // the guest does not tell what it could give up
    name: "virsh dommemstat without usable",
    begins: /^\s*(actual|swap_in|available|unused|last_update) \d+\s*$(?=[\s\S]*^last_update \d)/m,
    table: pairsTable,
    columns: { time: "last_update", timeUnit: "s", total: "available", used: "unused", usedUnit: "KiB" },
  },
  {
    name: "xentop -b",
    begins: XENTOP_HEADER,
    table: (text) => sampledTable(text, "xentop -b -i 1", (line) => XENTOP_HEADER.test(line)),
    columns: { time: SAMPLED_AT, usedUnit: "KiB", vm: "NAME" },
    asksUsed: `MEM(k) ${HELD} used: MEM(k)`,
  },
  {
    name: "xl list",
    begins: XL_HEADER,
    table: (text) => sampledTable(text, "xl list", (line) => XL_HEADER.test(line)),
    columns: { time: SAMPLED_AT, usedUnit: "MiB", vm: "Name" },
    asksUsed: `Mem ${HELD} used: Mem`,
  },
  {
    name: "GWA-T-12 (Bitbrains)",
    // the name of its column of seconds since 1970 is wrong
    begins: /^[^\n]*"?Timestamp \[ms\]"?\s*[;,\t]\s*"?CPU cores"?\s*[;,\t]/,
    columns: { timeUnit: "s", used: "Memory usage [KB]", provisioned: "Memory capacity provisioned [KB]" },
  },
  {
    name: "GWA-T-13 (Materna)",
    begins: /^\s*"?Timestamp"?\s*;\s*"?CPU cores"?\s*;\s*"?CPU capacity provisioned \[MHZ\]"?\s*;/,
    columns: { used: "Memory usage [KB]", provisioned: "Memory capacity provisioned [KB]", decimal: "," },
  },
  {
    name: "collectd csv",
    begins: /^\s*epoch,value\s*$/m,
    columns: { time: "epoch", timeUnit: "s", used: "value" },
  },
];

const NO_TIME = "it has no times. Record those, too, in the guest: ";

/** The formats that are not read. */
export const UNREAD_FORMATS: readonly UnreadFormat[] = [
  {
    name: "vmstat",
    begins: /^\s*r\s+b\s+swpd\s+free\s/m,
    convert:
      "it has what is free, and neither how much there is nor the unit. With T, the KiB that there are: " +
      `awk -v T=… 'BEGIN {print "time,used_kib"} $1 ~ /^[0-9]+$/ {print $(NF-1) "T" $NF "," T-$4-$5-$6}'`,
  },
  {
    name: "free",
    begins: /^\s*total\s+used\s+free\s+shared/m,
    convert: `${NO_TIME}while sleep 10; do echo "$(date +%s),$(free -k | awk '/^Mem/ {print $3}')"; done, below time,used_kib`,
  },
  {
    name: "/proc/meminfo",
    begins: /^MemTotal:\s+\d+ kB/m,
    convert:
      NO_TIME +
      `while sleep 10; do awk -v t=$(date +%s) '/^MemT/ {m=$2} /^MemA/ {print t "," m-$2}' /proc/meminfo; done, below time,used_kib`,
  },
  {
    name: "docker stats",
    begins: /^CONTAINER( ID)?\s.*MEM USAGE/m,
    convert:
      NO_TIME +
      `while sleep 10; do docker stats --no-stream --format "$(date +%s),{{.Name}},{{.MemUsage}}" | sed 's# / .*##'; done, below time,vm,used`,
  },
  {
    name: "kubectl top",
    begins: /^(NAMESPACE\s+)?NAME\s+CPU\(cores\)\s.*MEMORY\(bytes\)/m,
    convert:
      NO_TIME +
      `while sleep 10; do kubectl top pod --no-headers | awk -v t=$(date +%s) '{print t "," $1 "," $3}'; done, below time,vm,used`,
  },
  {
    name: "top -b",
    begins: /^top - \d\d:\d\d:\d\d up /m,
    convert: "its times have no date. Record the memory in use with sar -r",
  },
  {
    name: "virt-top --csv",
    begins: /^"?Hostname"?,"?Time"?,"?Arch"?,/,
    convert: "its rows have other columns than its first line, and Mem is what a domain holds. Use virsh dommemstat",
  },
  {
    name: "dstat --output",
    begins: /^"?(Dstat|Dool|pcp-dstat)\b.*CSV/i,
    convert: "its names are in two lines and its times have no year. Record the memory in use with sar -r",
  },
  {
    name: "the history of Zabbix",
    begins: /^"?itemid"?[,;\t]"?clock"?[,;\t]/,
    convert:
      "an item is a number, and may be of anything. Select those of the memory in use, with the names of their hosts, as time_s,vm,used_bytes",
  },
  {
    name: "virsh domstats",
    begins: /^Domain: '/m,
    convert:
      "it has no times. Those of a domain are in virsh dommemstat: while sleep 10; do virsh dommemstat DOMAIN; done",
  },
  {
    name: "nmon",
    begins: /^AAA,progname,/m,
    convert: "every line has its own columns. Record the memory in use with sar -r",
  },
  {
    name: "perfmon (PDH-CSV)",
    begins: /^"?\(PDH-CSV/,
    convert:
      "its names have the time zone and the machine. Name its columns time and used_bytes, in a line of their own",
  },
  {
    name: "Prometheus text exposition",
    begins: /^# (HELP|TYPE) \S+ /m,
    convert: "it has one moment. Export a range: Grafana, panel, Inspect, Data, Download CSV",
  },
  {
    name: "annotated CSV of InfluxDB",
    begins: /^#(group|datatype),/m,
    convert: "every table in it has its own columns. Query with pivot(), and export without annotations",
  },
];

/** JSON of other tools, by a key at its top. */
export const UNREAD_JSON: Readonly<Record<string, Omit<UnreadFormat, "begins">>> = {
  sysstat: { name: "sadf -j", convert: "sadf -d -- -r writes a table that is" },
  status: {
    name: "JSON of the Prometheus API",
    convert:
      "jq -r '.data.result[] | .metric.instance as $i | .values[] | [.[0], $i, .[1]] | @csv', below time,instance,used_bytes",
  },
};
