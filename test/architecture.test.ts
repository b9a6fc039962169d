import assert from "node:assert/strict";
import test from "node:test";
import packageJson from "../package.json" with { type: "json" };
import { filesBelow } from "../scripts/files.mjs";
import { type Import, importsOf, readSource } from "./support/source.js";

/** Which folders of src/ a folder may import. "doors" stands for the public doors, by package name. */
const mayImport: Record<string, string[]> = {
  ir: [],
  core: ["ir"],
  ops: ["core", "ir"],
  compile: ["core", "ir"],
  backends: ["core", "ir", "compile", "type ops"],
  eager: ["core", "ir", "compile", "backends/js", "backends/wasm"],
  keras: ["ir", "core", "ops", "io", "diagram"],
  data: ["core", "ops"],
  io: ["core"],
  pyplot: [],
  diagram: ["core", "ir"],
  operators: [],
  testing: ["core", "ir", "ops", "doors"],
  doors: ["index.ts", "keras", "testing"],
  notebook: ["doors"],
  cli: ["doors"],
  "index.ts": [
    ...["ir", "core", "ops", "compile", "backends/js", "backends/wasm", "eager"],
    ...["keras", "data", "io", "pyplot", "diagram", "operators", "testing"],
  ],
};

/** What test cases stand on, beside what the folder they lie in may import. */
const casesMayImport = ["core", "ir", "ops", "testing"];

/** Folders beside src/ that see the package as its users do. */
const users = ["apps", "lessons", "examples", "bench"];

/** Gradient bodies refer to each other's ops. */
const cyclesAllowedInside = ["ops"];

const longest = 600;

