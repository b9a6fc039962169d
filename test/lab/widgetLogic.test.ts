/** @file The playground's formulas, paths and basins. */
import assert from "node:assert/strict";
import test, { before } from "node:test";
import { loadPlayground, type Playground, type Reply, type View } from "./playground.js";

let play: Playground;
before(async () => {
  play = await loadPlayground();
});

/** Does a task to its end; the last answer counts. */
function answerTo(task: object): Reply {
  let last: Reply | null = null;
  for (const reply of play.perform(task)) if (reply !== null && reply.kind !== "progress") last = reply;
  return last!;
}

const square: View = { x: [-2, 2], y: [0.5, 3] };
const heightsOf = (formula: string, view = square, count = 5) =>
  answerTo({ kind: "heights", formula, view, count }).heights;

/** What a function says at the points of a grid, rows from low to high y. */
function valuesOf(f: (x: number, y: number) => number, view: View, count: number): number[] {
  const along = ([low, high]: [number, number], i: number) => low + ((high - low) * i) / (count - 1);
  return Array.from({ length: count ** 2 }, (_, i) =>
    f(along(view.x, i % count), along(view.y, Math.floor(i / count))),
  );
}

function assertClose(actual: ArrayLike<number>, expected: number[], what: string): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const isClose = Math.abs(actual[i]! - value) <= 2e-5 * (1 + Math.abs(value));
    assert.ok(Object.is(actual[i], value) || isClose, `${what} [${i}]: ${actual[i]}, not ${value}`);
  }
}

const formulas: [string, (x: number, y: number) => number][] = [
  ["x + 2*y - 3", (x, y) => x + 2 * y - 3],
  ["x - y - 1 - x", (x, y) => x - y - 1 - x],
  ["x / y / 2", (x, y) => x / y / 2],
  ["-x^2 + y", (x, y) => -(x * x) + y],
  ["(-x)^2 * y", (x, y) => x * x * y],
  ["y^2^3", (_x, y) => y ** 8],
  ["y**-1 + x", (x, y) => 1 / y + x],
  ["2^-1 * x", (x) => x / 2],
  ["--x + +y", (x, y) => x + y],
  [
    "sin(x)*cos(y) + tan(x/9) + tanh(x)",
    (x, y) => Math.sin(x) * Math.cos(y) + Math.tan(x / 9) + Math.tanh(x),
  ],
  ["EXP(x) + Log(y) + sqrt(y) + abs(x)", (x, y) => Math.exp(x) + Math.log(y) + Math.sqrt(y) + Math.abs(x)],
  ["min(x, y) + 10*max(x, 1)", (x, y) => Math.min(x, y) + 10 * Math.max(x, 1)],
  ["1.5e1*x + .5*pi + e", (x) => 15 * x + 0.5 * Math.PI + Math.E],
  ["log(x)", (x) => Math.log(x)],
];

test("formulas mean what they mean in mathematics", () => {
  for (const [source, f] of formulas) {
    assertClose(heightsOf(source).values, valuesOf(f, square, 5), source);
  }
});

test("a bad formula says what is wrong", () => {
  const cases: [string, RegExp][] = [
    ["", /a formula is expected, such as x\^2 \+ y\^2/],
    ["3 + 4", /contains neither x nor y/],
    ["2x", /expected an operator between "2" and "x", such as \*/],
    ["x y", /expected an operator between "x" and "y"/],
    ["(x + 1", /expected "\)" to close "\(", found the end/],
    ["x + 1)", /"\)" has no "\(" before it/],
    ["x + * y", /expected a number, x, y or "\(", found "\*"/],
    ["x +", /found the end/],
    ["sin x", /expected "\(" after "sin", found "x"/],
    ["max(x)", /expected "," and a second value in "max", found "\)"/],
    ["sinh(x)", /"sinh" is unknown; known are x, y, pi, e, sin/],
    ["x # y", /"#" means nothing in a formula/],
    ["constructor(x)", /"constructor" is unknown/],
    ["x + alert(1)", /"alert" is unknown/],
    [`x${"+x".repeat(200)}`, /at most 300 characters are read, got 401/],
    ["log(0 - x^2 - 1)", /has no value anywhere in this view/],
  ];
  for (const [source, message] of cases) assert.throws(() => heightsOf(source), message, source);
  assert.doesNotThrow(() => heightsOf(`${"(".repeat(140)}x${")".repeat(140)}`));
});

