import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as plt from "../../src/pyplot/index.js";
import { golden, isClose } from "./golden.js";

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const gridX = [0, 1, 2].map(() => [0, 1, 2, 3]);
const gridY = [0, 1, 2].map((y) => [y, y, y, y]);
const combine = (f: (x: number, y: number) => number) =>
  gridX.map((row, i) => row.map((x, j) => f(x, gridY[i]![j]!)));

const planes: Record<string, (axes: plt.Axes) => void> = {
  line: (axes) => axes.plot([1, 2, 4], [3, -1, 5]),
  empty: () => {},
  constant: (axes) => axes.plot([2, 2], [0, 0]),
  point: (axes) => axes.plot([5], [7], "o"),
  bar: (axes) => axes.bar([1, 2, 3], [4, 5, -2]),
  barh: (axes) => axes.barh([1, 2, 3], [4, 5, 2]),
  imshow: (axes) => axes.imshow(zeros(3, 5)),
  imshowLower: (axes) => axes.imshow(zeros(3, 5), { origin: "lower", extent: [0, 1, 2, 3] }),
  log: (axes) => {
    axes.plot([1, 2, 4], [0, 10, 1000]);
    axes.setYscale("log");
  },
  contour: (axes) =>
    axes.contour(
      gridX,
      gridY,
      combine((x, y) => x * y),
    ),
  axhline: (axes) => {
    axes.plot([0, 1], [0, 1]);
    axes.axhline(3);
  },
};

const spaces: Record<string, (axes: plt.Axes3D) => void> = {
  line3d: (axes) => axes.plot([0, 1], [0, 2], [0, 10]),
  scatter3d: (axes) => axes.scatter([0, 1], [0, 2], [0, 10]),
  empty3d: () => {},
  surface: (axes) =>
    axes.plotSurface(
      gridX,
      gridY,
      combine((x, y) => x + y),
    ),
};

beforeEach(() => plt.close("all"));

for (const [name, draw] of Object.entries(planes)) {
  test(`automatic limits of ${name} are Matplotlib's`, () => {
    const [, axes] = plt.subplots();
    draw(axes);
    const { x, y } = golden.limits[name]!;
    assert.ok(isClose(axes.getXlim(), x), `x from ${axes.getXlim()}, expected ${x}`);
    assert.ok(isClose(axes.getYlim(), y), `y from ${axes.getYlim()}, expected ${y}`);
  });
}

for (const [name, draw] of Object.entries(spaces)) {
  test(`automatic limits of ${name} are Matplotlib's`, () => {
    const axes = plt.figure().addSubplot(111, { projection: "3d" });
    draw(axes);
    const { x, y, z } = golden.limits[name]!;
    assert.ok(isClose(axes.getXlim(), x), `x from ${axes.getXlim()}, expected ${x}`);
    assert.ok(isClose(axes.getYlim(), y), `y from ${axes.getYlim()}, expected ${y}`);
    assert.ok(isClose(axes.getZlim(), z!), `z from ${axes.getZlim()}, expected ${z}`);
  });
}

test("the golden cases are all tried", () => {
  assert.deepEqual(
    [...Object.keys(planes), ...Object.keys(spaces)].sort(),
    Object.keys(golden.limits).sort(),
  );
});
