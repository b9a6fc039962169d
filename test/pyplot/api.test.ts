import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { inspect } from "node:util";
import { parseFormat } from "../../src/pyplot/formatString.js";
import * as plt from "../../src/pyplot/index.js";

beforeEach(() => {
  plt.close("all");
  plt.rcdefaults();
});

test("format strings name a colour, a marker and a line style in any order", () => {
  assert.deepEqual(parseFormat("plot", "ro--"), { color: "r", marker: "o", linestyle: "--" });
  assert.deepEqual(parseFormat("plot", "-.k"), { linestyle: "-.", color: "k", marker: "None" });
  assert.deepEqual(parseFormat("plot", "C2^"), { color: "C2", marker: "^", linestyle: "None" });
  assert.deepEqual(parseFormat("plot", "."), { marker: ".", linestyle: "None" });
  assert.deepEqual(parseFormat("plot", "1"), { marker: "1", linestyle: "None" });
  assert.deepEqual(parseFormat("plot", "g"), { color: "g" });
  assert.deepEqual(parseFormat("plot", "#ff0000"), { color: "#ff0000" });
  assert.deepEqual(parseFormat("plot", ":"), { linestyle: ":", marker: "None" });
});

test("plot takes y alone, several groups, matrices, scalars, typed arrays and tensors", () => {
  const tensor = (values: unknown) => ({ array: () => values });
  const data = (...args: Parameters<typeof plt.plot>) =>
    plt.plot(...args).map(({ artist }) => [artist.x, artist.y]);
  assert.deepEqual(data([5, 6]), [
    [
      [0, 1],
      [5, 6],
    ],
  ]);
  assert.deepEqual(data([1, 2], [3, 4], "r", [5, 6], [7, 8], "b"), [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ]);
  assert.deepEqual(
    data(
      [0, 1],
      [
        [1, 2],
        [3, 4],
      ],
    ),
    [
      [
        [0, 1],
        [1, 3],
      ],
      [
        [0, 1],
        [2, 4],
      ],
    ],
  );
  assert.deepEqual(data(2, 3, "o"), [[[2], [3]]]);
  assert.deepEqual(data(new Float32Array([1, 2]), tensor([3, 4])), [
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  assert.deepEqual(data([tensor(1), tensor(2)], tensor([3, 4])), [
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  assert.deepEqual(data(["a", "b", "a"], [1, 2, 3]), [
    [
      [0, 1, 0],
      [1, 2, 3],
    ],
  ]);
});

test("a point in space may be given by scalar tensors", () => {
  const axes = plt.figure().addSubplot(111, { projection: "3d" });
  const [line] = axes.plot({ array: () => 1 }, 2, { array: () => 3 }, "o");
  assert.deepEqual([line!.artist.x, line!.artist.y, line!.artist.z], [[1], [2], [3]]);
});

test("colours follow the cycle of ten", () => {
  const colors = Array.from({ length: 11 }, () => plt.plot([1, 2])[0]!.artist.color);
  assert.deepEqual(colors[0], [0x1f / 255, 0x77 / 255, 0xb4 / 255, 1]);
  assert.deepEqual(colors[1], [1, 0x7f / 255, 0x0e / 255, 1]);
  assert.deepEqual(colors[10], colors[0]);
});

test("errors say who, what was expected and what came", () => {
  const cases: [() => unknown, new (message?: string) => Error, RegExp][] = [
    [
      () => plt.plot([1, 2, 3], [1, 2, 3, 4]),
      plt.PlotShapeError,
      /plot: lengths differ: x has 3 values, y has 4 values/,
    ],
    [
      () => plt.plot([1, 2], "q-"),
      plt.PlotValueError,
      /plot: "q-" is not a format string: unknown character "q"/,
    ],
    [() => plt.plot([1, 2], "--:"), plt.PlotValueError, /two line styles/],
    [
      () => plt.plot([1, "two"] as unknown as number[]),
      plt.PlotTypeError,
      /plot: y must hold numbers; got "two"/,
    ],
    [
      () => plt.plot([1, 2], { colour: "r" } as plt.LineOptions),
      plt.PlotValueError,
      /unknown option "colour"; known: .*color/,
    ],
    [() => plt.plot([1, 2], { color: "reddish" }), plt.PlotValueError, /unknown colour "reddish"/],
    [() => plt.plot([1, 2], { marker: "q" }), plt.PlotValueError, /unknown marker "q"/],
    [() => plt.plot("r"), plt.PlotTypeError, /plot: expected data as argument 1; got "r"/],
    [() => plt.scatter([1, 2], [1, 2, 3]), plt.PlotShapeError, /scatter: lengths differ/],
    [() => plt.scatter([1, 2], [1, 2], { c: [1, 2, 3] }), plt.PlotShapeError, /c has 3 values for 2 points/],
    [
      () => plt.scatter([1, 2], [1, 2], { c: [1, 2], cmap: "viridi" }),
      plt.PlotValueError,
      /unknown colour map "viridi"/,
    ],
    [
      () => plt.bar([1, 2], [1, 2, 3]),
      plt.PlotShapeError,
      /bar: lengths differ: x has 2 values, height has 3 values/,
    ],
    [() => plt.hist([1, 2], { bins: 0 }), plt.PlotValueError, /bins must be a positive integer/],
    [() => plt.hist([1, 2], { bins: [2, 1] }), plt.PlotValueError, /must ascend/],
    [() => plt.imshow([1, 2]), plt.PlotShapeError, /got shape \[2\]/],
    [() => plt.imshow([[1, 2], [3]]), plt.PlotShapeError, /ragged: item 0 has shape \[2\], item 1 has \[1\]/],
    [
      () =>
        plt.contour(
          [1, 2, 3],
          [1, 2],
          [
            [1, 2],
            [3, 4],
          ],
        ),
      plt.PlotShapeError,
      /so x must have 2 values/,
    ],
    [
      () =>
        plt.contour(
          [
            [1, 2],
            [3, 4],
          ],
          { levels: [2, 1] },
        ),
      plt.PlotValueError,
      /levels must ascend/,
    ],
    [() => plt.xlim(1, 1), plt.PlotValueError, /limits are equal/],
    [() => plt.xlim(Number.NaN, 1), plt.PlotValueError, /must be finite/],
    [() => plt.xscale("symlog" as "log"), plt.PlotValueError, /"linear", "log"; got "symlog"/],
    [() => plt.subplot(2, 2, 5), plt.PlotValueError, /index from 1 to rows \* columns/],
    [() => plt.figure({ figsize: [-1, 2] }), plt.PlotValueError, /width must be a positive number/],
    [() => plt.zlabel("z"), plt.PlotTypeError, /zlabel: the current axes are two-dimensional/],
    [() => plt.colorbar(), plt.PlotValueError, /nothing with a colour map/],
    [() => plt.axis("round" as "equal"), plt.PlotValueError, /unknown command "round"/],
    [() => plt.legend({ loc: "top" as "best" }), plt.PlotValueError, /loc must be one of "best"/],
    [() => Object.assign(plt.rcParams, { "lines.width": 3 }), plt.PlotValueError, /unknown key lines.width/],
    [
      () => plt.figure().addSubplot(111, { projection: "3d" }).plotSurface([1, 2], [1, 2], [1, 2]),
      plt.PlotShapeError,
      /plotSurface: z must be two-dimensional; got shape \[2\]/,
    ],
    [
      () => plt.figure().addSubplot(111, { projection: "4d" as "3d" }),
      plt.PlotValueError,
      /projection must be one of "rectilinear", "3d"; got "4d"/,
    ],
  ];
  for (const [call, kind, message] of cases) {
    plt.close("all");
    assert.throws(call, (error) => {
      assert.ok(error instanceof kind && error instanceof plt.PlotError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
});

test("figures are numbered, found again and closed as in Matplotlib", () => {
  const first = plt.figure();
  const fifth = plt.figure(5);
  assert.equal(plt.gcf(), fifth);
  assert.equal(plt.figure(1), first);
  assert.equal(plt.gcf(), first);
  assert.equal(plt.figure().number, 6);
  plt.close(fifth);
  assert.deepEqual(plt.getFignums(), [1, 6]);
  plt.close();
  assert.equal(plt.gcf(), first);
  plt.close("all");
  assert.deepEqual(plt.getFignums(), []);
});

test("subplots give one axes, an array, or rows, and share limits", () => {
  const [, one] = plt.subplots();
  assert.ok(one instanceof plt.Axes);
  const [, row] = plt.subplots(1, 3);
  assert.equal(row.length, 3);
  const [, column] = plt.subplots(2);
  assert.equal(column.length, 2);
  const [figure, grid] = plt.subplots(2, 2, { sharex: true, sharey: "row" });
  assert.deepEqual(
    grid.map((line) => line.length),
    [2, 2],
  );
  grid[0]![0]!.plot([0, 100], [0, 1]);
  assert.deepEqual(grid[1]![1]!.getXlim(), [-5, 105]);
  assert.deepEqual(grid[1]![1]!.getYlim(), [0, 1]);
  assert.deepEqual(grid[0]![1]!.getYlim(), [-0.05, 1.05]);
  grid[1]![0]!.setXlim(3, 4);
  assert.deepEqual(grid[0]![0]!.getXlim(), [3, 4]);
  assert.equal(String(figure), "<Figure size 640x480 with 4 Axes>");
  const [, space] = plt.subplots({ subplotKw: { projection: "3d" } });
  assert.ok(space instanceof plt.Axes3D);
});

test("limits may be set at one end, turned around and read", () => {
  plt.plot([0, 1], [0, 1]);
  assert.deepEqual(plt.xlim(), [-0.05, 1.05]);
  assert.deepEqual(plt.xlim(null, 3), [-0.05, 3]);
  assert.deepEqual(plt.ylim([2, -1]), [2, -1]);
  plt.axis([0, 1, 2, 3]);
  assert.deepEqual(
    [plt.xlim(), plt.ylim()],
    [
      [0, 1],
      [2, 3],
    ],
  );
});

test("axes in the same cell are found again, others are added", () => {
  const upper = plt.subplot(2, 1, 1);
  const lower = plt.subplot(212);
  assert.notEqual(upper, lower);
  assert.equal(plt.subplot(211), upper);
  assert.equal(plt.gca(), upper);
  plt.sca(lower);
  assert.equal(plt.gca(), lower);
});

test("results print as Matplotlib's do", () => {
  assert.equal(inspect(plt.plot([1, 2])), "[ <Line2D _child0> ]");
  assert.equal(String(plt.scatter([1], [2], { label: "points" })), "<PathCollection points>");
  assert.equal(inspect(plt.gcf()), "<Figure size 640x480 with 1 Axes>");
  assert.equal(inspect(plt.gca()), "<Axes>");
});

test("new figures follow rcParams", () => {
  plt.rcParams["figure.figsize"] = [3, 2];
  plt.rcParams["lines.linewidth"] = 4;
  assert.match(plt.figure().toString(), /300x200/);
  assert.equal(plt.plot([1, 2])[0]!.artist.linewidth, 4);
  plt.rcdefaults();
  assert.equal(plt.plot([1, 2])[0]!.artist.linewidth, 1.5);
});
