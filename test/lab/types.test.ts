/** @file The types that the editors of cells show, without a browser; and the types of the lab's own code. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { before } from "node:test";
import { buildLab, labFolder } from "../../scripts/buildLab.mjs";
import { root } from "../../scripts/lock.mjs";

interface Problem {
  from: number;
  to: number;
  message: string;
}

/** What the tests ask of the language service; its own module needs the lab's packages, which a clone may lack. */
interface CellTypes {
  check(question: { cells: string[] }): Problem[][];
  describe(question: { cells: string[]; cell: number; offset: number }): {
    from: number;
    signature: string;
    documentation: string;
  } | null;
  complete(question: { cells: string[]; cell: number; offset: number }): {
    from: number;
    options: { label: string }[];
  } | null;
}

let types: CellTypes;

before(async () => {
  await buildLab();
  const assets = join(labFolder, "assets");
  const file = (await readdir(assets)).find((name) => /^declarations.*\.json$/.test(name))!;
  const declarations = JSON.parse(await readFile(join(assets, file), "utf8"));
  const module = "../../apps/lab/src/language/service.ts";
  const service = (await import(module)) as { CellTypes: new (declarations: unknown) => CellTypes };
  types = new service.CellTypes(declarations);
});

const start = 'import * as tf from "nabla";\nconst x = new tf.Variable(3);\nlet n = 1;';

/** Each problem in a notebook that begins with `start`: the text it marks, and what it says. */
function problems(...cells: string[]): [string, string][] {
  const all = [start, ...cells];
  return types
    .check({ cells: all })
    .flatMap((found, index) =>
      found.map(({ from, to, message }): [string, string] => [
        all[index]!.slice(from, to),
        message.split("\n")[0]!,
      ]),
    );
}

/** What a name is at its first place in the last cell. */
function typeOf(name: string, ...cells: string[]): string | undefined {
  const all = [start, ...cells];
  const cell = all.length - 1;
  return types.describe({ cells: all, cell, offset: all[cell]!.indexOf(name) })?.signature;
}

test("operators on tensors give tensors", () => {
  assert.deepEqual(problems("const y = x ** 2 - 6 * x + 5;\nconst z = -y / [1, 2];\nz.reshape([2]);"), []);
  assert.equal(typeOf("y", "const y = x ** 2"), "const y: tf.Tensor");
  assert.equal(typeOf("y", "const y = 2 / x"), "const y: tf.Tensor");
  assert.equal(typeOf("y", "const y = -x"), "const y: tf.Tensor");
});

test("operators on numbers, strings, bigints and any give what they always did", () => {
  assert.equal(typeOf("y", "const y = 2 * 3 - n"), "const y: number");
  assert.equal(typeOf("y", 'const y = "a" + n'), "const y: string");
  assert.equal(typeOf("y", "const y = 2n ** 3n"), "const y: bigint");
  assert.equal(typeOf("f", "const f = (v: any) => v ** 2"), "const f: (v: any) => any");
  assert.equal(
    typeOf("f", "const f = (v: number | tf.Tensor) => v * 2"),
    "const f: (v: number | tf.Tensor) => number | tf.Tensor",
  );
  assert.deepEqual(problems("n += 2; n **= 2; n++;\nif (n > 2 && 'a' < 'b' && x < 3) n -= 1;"), []);
});

test("wrong uses are errors, at their own places", () => {
  assert.deepEqual(problems('1;\nconst wrong = (2 * x) * "a";'), [
    ['"a"', "Operators take numbers, tensors and variables, not 'string'."],
  ]);
  assert.deepEqual(problems("const text: string = x * 2;"), [
    ["text", "Type 'Tensor' is not assignable to type 'string'."],
  ]);
  assert.deepEqual(problems("x.nothing;")[0]![0], "nothing");
  assert.deepEqual(problems("const open = (1 +;")[0]![0], ";");
});

test("names are known in the cells that follow, and may be declared again", () => {
  const cells = [
    "class Walker { steps = 0 }\ninterface Place { at: number }\nconst [first, { second }] = [1, { second: x }];",
    "const walker: Walker = new Walker();\nlet place: Place = { at: first };\nn = second * 2 ? 1 : 2;\nconst x = 'text';",
    "x.toUpperCase();\nplace = { at: walker.steps };\ntf.square(2);",
  ];
  assert.deepEqual(problems(...cells), []);
  assert.deepEqual(problems("const later = 1;", "later.nothing")[0]![0], "nothing");
  assert.equal(problems("early", "const early = 1;").length, 1);
});

test("completion and documentation come from our own declarations", () => {
  const cells = [start, "const y = x * 2;\ny.resh"];
  const found = types.complete({ cells, cell: 1, offset: cells[1]!.length })!;
  assert.equal(found.from, cells[1]!.length - 4);
  assert.ok(found.options.some(({ label }) => label === "reshape"));
  const described = types.describe({ cells: [start, "tf.matmul"], cell: 1, offset: 5 })!;
  assert.match(described.signature, /matmul/);
  assert.match(described.documentation, /matri/i);
});

test("the lab's own code has no error of types", () => {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout, status } = spawnSync(process.execPath, [compiler, "-p", join(root, "apps", "lab")], {
    encoding: "utf8",
  });
  assert.equal(stdout, "");
  assert.equal(status, 0);
});
