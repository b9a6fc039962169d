/**
 * @file The built package: its classes have the names they are exported under, since Keras names things after them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/lock.mjs";

test("classes of the built package have their own names", async () => {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
  const door = (file: string) => import(pathToFileURL(join(root, "dist", file)).href);
  const doors = { tf: await door("index.js"), keras: await door("doors/keras.js") };
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
