/**
 * Imported before uPlot, which asks Intl for the browser's language as it is loaded: WebKitGTK under LANG=C.UTF-8 calls
 * it "C", for which Intl throws. Such a browser is given English, the page's own language.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
