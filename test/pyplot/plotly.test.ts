import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeEach, test } from "node:test";
import * as plt from "../../src/pyplot/index.js";

beforeEach(() => plt.close("all"));

type Loose = Record<string, any>;

function plotly(): { data: Loose[]; layout: Loose } {
  return JSON.parse(JSON.stringify(plt.gcf().toPlotly()));
}

test("a line keeps its data, its look and its label", () => {
  plt.plot([1, 2, 3], [1, 4, 9], "r--o", { label: "squares" });
  plt.legend();
  const { data, layout } = plotly();
  assert.equal(data.length, 1);
  const { type, mode, x, y, line, marker, name, showlegend } = data[0]!;
  assert.deepEqual(
    { type, mode, x, y, name, showlegend },
    { type: "scatter", mode: "lines+markers", x: [1, 2, 3], y: [1, 4, 9], name: "squares", showlegend: true },
  );
  assert.equal(line.color, "#ff0000");
  assert.match(line.dash, /^7.71px,3.33px$/);
  assert.equal(marker.symbol, "circle");
  assert.deepEqual(layout["xaxis"].range, [0.9, 3.1]);
  assert.deepEqual(layout["xaxis"].domain, [0.125, 0.9]);
});

test("missing values are null and logarithmic ranges are exponents", () => {
  plt.plot([1, 10, 100], [1, Number.NaN, 3]);
  plt.xscale("log");
  plt.xlim(1, 100);
  const { data, layout } = plotly();
  assert.deepEqual(data[0]!["y"], [1, null, 3]);
  assert.equal(layout["xaxis"].type, "log");
  assert.deepEqual(layout["xaxis"].range, [0, 2]);
});

test("a surface is one trace with straight grids as vectors", () => {
  const axes = plt.figure().addSubplot(111, { projection: "3d" });
  axes.plotSurface(
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
    [
      [5, 5, 5],
      [6, 6, 6],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { cmap: "viridis" },
  );
  const { data, layout } = plotly();
  const { type, scene, x, y, z, cmin, cmax, colorscale } = data[0]!;
  assert.deepEqual(
    { type, scene, x, y, z },
    {
      type: "surface",
      scene: "scene",
      x: [0, 1, 2],
      y: [5, 6],
      z: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
  );
  // Two patches, of mean heights (1 + 2 + 4 + 5) / 4 and (2 + 3 + 5 + 6) / 4.
  assert.deepEqual([cmin, cmax], [3, 4]);
  assert.equal(colorscale[0][1], "#440154");
  assert.ok(layout["scene"].camera.eye.z > 0);
});

test("only trace types that the bundle contains are used", () => {
  const [, axes] = plt.subplots(2, 3);
  const flat = axes.flat();
  flat[0]!.bar(["a", "b"], [1, 2]);
  flat[1]!.hist([1, 2, 2, 3]);
  flat[2]!.imshow([
    [1, 2],
    [3, 4],
  ]);
  flat[3]!.contourf([
    [1, 2],
    [3, 4],
  ]);
  flat[4]!.quiver([1, 2], [3, 4]);
  flat[5]!.scatter([1, 2], [3, 4], { c: [1, 2] });
  plt.colorbar();
  const space = plt.gcf().addSubplot(111, { projection: "3d" });
  space.plot([0, 1], [0, 1], [0, 1]);
  space.plotWireframe(
    [0, 1],
    [0, 1],
    [
      [0, 1],
      [1, 2],
    ],
  );
  space.text(0, 0, 0, "origin");
  const path = createRequire(import.meta.url).resolve("plotly.js-gl3d-dist-min/plotly-gl3d.min.js");
  const bundle = readFileSync(path, "utf8");
  const types = new Set(plotly().data.map((trace) => trace["type"] as string));
  assert.ok(types.size >= 2);
  for (const type of types) assert.ok(bundle.includes(`moduleType:"trace",name:"${type}"`), type);
});

/** How often closed rings, separated by nulls, go around a point. */
function windings(xs: (number | null)[], ys: (number | null)[], x: number, y: number): number {
  let turns = 0;
  for (let index = 0; index + 1 < xs.length; index++) {
    const [x0, y0, x1, y1] = [xs[index], ys[index], xs[index + 1], ys[index + 1]] as (number | null)[];
    if (x0 === null || x1 === null) continue;
    const side = (x1! - x0!) * (y - y0!) - (x - x0!) * (y1! - y0!);
    if (y0! <= y && y1! > y && side > 0) turns++;
    if (y0! > y && y1! <= y && side < 0) turns--;
  }
  return turns;
}

test("the holes of filled contours survive Plotly's rule of filling what rings go around", () => {
  const values = [-2, -1, 0, 1, 2];
  const z = values.map((y) => values.map((x) => Math.max(Math.abs(x), Math.abs(y))));
  plt.contourf(values, values, z, { levels: [0.5, 1.5, 3] });
  const [inner, outer] = plotly().data as [Loose, Loose];
  const fills = (trace: Loose, x: number, y: number) => windings(trace["x"], trace["y"], x, y) !== 0;
  assert.deepEqual(
    [0.1, 1.1, 1.9].map((x) => fills(inner, x, 0.2)),
    [false, true, false],
  );
  assert.deepEqual(
    [0.1, 1.1, 1.9].map((x) => fills(outer, x, 0.2)),
    [false, false, true],
  );
});
