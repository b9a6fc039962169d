/** @file The list of all files of the page, for the service worker that keeps them. */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** Writes what the page consists of into its service worker, whose text so changes with any of its files. */
export function offline(): Plugin {
  return {
    name: "offline",
    enforce: "post",
    generateBundle(_options, bundle) {
      const worker = bundle["serviceWorker.js"];
      if (worker?.type !== "chunk") throw new Error("the build has no service worker");
      const hash = createHash("sha256");
      const files = Object.values(bundle).filter((file) => file !== worker);
      for (const file of files)
        hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
      const names = files.map(({ fileName }) => fileName).filter((name) => !name.endsWith(".map"));
      worker.code = fill(worker.code, "FILES", ["./", ...names.sort()]);
      worker.code = fill(worker.code, "VERSION", hash.digest("hex").slice(0, 12));
    },
  };
}

/** Puts a value in the place of the text `__NAME__`, whichever quotes the minifier gave it. */
function fill(code: string, name: string, value: unknown): string {
  const parts = code.split(new RegExp(`["'\`]__${name}__["'\`]`));
  if (parts.length !== 2) throw new Error(`the service worker has no one place for its ${name}`);
  return parts.join(JSON.stringify(value));
}
