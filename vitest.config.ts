import { defineConfig } from "vitest/config";

const source = (entry: string): string => `${import.meta.dirname}/src/${entry}.ts`;

export default defineConfig({
  // the applications import the package by its name: here its sources, so that tests and they have one class of an error
  resolve: {
    alias: [
      { find: /^xen-balloon\/(core|inline|runtime)$/, replacement: source("$1") },
      { find: /^xen-balloon$/, replacement: source("index") },
    ],
  },
  // one core fewer would be the default: half of two
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, maxWorkers: "100%" },
});
