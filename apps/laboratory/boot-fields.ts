/** The configuration that the fields of the boot form stand for. */
import { type ConfigValues, completeGuestConfig, parseScript, ScriptError, writeConfig } from "xen-balloon/core";

/**
 * Config lines for these options, regions as the fields have them: START,SIZE. A script that does not say nr_pages has
 * none, so what is backed is written out. Values that make no guest are written as they are: its boot says what is wrong.
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

/** What a guest of this configuration has as nrPages by default; null where it is no guest. */
function backedBy(config: string): number | null {
  try {
    const { nrPages, ...guest } = parseScript(config).config.guest;
    return completeGuestConfig(guest).nrPages;
  } catch (error) {
    if (error instanceof ScriptError) return null;
    throw error;
  }
}
