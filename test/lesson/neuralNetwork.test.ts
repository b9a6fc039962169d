/** @file The lesson on a small network runs whole, and what it says is so. */
import assert from "node:assert/strict";
import test, { before } from "node:test";
import { assertValid, bundlesOf, codeCells, complaints, type Executed, execute } from "./lesson.js";

const file = "neural-network.ipynb";

interface Probe {
  /** On points of the same kind that the network has not seen. */
  accuracy: number;
  line: number[];
  curved: { loss: number[]; accuracy: number[] };
  riddles: { points: number[][]; labels: number[] }[];
}

let lesson: Executed<Probe>;
before(async () => {
  lesson = await execute<Probe>(
    file,
    "{ accuracy, line: lineHistory.history.accuracy, curved: history, riddles: [moons, circles, spiral] }",
  );
});

/** The accuracy in the title of each panel. */
function accuraciesIn(id: string): number[] {
  const [bundle] = bundlesOf(lesson.cell(id));
  const { layout } = bundle!["application/vnd.plotly.v1+json"] as { layout: object };
  return [...JSON.stringify(layout).matchAll(/(?:wide|hidden|none|ReLU|tanh|sine): ([\d.]+)/g)].map(
    ([, value]) => Number(value),
  );
}

test("every cell runs and none complains", () => {
  assert.equal(lesson.failure, undefined);
  assert.deepEqual(complaints(lesson.notebook), []);
});

test("each figure is interactive, a picture and text", () => {
  const drawn = codeCells(lesson.notebook).flatMap(bundlesOf);
  const figures = drawn.filter((bundle) => "application/vnd.plotly.v1+json" in bundle);
  assert.equal(figures.length, 8);
  for (const bundle of figures) assert.match(String(bundle["image/svg+xml"]), /^<svg[\s\S]*<\/svg>\s*$/);
});

test("the riddles have as many points of each colour, of finite size", () => {
  for (const { points, labels } of lesson.probe.riddles) {
    assert.equal(points.length, 300);
    assert.ok(points.flat().every((value) => Math.abs(value) < 2));
    const colors = new Set(labels).size;
    for (let color = 0; color < colors; color++) {
      assert.equal(labels.filter((label) => label === color).length, 300 / colors);
    }
  }
});

test("a line is not enough for the moons, two hidden layers are, also on new points", () => {
  const { line, curved, accuracy } = lesson.probe;
  assert.ok(line.at(-1)! > 0.8 && line.at(-1)! < 0.92, `line: ${line.at(-1)}`);
  assert.ok(curved.accuracy.at(-1)! >= 0.95, `seen: ${curved.accuracy.at(-1)}`);
  assert.ok(accuracy >= 0.95, `new: ${accuracy}`);
  assert.ok(curved.loss.at(-1)! < curved.loss[0]! / 5);
});

test("the picture drawn before training is replaced while it goes on", () => {
  const [bundle, ...others] = bundlesOf(lesson.cell("moons"));
  assert.equal(others.length, 0);
  const { layout } = bundle!["application/vnd.plotly.v1+json"] as { layout: object };
  assert.match(JSON.stringify(layout), /epoch 100, accuracy/);
});

test("width, depth and the activation change what it can learn", () => {
  const [one, two, three, sixteen, ...more] = accuraciesIn("width");
  assert.equal(more.length, 0);
  assert.ok(one! < 0.75 && two! < 0.9 && three! > 0.9 && sixteen! > 0.95, `${accuraciesIn("width")}`);
  const depths = accuraciesIn("depth");
  assert.equal(depths.length, 4);
  assert.ok(
    depths[0]! < 0.5 && depths[1]! > depths[0]! + 0.2 && Math.max(...depths.slice(2)) > 0.94,
    `${depths}`,
  );
  const [none, ...bent] = accuraciesIn("activation");
  assert.equal(bent.length, 3);
  assert.ok(none! < 0.5 && bent.every((value) => value > 0.94), `${accuraciesIn("activation")}`);
});

test("the executed notebook and the committed one are valid, and the committed one holds no outputs", async () => {
  await assertValid(file, lesson.written);
});
