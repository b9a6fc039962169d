/**
 * @file The built package: its classes have the names they are exported under, since Keras names things after them, and its
 * maps lead to the published sources.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test, { before } from "node:test";
import { pathToFileURL } from "node:url";
import { filesBelow } from "../scripts/files.mjs";
import { root } from "../scripts/lock.mjs";

before(() => {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stdout + built.stderr);
});

const urlOf = (file: string): string => pathToFileURL(join(root, "dist", file)).href;

test("classes of the built package have their own names", async () => {
  const doors = { tf: await import(urlOf("index.js")), keras: await import(urlOf("doors/keras.js")) };
  let classes = 0;
  for (const [path, space] of spacesOf(doors)) {
    for (const [name, value] of Object.entries(space)) {
      if (!isClass(value)) continue;
      classes++;
      // Some are exported under a second name too.
      assert.equal(
        (space as Record<string, unknown>)[value.name],
        value,
        `${path}.${name} is named ${value.name}`,
      );
    }
  }
  assert.ok(classes > 100, `${classes} classes`);
});

test("maps name files that are published", () => {
  const maps = filesBelow(["dist"], /\.map$/);
  assert.ok(maps.length > 100, `${maps.length} maps`);
  for (const map of maps) {
    const { sources } = JSON.parse(readFileSync(join(root, map), "utf8")) as { sources: string[] };
    for (const source of sources) {
      const file = join(root, dirname(map), source);
      assert.match(relative(root, file).replaceAll("\\", "/"), /^src\/(?!.*\.(?:cases|test)\.ts$)/, map);
      assert.ok(existsSync(file), `${map} names ${source}`);
    }
  }
});

/** Calls that throw in different parts of the built files: where that is in the source, and what stands there. */
const mistakes: readonly (readonly [call: string, file: string, thrown: string])[] = [
  ["tf.matmul([[1]], [[1, 2], [3, 4]])", "src/ops/matmul.ts", "new ShapeError("],
  ["new tf.Variable(1).assign([1, 2])", "src/core/variable.ts", "new ShapeError("],
  ["tf.GradientTape.start().record(() => 1)", "src/core/tape.ts", "new ValueError("],
  ["new keras.layers.Dense(0)", "src/keras/layers/dense.ts", "new ValueError("],
  ["new keras.optimizers.SGD({ momentum: 2 })", "src/keras/optimizers/sgd.ts", "new ValueError("],
  ["new keras.Sequential([1])", "src/keras/models/sequential.ts", "new ValueError("],
];

test("with source maps, errors of the built package name the line and column of the source that throws", () => {
  const script = `
    import * as tf from ${JSON.stringify(urlOf("index.js"))};
    import * as keras from ${JSON.stringify(urlOf("doors/keras.js"))};
    const calls = [${mistakes.map(([call]) => `() => ${call}`).join(",")}];
    const stackOf = (f) => { try { f(); } catch (error) { return error.stack; } };
    console.log(JSON.stringify(calls.map(stackOf)));`;
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr);
  const stacks = JSON.parse(run.stdout) as string[];
  for (const [i, [call, file, thrown]] of mistakes.entries()) {
    const frame = stacks[i]!.split("\n")
      .find((line) => /^\s+at /.test(line))!
      .replaceAll("\\", "/");
    const [, line, column] =
      new RegExp(`/${file}:(\\d+):(\\d+)`).exec(frame) ?? assert.fail(`${call}: ${frame}`);
    const text = readFileSync(join(root, file), "utf8").split("\n")[Number(line) - 1]!;
    const found = text.slice(Number(column) - 1);
    assert.ok(found.startsWith(thrown), `${call}: ${file}:${line}:${column} is ${found}`);
  }
});

const isClass = (value: unknown): value is { name: string } =>
  typeof value === "function" && Function.prototype.toString.call(value).startsWith("class");

/** Doors, and the namespaces in them. */
function spacesOf(doors: Record<string, object>): [string, object][] {
  return Object.entries(doors).flatMap(([path, space]): [string, object][] => [
    [path, space],
    ...Object.entries(space).flatMap(([name, value]): [string, object][] =>
      isNamespace(value) ? [[`${path}.${name}`, value]] : [],
    ),
  ]);
}

/** A namespace is a plain object with functions in it, whose properties are values: inspection calls no getters. */
function isNamespace(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  const properties = Object.values(Object.getOwnPropertyDescriptors(value));
  return (
    properties.every(({ get }) => get === undefined) &&
    properties.some((one) => typeof one.value === "function")
  );
}
