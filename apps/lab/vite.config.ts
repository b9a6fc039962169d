/** @file How the page is built: a static folder that works wherever it is put. */
import { defineConfig } from "vite";
import { absent } from "./build/absent.js";
import { smallCompiler } from "./build/compiler.js";
import { declarations } from "./build/declarations.js";
import { doorAliases, doors } from "./build/doors.js";
import { lessons } from "./build/lessons.js";
import { offline } from "./build/offline.js";
import { lab } from "./build/root.js";
import { smallFonts, themes } from "./build/styles.js";

const both = { function: true, class: true };
// A module that some load at once and others later is no mistake; nor is JupyterLab's way to find Node's `require`.
const checks = { ineffectiveDynamicImport: false, eval: false, pluginTimings: false };

export default defineConfig({
  root: lab,
  // Addresses relative to the page: it may be put in any folder of a host.
  base: "./",
  logLevel: "warn",
  resolve: {
    alias: [
      ...doorAliases,
      // JupyterLab's style sheets import with the prefix of another bundler.
      { find: /^~(.*)$/, replacement: "$1" },
      // Yjs warns of each cell that JupyterLab makes before it adds it to the notebook.
      { find: "lib0/logging", replacement: `${lab}src/notebook/yjsLog.ts` },
    ],
  },
  plugins: [absent(), doors(), lessons(), offline()],
  css: { postcss: { plugins: [themes(), smallFonts()] } },
  worker: {
    format: "es",
    plugins: () => [absent(), smallCompiler(), doors(), declarations()],
    // Names of functions and classes are read: in stack traces, and in the names that Keras gives layers.
    rolldownOptions: {
      checks,
      output: {
        keepNames: true,
        minify: { compress: { keepNames: both }, mangle: false },
      },
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 5000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks,
      input: { lab: `${lab}index.html`, serviceWorker: `${lab}src/offline/serviceWorker.ts` },
      output: {
        entryFileNames: ({ name }) =>
          name === "serviceWorker" ? "serviceWorker.js" : "assets/[name]-[hash].js",
      },
    },
  },
});
