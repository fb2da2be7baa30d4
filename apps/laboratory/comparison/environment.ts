/** Describes the environment of a measurement, which accompanies its figures. */
import { BUILD } from "xen-balloon/core";

/** The bundler defines it (vite.config.ts). */
declare const PACKAGE_VERSION: string;

/** The environment. A figure that the browser does not tell is null. */
export interface Environment {
  readonly date: string;
  readonly version: string;
  /** The build of the Wasm modules. */
  readonly build: string;
  readonly userAgent: string;
  readonly brands: readonly string[] | null;
  readonly platform: string | null;
  readonly hardwareConcurrency: number;
  /** Memory in GiB, in coarse steps. */
  readonly deviceMemory: number | null;
  /** Tells whether the page and its threads are cross-origin isolated: timers are finer then. */
  readonly crossOriginIsolated: boolean;
  readonly timerGrainNs: number;
  readonly visibility: DocumentVisibilityState;
}

/** Members that only Chromium has, and that the DOM's types lack. */
interface ChromiumNavigator extends Navigator {
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly platform: string;
  };
  readonly deviceMemory?: number;
}

/** @param grainNs - the timer's grain in the thread that measures. */
export function environment(grainNs: number): Environment {
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
    crossOriginIsolated,
    timerGrainNs: grainNs,
    visibility: document.visibilityState,
  };
}
