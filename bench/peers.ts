/**
 * @file The peers of the benchmarks, installed into bench/peers on first use: they are no dependency of the library.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const home = path.resolve("bench/peers");

function install(): void {
  if (existsSync(path.join(home, "node_modules", "@tensorflow", "tfjs"))) return;
  console.log("Installing the peers…");
  execFileSync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: home,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}

/** tfjs 4.22 on one of its backends. */
export async function tfjs(backend: "cpu" | "wasm"): Promise<any> {
  install();
  const require = createRequire(path.join(home, "package.json"));
  // Its greeting and its advice about tfjs-node are not part of the table.
  const { log, warn } = console;
  Object.assign(console, { log: () => {}, warn: () => {} });
  const tf = require("@tensorflow/tfjs");
  if (backend === "wasm") {
    const wasm = require("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(`${path.join(home, "node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`);
  }
  await tf.setBackend(backend);
  await tf.ready();
  Object.assign(console, { log, warn });
  return tf;
}
