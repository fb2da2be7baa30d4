/** Makes a configuration from the fields of the boot form. */
import { type ConfigValues, completeGuestConfig, parseScript, ScriptError, writeConfig } from "xen-balloon/core";

/**
 * Writes the config lines for these options. Regions have the form of the fields: START,SIZE. A script without nr_pages
 * has 0, so the number of backed pages is written out. Invalid values are written unchanged, and the boot reports them.
 *
 * @example
 * configOfFields({ domain: "pv", maxPfn: 100, holes: ["50,100"] });
 * // "config domain=pv max_pfn=100 nr_pages=50\nconfig hole=50,100"
 */
export function configOfFields({ domain, maxPfn, ...others }: ConfigValues): string {
  const written = writeConfig({ domain, maxPfn, ...others }).join("\n");
  const nrPages = backedBy(written);
  return nrPages === null ? written : writeConfig({ domain, maxPfn, nrPages, ...others }).join("\n");
}

/** Computes the default nrPages of a guest with this configuration; null if the configuration is invalid. */
function backedBy(config: string): number | null {
  try {
    const { nrPages, ...guest } = parseScript(config).config.guest;
    return completeGuestConfig(guest).nrPages;
  } catch (error) {
    if (error instanceof ScriptError) return null;
    throw error;
  }
}
