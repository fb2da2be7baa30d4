/** The driver's attributes as files: /sys/devices/system/xen_memory/xen_memory0 (drivers/xen/xen-balloon.c). */
import type { Generation } from "../../host/generation.js";
import { leadingNumber, memparse, wrapped } from "./kernel-numbers.js";

/** The driver as its attributes see it. */
export interface SysfsDriver {
  /** current_pages: pages that the guest has. */
  readonly currentPages: number;
  /** balloon_low: pages in the balloon, without high memory. */
  readonly lowPages: number;
  /** balloon_high: pages of high memory in the balloon. */
  readonly highPages: number;
  /** Its present wait between tries, in seconds. */
  readonly scheduleDelaySeconds: number;
  /** Its tries in vain, one after the other. */
  readonly retryCount: number;
  /** Its target, in pages, up to 2^52 - 1. */
  targetPages: number;
  /** The longest wait between tries, in seconds. */
  maxScheduleDelaySeconds: number;
  /** The most tries in vain; 0 for no limit. */
  maxRetryCount: number;
  /** Whether a page is cleared before it leaves. Driver `modern` alone. */
  scrub: boolean;
}

/** The reason why a write fails, with the kernel's name. */
export type SysfsError = "EPERM" | "EINVAL" | "ERANGE";

/** An attribute. */
export interface SysfsFile {
  /** Permissions, as in 0o644. */
  readonly mode: number;
  /** Reads the whole file, with its line end. */
  read(): string;
  /**
   * Writes to the file. Only a file that its owner may write has this.
   *
   * @param admin - whether the writer has CAP_SYS_ADMIN, for which target and target_kb ask. Default: true
   * @returns null if all bytes were taken, or the error: then nothing has changed.
   */
  write?(text: string, admin?: boolean): SysfsError | null;
}

const PAGE_SHIFT = 12n;
const READABLE = 0o444;
const WRITABLE = 0o644;

/** The pages that a write to target sets, for the 64-bit bytes that the text names. Garbage is 0. */
export function pagesOfTarget(text: string, generation: Generation): number {
  return Number(memparse(text, generation) >> PAGE_SHIFT);
}

/** The pages that a write to target_kb sets. Garbage is 0. */
export function pagesOfTargetKb(text: string): number {
  return Number(wrapped(leadingNumber(text).value * 1024n) >> PAGE_SHIFT);
}

/**
 * Lists the attributes of a driver by their paths below the device.
 *
 * @example
 * const files = sysfsFiles("2013", driver);
 * files["target_kb"].write("524288\n");
 * files["info/current_kb"].read(); // "524288\n", once the balloon is there
 */
export function sysfsFiles(generation: Generation, driver: SysfsDriver): Readonly<Record<string, SysfsFile>> {
  return {
    target: target(
      () => `${wrapped(BigInt(driver.targetPages) << PAGE_SHIFT)}\n`,
      (text) => {
        driver.targetPages = pagesOfTarget(text, generation);
      },
    ),
    target_kb: target(
      () => kib(driver.targetPages),
      (text) => {
        driver.targetPages = pagesOfTargetKb(text);
      },
    ),
    schedule_delay: readable(() => `${driver.scheduleDelaySeconds}\n`),
    max_schedule_delay: setting(generation, driver, "maxScheduleDelaySeconds"),
    retry_count: readable(() => `${driver.retryCount}\n`),
    max_retry_count: setting(generation, driver, "maxRetryCount"),
    ...(generation === "modern" && { scrub_pages: scrubPages(driver) }),
    "info/current_kb": readable(() => kib(driver.currentPages)),
    "info/low_kb": readable(() => kib(driver.lowPages)),
    "info/high_kb": readable(() => kib(driver.highPages)),
  };
}

const kib = (pages: number): string => `${BigInt(pages) * 4n}\n`;

const readable = (read: () => string): SysfsFile => ({ mode: READABLE, read });

/** A target: no text is refused, but that of a writer who may not. */
function target(read: () => string, set: (text: string) => void): SysfsFile {
  return {
    mode: WRITABLE,
    read,
    write(text, admin = true) {
      if (!admin) return "EPERM";
      set(text);
      return null;
    },
  };
}

/** An unsigned long that the device core reads and writes (drivers/base/core.c, device_store_ulong). */
function setting(
  generation: Generation,
  driver: SysfsDriver,
  field: "maxScheduleDelaySeconds" | "maxRetryCount",
): SysfsFile {
  return {
    mode: WRITABLE,
    read: () => `${driver[field]}\n`,
    write(text) {
      const value = generation === "2013" ? leadingLong(text) : wholeLong(text);
      if (typeof value === "string") return value;
      driver[field] = value;
      return null;
    },
  };
}

/** Reads digits at the start; what follows is ignored (simple_strtoul). */
function leadingLong(text: string): number | "EINVAL" {
  const { value, rest } = leadingNumber(text);
  return rest === text ? "EINVAL" : Number(value);
}

/** Reads a number that is all of the text, but for a sign before it and a line end (kstrtoul). */
function wholeLong(text: string): number | "EINVAL" | "ERANGE" {
  const digits = /^\+?((?:0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*))\n?$/i.exec(text)?.[1];
  if (digits === undefined) return "EINVAL";
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  return value === wrapped(value) ? Number(value) : "ERANGE";
}

/** A bool of the device core (kstrtobool). */
function scrubPages(driver: SysfsDriver): SysfsFile {
  return {
    mode: WRITABLE,
    read: () => `${Number(driver.scrub)}\n`,
    write(text) {
      const on = /^([yt1]|on)/i.test(text);
      if (!on && !/^([nf0]|of)/i.test(text)) return "EINVAL";
      driver.scrub = on;
      return null;
    },
  };
}
