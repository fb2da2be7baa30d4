/** Colours that canvases take from the style sheets. */

/** A colour as the style sheets have it, by the name of its custom property. */
export function customColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Calls back whenever the colours have become others. */
export function onColourScheme(listener: () => void): void {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", listener);
  }
}
