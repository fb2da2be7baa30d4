/** The package's entries as sources, for bundlers and tests: the applications import the package by its name. */

const source = (entry: string): string => `${import.meta.dirname}/../src/${entry}.ts`;

/** Aliases of Vite. With them the applications and whoever imports the sources have one class of each error. */
export const PACKAGE_SOURCES: { readonly find: RegExp; readonly replacement: string }[] = [
  { find: /^xen-balloon\/(core|inline|runtime|toolstack)$/, replacement: source("$1") },
  { find: /^xen-balloon$/, replacement: source("index") },
];
