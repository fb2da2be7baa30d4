/** Reads colours for canvases from the style sheets. */

/** Reads a colour of the style sheets, by the name of its custom property. */
export function customColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Calls back whenever the colours have changed. */
export function onColourScheme(listener: () => void): void {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", listener);
  }
}