const definitions: Record<string, (x: number, y: number) => number> = {
  bowl: (x, y) => (x - 1) ** 2 + (y - 1) ** 2,
  valley: (x, y) => (x ** 2 + 25 * y ** 2) / 2,
  rosenbrock: (x, y) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
  himmelblau: (x, y) => (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2,
  beale: (x, y) => (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2,
  rastrigin: (x, y) => 20 + x * x + y * y - 10 * (Math.cos(2 * Math.PI * x) + Math.cos(2 * Math.PI * y)),
};

test("the surfaces are the known functions", () => {
  assert.deepEqual(Object.keys(play.surfaces), Object.keys(definitions));
  for (const [name, { formula, view, start }] of Object.entries(play.surfaces)) {
    const { values } = heightsOf(formula, view, 9);
    assertClose(values, valuesOf(definitions[name]!, view, 9), name);
    assert.ok(
      start[0] > view.x[0] && start[0] < view.x[1] && start[1] > view.y[0] && start[1] < view.y[1],
      name,
    );
  }
});

test("levels go from 0 to 1 and keep the order of heights", () => {
  const { values, scale } = heightsOf(play.surfaces["beale"]!.formula, play.surfaces["beale"]!.view, 30);
  const sorted = [...values].sort((a, b) => a - b);
  const levels = sorted.map((height) => play.levelOf(scale, height));
  assert.equal(levels[0], 0);
  assert.ok(Math.abs(levels.at(-1)! - 1) < 1e-9);
  assert.ok(levels.every((level, i) => i === 0 || level >= levels[i - 1]!));
  const flat = heightsOf("0*x + 7").scale;
  assert.equal(play.levelOf(flat, 7), 0);
});

const walk = (
  formula: string,
  start: [number, number],
  steps: number,
  team: { name: string; rate: number }[],
) => answerTo({ kind: "paths", formula, start, steps, team }).paths;

test("plain descent and momentum on the bowl go where recurrences say", () => {
  const team = [
    { name: "sgd", rate: 0.1 },
    { name: "momentum", rate: 0.1 },
  ];
  const paths = walk(play.surfaces["bowl"]!.formula, [-2, 3], 30, team);
  assert.deepEqual(Object.keys(paths), ["sgd", "momentum"]);
  let [x, velocity] = [-2, 0];
  for (let step = 0; step <= 30; step++) {
    assert.ok(Math.abs(paths["sgd"]!.x[step]! - (1 - 3 * 0.8 ** step)) < 1e-5);
    assert.ok(Math.abs(paths["sgd"]!.height[step]! - 13 * 0.64 ** step) < 1e-4);
    assert.ok(Math.abs(paths["momentum"]!.x[step]! - x) < 1e-5, `step ${step}`);
    velocity = 0.9 * velocity - 0.1 * 2 * (x - 1);
    x += velocity;
  }
});

test("a formula of one variable moves that one alone", () => {
  const { sgd } = walk("x^2", [1, 2], 5, [{ name: "sgd", rate: 0.25 }]);
  assert.deepEqual(sgd!.x, [1, 0.5, 0.25, 0.125, 0.0625, 0.03125]);
  assert.deepEqual(new Set(sgd!.y), new Set([2]));
});

test("a path ends where the numbers do", () => {
  const { sgd } = walk(play.surfaces["rosenbrock"]!.formula, [-1.5, 2], 200, [{ name: "sgd", rate: 0.1 }]);
  assert.ok(sgd!.x.length > 2 && sgd!.x.length < 30);
  assert.ok([...sgd!.x, ...sgd!.y, ...sgd!.height].every(Number.isFinite));
});

test("every walker with its own step size comes down every surface", () => {
  for (const [name, surface] of Object.entries(play.surfaces)) {
    const team = Object.entries(play.walkers).map(([walker, about]) => ({
      name: walker,
      rate: play.suitableRate(about, surface),
    }));
    const paths = walk(surface.formula, surface.start, 600, team);
    for (const { name: walker } of team) {
      const { height } = paths[walker]!;
      assert.equal(height.length, 601, `${walker} is lost on ${name}`);
      assert.ok(height.at(-1)! < height[0]! * 0.8, `${walker} on ${name}: ${height[0]} → ${height.at(-1)}`);
    }
  }
});

test("an optimizer that is not there is an error", () => {
  assert.throws(
    () => walk("x^2", [1, 1], 1, [{ name: "toString", rate: 1 }]),
    /there is no optimizer toString/,
  );
});

const basinsOf = (formula: string, view: View, walker: { name: string; rate: number }, count = 24) =>
  answerTo({ kind: "basins", formula, view, walker, steps: 300, count }).basins;

test("the basins of Himmelblau's four minima", () => {
  const { formula, view } = play.surfaces["himmelblau"]!;
  const known = [
    [3, 2],
    [-2.805118, 3.131312],
    [-3.77931, -3.283186],
    [3.584428, -1.848126],
  ] as const;
  const { minima, labels, count } = basinsOf(formula, view, { name: "adam", rate: 0.1 });
  assert.equal(minima.length, 4);
  for (const [x, y] of known) {
    const index = minima.findIndex((found) => Math.hypot(found.x - x, found.y - y) < 0.01);
    assert.ok(index >= 0, `${[x, y]}`);
    const [column, row] = [x, y].map((value) => Math.round(((value + 6) / 12) * (count - 1)));
    assert.equal(labels[row! * count + column!], index);
  }
  const starts = minima.map((minimum) => minimum.starts);
  assert.deepEqual(
    starts,
    [...starts].sort((a, b) => b - a),
  );
  assert.equal(
    starts.reduce((a, b) => a + b),
    labels.filter((label) => label >= 0).length,
  );
});

test("who crawls along Rosenbrock's valley has not arrived, who hops about the minimum has", () => {
  const { formula, view } = play.surfaces["rosenbrock"]!;
  const crawling = basinsOf(formula, view, { name: "sgd", rate: 0.0001 });
  assert.ok(crawling.labels.filter((label) => label >= 0).length < 0.3 * crawling.labels.length);
  const hopping = basinsOf("x^2 + y^2", { x: [-3, 3], y: [-3, 3] }, { name: "rmsprop", rate: 0.03 });
  assert.equal(hopping.minima.length, 1);
  assert.ok(Math.hypot(hopping.minima[0]!.x, hopping.minima[0]!.y) < 1e-4);
  assert.ok(hopping.labels.every((label) => label === 0));
});

test("a saddle is no minimum; a roof's edge is", () => {
  const view: View = { x: [-1, 1], y: [-1, 1] };
  assert.equal(basinsOf("x^2 - y^2", view, { name: "sgd", rate: 0.01 }).minima.length, 0);
  const [edge, ...others] = basinsOf("abs(x) + abs(y)", view, { name: "sgd", rate: 0.01 }).minima;
  assert.equal(others.length, 0);
  assert.ok(Math.hypot(edge!.x, edge!.y) < 0.03);
});

test("a search for basins says how far it is", () => {
  const { formula, view } = play.surfaces["bowl"]!;
  const task = { kind: "basins", formula, view, walker: { name: "sgd", rate: 0.1 }, steps: 50, count: 4 };
  const done = [...play.perform(task)].flatMap((reply) => (reply?.kind === "progress" ? [reply.done] : []));
  assert.ok(done.length >= 5);
  assert.ok(done.every((part, i) => part >= (done[i - 1] ?? 0) && part < 1));
});

test("settings from a cell are taken if they make sense", () => {
  const defaults = { surface: "rosenbrock", optimizers: ["sgd", "momentum", "adam"], steps: 600 };
  assert.deepEqual(play.settingsOf({ widget: "optimizers" }), defaults);
  const given = { surface: "beale", formula: "x^2", optimizers: ["lion"], start: [1, 2], steps: 50 };
  assert.deepEqual(play.settingsOf(given), given);
  const nonsense = { surface: "toString", optimizers: ["valueOf"], start: [1, "2"], steps: 1e9 };
  assert.deepEqual(play.settingsOf(nonsense), defaults);
});

test("ticks are round numbers", () => {
  const labels = (range: [number, number], most: number) =>
    play.niceTicks(range, most).map(({ label }) => label);
  assert.deepEqual(labels([-2, 2], 5), ["-2", "-1", "0", "1", "2"]);
  assert.deepEqual(labels([-1, 3], 8), ["-1.0", "-0.5", "0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]);
  assert.deepEqual(labels([-5.12, 5.12], 6), ["-4", "-2", "0", "2", "4"]);
  assert.deepEqual(labels([0, 3000], 3), ["0", "1000", "2000", "3000"]);
});