const doorFiles = Object.fromEntries(
  Object.entries(packageJson.exports).flatMap(([door, target]) => {
    if (typeof target === "string") return [];
    return [[door.replace(/^\./, packageJson.name), target["nabla-source"].replace(/^\.\//, "")]];
  }),
);
/** Files that are started as processes of their own. */
const commands = ["src/cli/main.ts", "src/notebook/node/cellProcess.ts", "src/notebook/kernel/cellWorker.ts"];

type Edge = Import & { from: string; to: string | null; byName: boolean };

const sources = filesBelow(["src"], /\.ts$/);
// Declarations of packages that have none are read by the compiler alone.
const code = sources.filter((file) => !/\.(test|cases|d)\.ts$/.test(file));
const edges = sources.flatMap(edgesOf);

test("src/ has sources to look at", () => {
  assert.ok(code.length > 0);
});

test("each folder of src/ imports only what the table allows", () => {
  const problems = edges.filter((edge) => !edge.from.endsWith(".test.ts")).flatMap(explainForbidden);
  assertNone(problems);
});

test("imports of our own files name files that exist", () => {
  const broken = edges.filter(
    ({ to, specifier }) => to !== null && !sources.includes(to) && isCode(specifier),
  );
  assertNone(broken.map((edge) => `${place(edge)}: there is no ${edge.to}`));
});

test("apps, lessons, examples and benchmarks use public doors only", () => {
  assertNone(
    users.flatMap((folder) => filesBelow([folder], /\.(ts|tsx|js|mjs|ipynb)$/)).flatMap(userProblems),
  );
});

test("no cycle between folders", () => {
  const graph = new Map<string, Map<string, Edge>>();
  for (const edge of edges) {
    if (edge.to === null || !code.includes(edge.from) || isExempt(edge)) continue;
    const [from, to] = [folderOf(edge.from), folderOf(edge.to)];
    if (from === to) continue;
    if (!graph.has(from)) graph.set(from, new Map());
    graph.get(from)!.set(to, edge);
  }
  assertNone(cyclesIn(graph));
});

test("no import cycle inside a folder, except in ops/", () => {
  const graph = new Map<string, Map<string, Edge>>();
  for (const edge of edges) {
    if (edge.to === null || folderOf(edge.from) !== folderOf(edge.to)) continue;
    if (cyclesAllowedInside.includes(folderOf(edge.from))) continue;
    if (!graph.has(edge.from)) graph.set(edge.from, new Map());
    graph.get(edge.from)!.set(edge.to, edge);
  }
  assertNone(cyclesIn(graph));
});

test("every file of src/ is reached from a door, the command or the op cases", () => {
  const cases = sources.filter((file) => file.endsWith(".cases.ts"));
  const reached = new Set([...Object.values(doorFiles), ...commands, ...cases]);
  for (const file of reached) {
    for (const edge of edges) if (edge.from === file && edge.to !== null) reached.add(edge.to);
  }
  const dead = code.filter((file) => !reached.has(file));
  assertNone(dead.map((file) => `${file}: nothing that is used imports it`));
});

test(`no file over ${longest} lines, none named utils`, () => {
  const files = filesBelow(["src", "test", "scripts", "apps", "bench"], /\.(ts|tsx|js|mjs|py|css|html)$/);
  const long = files.filter((file) => readSource(file).split("\n").length - 1 > longest);
  const vague = files.filter((file) => /\/utils?\.\w+$/.test(file));
  assertNone([
    ...long.map((file) => `${file}: over ${longest} lines`),
    ...vague.map((file) => `${file}: name the file for what it holds`),
  ]);
});

function edgesOf(from: string): Edge[] {
  return importsOf(readSource(from)).map((found) => {
    const byName = found.specifier === packageJson.name || found.specifier.startsWith(`${packageJson.name}/`);
    const to = byName ? (doorFiles[found.specifier] ?? null) : targetOf(from, found.specifier);
    return { ...found, from, to, byName };
  });
}

/** The file that a relative import means, from the clone's root; null for packages. */
function targetOf(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const path = new URL(specifier, `file:///${from}`).pathname.slice(1);
  return path.replace(/\.js$/, ".ts");
}

/** `src/ops/sum.ts` lies in "ops", `src/backends/js/render.ts` in "backends/js", `src/index.ts` is its own. */
function folderOf(file: string): string {
  const [, folder, below] = file.split("/");
  return folder === "backends" ? `${folder}/${below}` : folder!;
}

function allowedFor(file: string): string[] | undefined {
  const folder = folderOf(file);
  const allowed = mayImport[folder] ?? mayImport[folder.split("/")[0]!];
  return file.endsWith(".cases.ts") ? [...(allowed ?? []), ...casesMayImport] : allowed;
}

/** The one import that counts for types alone. */
function isExempt(edge: Edge): boolean {
  return edge.typeOnly && (allowedFor(edge.from)?.includes(`type ${folderOf(edge.to!)}`) ?? false);
}

function explainForbidden(edge: Edge): string[] {
  const allowed = allowedFor(edge.from);
  const folder = folderOf(edge.from);
  if (allowed === undefined) return [`${place(edge)}: the folder ${folder} is not in the table`];
  if (edge.byName && edge.to === null) return [`${place(edge)}: no public door has that name`];
  if (edge.to === null) return [];
  const target = folderOf(edge.to);
  const rule = `${folder} may import ${allowed.join(", ") || "nothing of ours"}`;
  if (edge.byName) return allowed.includes("doors") ? [] : [`${place(edge)}: ${rule}`];
  if (!edge.to.startsWith("src/")) return [`${place(edge)}: leaves src/`];
  return target === folder || allowed.includes(target) || isExempt(edge) ? [] : [`${place(edge)}: ${rule}`];
}

function userProblems(file: string): string[] {
  const cells = file.endsWith(".ipynb") ? codeCells(file) : [readSource(file)];
  return cells.flatMap(importsOf).flatMap((found) => {
    const edge: Edge = { ...found, from: file, to: targetOf(file, found.specifier), byName: false };
    const byName = found.specifier.startsWith(`${packageJson.name}/`);
    if (byName && !(found.specifier in doorFiles)) return [`${place(edge)}: no public door has that name`];
    if (edge.to?.startsWith("src/"))
      return [`${place(edge)}: ${file.split("/")[0]} may import public doors only`];
    return [];
  });
}

function codeCells(file: string): string[] {
  const { cells } = JSON.parse(readSource(file)) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.source].flat().join(""));
}

/** One sentence for each cycle found by depth-first search. */
function cyclesIn(graph: Map<string, Map<string, Edge>>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const search = (node: string, path: string[]): void => {
    const start = path.indexOf(node);
    if (start >= 0) {
      const cycle = [...path.slice(start), node];
      const steps = cycle.slice(1).map((to, index) => place(graph.get(cycle[index]!)!.get(to)!));
      cycles.push(`cycle ${cycle.join(" → ")}\n    ${steps.join("\n    ")}`);
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node)?.keys() ?? []) search(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) search(node, []);
  return cycles;
}

function isCode(specifier: string): boolean {
  return specifier.endsWith(".js") || specifier.startsWith(packageJson.name);
}

function place(edge: Edge): string {
  return `${edge.from}:${edge.line} imports "${edge.specifier}"`;
}

function assertNone(problems: string[]): void {
  assert.ok(problems.length === 0, `\n  ${problems.join("\n  ")}`);
}
