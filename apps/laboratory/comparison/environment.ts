/** What figures were measured on: stands beside them wherever they go. */
import { BUILD } from "xen-balloon/core";

/** Put in by the bundler (vite.config.ts). */
declare const PACKAGE_VERSION: string;

/** A browser tells what it tells: null for the rest. */
export interface Environment {
  readonly date: string;
  readonly version: string;
  /** Build of the Wasm modules. */
  readonly build: string;
  readonly userAgent: string;
  readonly brands: readonly string[] | null;
  readonly platform: string | null;
  readonly hardwareConcurrency: number;
  /** GiB, in coarse steps. */
  readonly deviceMemory: number | null;
  /** Of the thread that measured. */
  readonly crossOriginIsolated: boolean;
  readonly timerGrainNs: number;
  readonly visibility: DocumentVisibilityState;
}

/** Of Chromium alone, and not in the DOM's types yet. */
interface ChromiumNavigator extends Navigator {
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly platform: string;
  };
  readonly deviceMemory?: number;
}

/** @param thread - what the thread that measured found out about itself. */
export function environment(thread: Pick<Environment, "crossOriginIsolated" | "timerGrainNs">): Environment {
  const { userAgent, userAgentData, hardwareConcurrency, deviceMemory }: ChromiumNavigator = navigator;
  return {
    date: new Date().toISOString(),
    version: PACKAGE_VERSION,
    build: BUILD,
    userAgent,
    brands: userAgentData?.brands.map(({ brand, version }) => `${brand} ${version}`) ?? null,
    platform: userAgentData?.platform ?? null,
    hardwareConcurrency,
    deviceMemory: deviceMemory ?? null,
    crossOriginIsolated: thread.crossOriginIsolated,
    timerGrainNs: thread.timerGrainNs,
    visibility: document.visibilityState,
  };
}
