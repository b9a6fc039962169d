/** @file The lesson on optimizers runs whole, and what it says is so. */
import assert from "node:assert/strict";
import test, { before } from "node:test";
import { readGolden } from "../support/golden.js";
import {
  assertValid,
  bundlesOf,
  codeCells,
  complaints,
  type Executed,
  execute,
  printedBy,
} from "./lesson.js";

const file = "optimizers.ipynb";
const widgetType = "application/vnd.nabla.widget.v1+json";

interface Path {
  x: number[];
  y: number[];
  height: number[];
}
interface Probe {
  paths: Record<string, Path>;
  inTheValley: Record<string, Path>;
  fromTheCliff: Record<string, { x: (number | null)[]; y: (number | null)[] }>;
  /** The number of each start's minimum, null where it is white. */
  basins: Record<string, (number | null)[][]>;
}

let lesson: Executed<Probe>;
before(async () => {
  lesson = await execute<Probe>(file, "{ paths, inTheValley, fromTheCliff, basins }");
});

const endOf = ({ x, y }: Path): [number, number] => [x.at(-1)!, y.at(-1)!];

test("every cell runs and none complains", () => {
  assert.equal(lesson.failure, undefined);
  assert.ok(codeCells(lesson.notebook).length >= 18);
  assert.deepEqual(complaints(lesson.notebook), []);
});

test("each figure is interactive, a picture and text", () => {
  let figures = 0;
  for (const cell of lesson.notebook.cells) {
    if (cell.cell_type !== "code" || !cell.source.includes("plt.show()")) continue;
    const [bundle, ...others] = bundlesOf(cell).filter((data) => "image/svg+xml" in data);
    assert.equal(others.length, 0, cell.id);
    assert.match(String(bundle!["image/svg+xml"]), /^<svg[\s\S]*<path/);
    const { data, layout } = bundle!["application/vnd.plotly.v1+json"] as {
      data: unknown[];
      layout: { images?: unknown[] };
    };
    assert.ok(data.length + (layout.images ?? []).length > 0, cell.id);
    figures++;
  }
  assert.equal(figures, 8);
});

test("the five runners end where Keras's do", () => {
  const { race } = readGolden<{ race: Record<string, { x: number; y: number; tolerance: number }> }>(
    "optimizers.json",
  );
  assert.deepEqual(Object.keys(lesson.probe.paths), Object.keys(race));
  for (const [name, { x, y, tolerance }] of Object.entries(race)) {
    const end = endOf(lesson.probe.paths[name]!);
    assert.ok(
      Math.hypot(end[0] - x, end[1] - y) < 2 * tolerance,
      `${name} ends at ${end}, Keras's at ${[x, y]}`,
    );
  }
});

test("Adam finds Rosenbrock's minimum", () => {
  const [x, y] = endOf(lesson.probe.paths["Adam"]!);
  assert.ok(Math.hypot(x - 1, y - 1) < 1e-3, `${[x, y]}`);
});

test("in the valley, plain descent is what two geometric sequences say, and momentum comes closer", () => {
  const { plain, momentum, Nesterov } = lesson.probe.inTheValley as Record<string, Path>;
  for (const [step, x] of plain!.x.entries()) {
    assert.ok(Math.abs(x - -9 * 0.98 ** step) < 1e-5);
    assert.ok(Math.abs(plain!.y[step]! - 2.5 * 0.5 ** step) < 1e-6);
  }
  const distance = (path: Path) => Math.hypot(...endOf(path));
  assert.ok(distance(momentum!) < distance(plain!) / 10);
  assert.ok(distance(Nesterov!) < distance(momentum!));
});

test("first steps: RMSprop's do not depend on the landscape's scale, Adam's are its rate", () => {
  const lines = printedBy(lesson.cell("rmsprop-scale")).trim().split("\n");
  const scales = [1, 100, 10_000];
  assert.equal(lines.length, scales.length);
  const root = (0.02 / Math.sqrt(0.1)).toFixed(4);
  for (const [i, line] of lines.entries()) {
    const plain = [0.18, -1.25].map((step) => (scales[i]! * step).toFixed(4)).join(", ");
    assert.equal(line, `times ${scales[i]}:  SGD (${plain})  RMSprop (${root}, -${root})`);
  }
  const steps = printedBy(lesson.cell("adam-first"))
    .match(/-?[\d.]+/g)!
    .map(Number);
  assert.equal(steps.length, 2);
  for (const step of steps) assert.ok(Math.abs(step - 0.2) < 1e-5, `${step}`);
});

test("at Beale's cliff one descent is lost, one crawls, and RMSprop arrives", () => {
  // By hand: a = 3.5, b = 8.25, c = 16.625 are the three terms at (2, 2).
  const slope = Math.hypot(2 * (3.5 + 3 * 8.25 + 7 * 16.625), 2 * (2 * 3.5 + 8 * 8.25 + 24 * 16.625));
  const printed = Number(/slope at \(2, 2\): ([\d.]+)/.exec(printedBy(lesson.cell("cliffs")))![1]);
  assert.ok(Math.abs(printed - slope) < 0.01);
  const distance = (name: string): number | null => {
    const { x, y } = lesson.probe.fromTheCliff[name]!;
    const [endX, endY] = [x.at(-1)!, y.at(-1)!];
    return endX === null || endY === null ? null : Math.hypot(endX - 3, endY - 0.5);
  };
  assert.equal(distance("SGD 0.01"), null);
  assert.ok(distance("SGD 0.001")! > 0.5);
  assert.ok(distance("RMSprop 0.02")! < 0.1);
});

test("basins: four minima in each map, and all of Adam's walkers arrive", () => {
  const { SGD, momentum, Adam } = lesson.probe.basins;
  for (const map of [SGD, momentum, Adam]) {
    const found = new Set(map!.flat().filter((label) => label !== null));
    assert.deepEqual([...found].sort(), [0, 1, 2, 3]);
    // Who starts beside a minimum stays there: (3, 2), near it the 75th column and the 67th row of 100.
    assert.equal(map![66]![74], 0);
    assert.equal(map![22]![18], 2);
  }
  assert.ok(!Adam!.flat().includes(null));
  assert.ok(momentum!.flat().includes(null));
});

test("those who stagger end far lower on Rastrigin", () => {
  const heights = printedBy(lesson.cell("rastrigin"))
    .match(/height of [\d.]+/g)!
    .map((text) => Number(text.slice(10)));
  const [plain, momentum, staggering] = heights;
  assert.ok(staggering! < 0.7 * plain!, `${heights}`);
  assert.ok(momentum! > 0.8 * plain!, `${heights}`);
});

test("the playground comes with a picture and text for other viewers", () => {
  const [bundle, ...others] = bundlesOf(lesson.cell("playground"));
  assert.equal(others.length, 0);
  assert.deepEqual(bundle![widgetType], {
    widget: "optimizers",
    surface: "rosenbrock",
    optimizers: ["momentum", "adam"],
  });
  assert.match(String(bundle!["image/svg+xml"]), /^<svg/);
  assert.match(String(bundle!["text/plain"]), /Rosenbrock/);
  const images = lesson.html.match(
    /<img src="data:image\/svg\+xml;base64,[^"]+" alt="The paths of momentum/g,
  );
  assert.equal(images?.length, 1);
});

test("the executed notebook and the committed one are valid, and the committed one holds no outputs", async () => {
  await assertValid(file, lesson.written);
});
