/** @file The processes that run the jobs: this Node and a newer one, and the interpreters of the Python peers. */
import { type ExecFileException, execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Report } from "./measure.js";

const home = path.resolve("bench/peers");
const bundles = path.resolve(".cache/bench");
const newerNode = path.join(
  home,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** Installs the JavaScript peers where they are not there yet. They are no dependency of the library. */
export function installPeers(): void {
  const wanted = ["@tensorflow/tfjs", "@jax-js/jax", "node"].map((name) =>
    path.join(home, "node_modules", name),
  );
  if (wanted.every(existsSync)) return;
  console.error("Installing the peers…");
  execFileSync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: home,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
}

/** Runs a program; its lines of JSON are the reports. */
function run(command: readonly string[], environment: Record<string, string> = {}): Promise<Report[]> {
  const [file, ...rest] = command as [string, ...string[]];
  const options = { env: { ...process.env, ...environment }, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(file, rest, options, (error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
      const reports: Report[] = lines.map((line) => JSON.parse(line));
      if (error) console.error(`${command.slice(0, 3).join(" ")} failed: ${reason(error, stderr)}`);
      resolve(reports);
    });
  });
}

const reason = (error: ExecFileException, stderr: string): string =>
  stderr.trim().split("\n").slice(-3).join("\n") || error.message;

export interface NodeOptions {
  /** On the newer Node of the peers' folder. */
  newer?: boolean;
}

/** Runs jobs in a bundle of this folder. */
export function runNode(
  bundle: string,
  jobs: readonly string[],
  environment: Record<string, string> = {},
  { newer = false }: NodeOptions = {},
): Promise<Report[]> {
  if (newer && !existsSync(newerNode)) return Promise.resolve([]);
  const script = path.join(bundles, `${bundle}.mjs`);
  return run([newer ? newerNode : process.execPath, "--expose-gc", script, ...jobs], environment);
}

/** Interpreters to try: those named by BENCH_PYTHON, then the usual places. */
function interpreters(): string[] {
  const named = (process.env["BENCH_PYTHON"] ?? "").split(path.delimiter).filter(Boolean);
  return [...named, path.resolve(".venv/bin/python"), "python3", "/usr/bin/python3", "python"];
}

/** A peer in Python: its script and the module that must be there. */
export interface PythonPeer {
  name: string;
  script: string;
  module: string;
  /** How it is run, each a setting of its own: the fastest counts. */
  settings: readonly Setting[];
}

/** A number of threads, and how they wait for each other. */
export interface Setting {
  threads: number;
  /** Waiting threads sleep: slower on an idle machine, and much faster on a busy one. */
  sleeping?: boolean;
}

const oneOrTwo: readonly Setting[] = [{ threads: 1 }, { threads: 2 }];

export const pythonPeers: readonly PythonPeer[] = [
  {
    name: "PyTorch",
    script: "torch_jobs.py",
    module: "torch",
    settings: [...oneOrTwo, { threads: 2, sleeping: true }],
  },
  { name: "TensorFlow", script: "tensorflow_jobs.py", module: "keras, tensorflow", settings: oneOrTwo },
  { name: "JAX", script: "jax_jobs.py", module: "jax", settings: oneOrTwo },
  { name: "NumPy", script: "numpy_jobs.py", module: "numpy", settings: [{ threads: 1 }] },
];

/** The first interpreter that has the peer; undefined where none has. */
export function interpreterOf({ module }: PythonPeer): string | undefined {
  return interpreters().find((python) => {
    try {
      execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs jobs in a Python peer. */
export function runPython(
  python: string,
  script: string,
  jobs: readonly string[],
  { threads, sleeping = false }: Setting,
): Promise<Report[]> {
  const count = String(threads);
  const environment = { BENCH_THREADS: count, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count };
  const waiting: Record<string, string> = sleeping ? { OMP_WAIT_POLICY: "passive" } : {};
  return run([python, path.join(home, "python", script), ...jobs], { ...environment, ...waiting });
}
