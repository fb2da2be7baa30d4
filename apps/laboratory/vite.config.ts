import { defineConfig, type UserConfig } from "vite";
import packageJson from "../../package.json" with { type: "json" };

const config: UserConfig = defineConfig({
  // the page can be served from any path
  base: "./",
  logLevel: "warn",
  define: { PACKAGE_VERSION: JSON.stringify(packageJson.version) },
  worker: { format: "es" },
  build: {
    outDir: "../../dist/laboratory",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2023",
    license: { fileName: "licenses.md" },
  },
});

export default config;
