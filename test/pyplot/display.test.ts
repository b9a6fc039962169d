import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import * as plt from "../../src/pyplot/index.js";

const display = Symbol.for("nabla.display");
const afterCell = Symbol.for("nabla.afterCell");
const jupyterDisplay = Symbol.for("Jupyter.display");

const host = globalThis as Record<symbol, any>;

beforeEach(() => plt.close("all"));
afterEach(() => delete host[display]);

function collect(): plt.DisplayBundle[] {
  const shown: plt.DisplayBundle[] = [];
  host[display] = (bundle: plt.DisplayBundle) => shown.push(bundle);
  return shown;
}

test("a figure displays as one bundle: interactive, picture and text", () => {
  plt.plot([1, 2]);
  const bundle = (plt.gcf() as unknown as Record<symbol, () => plt.DisplayBundle>)[jupyterDisplay]!();
  assert.deepEqual(Object.keys(bundle), ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"]);
  assert.equal(bundle["text/plain"], "<Figure size 640x480 with 1 Axes>");
  assert.match(bundle["image/svg+xml"], /^<svg /);
  assert.deepEqual(Object.keys(bundle["application/vnd.plotly.v1+json"]), ["data", "layout"]);
});

test("in a notebook show displays every open figure in order and closes them", async () => {
  const shown = collect();
  plt.figure(2, { figsize: [2, 1] });
  plt.figure(1, { figsize: [3, 1] });
  await plt.show();
  assert.deepEqual(
    shown.map((bundle) => bundle["text/plain"]),
    ["<Figure size 300x100 with 0 Axes>", "<Figure size 200x100 with 0 Axes>"],
  );
  assert.deepEqual(plt.getFignums(), []);
});

test("figures left open at the end of a cell are displayed once", () => {
  const shown = collect();
  plt.plot([1, 2]);
  for (const run of host[afterCell] as (() => void)[]) run();
  for (const run of host[afterCell] as (() => void)[]) run();
  assert.equal(shown.length, 1);
});

test("in plain Node show says how to save and keeps the figure", async (context) => {
  const log = context.mock.method(console, "log", () => {});
  plt.plot([1, 2]);
  await plt.show();
  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0]!.arguments[0]), /<Figure .*savefig\("figure.png"\)/);
  assert.deepEqual(plt.getFignums(), [1]);
});
