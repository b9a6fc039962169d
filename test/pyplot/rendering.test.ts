import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { inflateSync } from "node:zlib";
import * as plt from "../../src/pyplot/index.js";
import { encodePng } from "../../src/pyplot/pngEncode.js";

const folder = await mkdtemp(join(tmpdir(), "pyplot-"));
after(() => rm(folder, { recursive: true }));
beforeEach(() => plt.close("all"));

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map((match) => match[1]!.replace(/<[^>]*>/g, ""));
}

interface Picture {
  width: number;
  height: number;
  /** Red, green, blue at a pixel. */
  at(x: number, y: number): [number, number, number];
}

/** Reads a PNG of eight-bit RGBA without interlacing, filters included. */
function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes);
  assert.equal(file.toString("latin1", 1, 4), "PNG");
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  assert.deepEqual([...file.subarray(24, 26)], [8, 6]);
  const packed: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      packed.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(packed));
  const stride = width * 4;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const left = i >= 4 ? pixels[y * stride + i - 4]! : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + i]! : 0;
      const corner = i >= 4 && y > 0 ? pixels[(y - 1) * stride + i - 4]! : 0;
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const predicted = [0, left, up, (left + up) >> 1, paeth][filter]!;
      pixels[y * stride + i] = rows[y * (stride + 1) + 1 + i]! + predicted;
    }
  }
  return {
    width,
    height,
    at: (x, y) =>
      [0, 1, 2].map((channel) => pixels[y * stride + x * 4 + channel]!) as [number, number, number],
  };
}

/** How many pixels of a rectangle are dark. */
function darkPixels(picture: Picture, left: number, top: number, width: number, height: number): number {
  let dark = 0;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) if (Math.max(...picture.at(x, y)) < 100) dark++;
  }
  return dark;
}

test("an SVG has the figure's size, its ticks, its texts and its lines", () => {
  plt.plot([0, 1, 2], [0, 10, 40], "r--", { label: "first & <best>" });
  plt.plot([0, 1, 2], [3, 3, 3], "o");
  plt.title("A title");
  plt.xlabel("steps");
  plt.legend();
  const svg = plt.gcf().toSvg();
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="640" height="480"/);
  const found = texts(svg);
  for (const text of ["0.00", "0.25", "2.00", "40", "A title", "steps", "first &amp; &lt;best&gt;"]) {
    assert.ok(found.includes(text), `${text} is missing in ${found}`);
  }
  assert.equal(count(svg, /<circle /g), 3);
  assert.match(svg, /stroke="#ff0000"[^>]*stroke-dasharray="7.71 3.33"/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test("a line lies where Matplotlib's axes put it", () => {
  plt.plot([0, 1], [0, 1]);
  // Axes from 80 to 576 across and from 427.2 up to 57.6, of which 1/22 at each end is margin.
  const x = [80 + 496 / 22, 80 + (496 * 21) / 22];
  const y = [427.2 - 369.6 / 22, 427.2 - (369.6 * 21) / 22];
  const [, ...numbers] = /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" fill="none" stroke="#1f77b4"/.exec(
    plt.gcf().toSvg(),
  )!;
  [x[0]!, y[0]!, x[1]!, y[1]!].forEach((expected, index) => {
    assert.ok(
      Math.abs(Number(numbers[index]) - expected) < 0.01,
      `${numbers} at ${index}: expected ${expected}`,
    );
  });
});

test("a line is interrupted where a value is missing", () => {
  plt.plot([0, 1, 2, 3, 4], [0, 1, Number.NaN, 3, 4]);
  const data = /d="([^"]*)" fill="none" stroke="#1f77b4"/.exec(plt.gcf().toSvg())![1]!;
  assert.equal(data.replace(/[\d. ]+/g, ""), "MLML");
});

test("an SVG of a surface draws its patches from far to near", () => {
  const axes = plt.figure().addSubplot(111, { projection: "3d" });
  const values = [-2, -1, 0, 1, 2];
  axes.plotSurface(
    values,
    values,
    values.map((y) => values.map((x) => x * x + y * y)),
    { color: "#ffffff" },
  );
  const svg = plt.gcf().toSvg();
  const faces = [...svg.matchAll(/<path d="M[^"]*Z" fill="(#(\w\w)\2\2)" stroke="\1"/g)];
  assert.equal(faces.length, 16);
  assert.ok(new Set(faces.map((face) => face[1])).size > 4, "faces are shaded");
  for (const tick of ["−2", "0", "2", "8"]) assert.ok(texts(svg).includes(tick), tick);
});

test("a line on a surface is drawn after the patch below it", () => {
  const axes = plt.figure().addSubplot(111, { projection: "3d" });
  const grid = [0, 1, 2, 3];
  axes.plotSurface(
    grid,
    grid,
    grid.map(() => grid.map(() => 0)),
  );
  axes.plot([0, 3], [1.5, 1.5], [0.02, 0.02], "r");
  axes.setZlim(0, 1);
  const svg = plt.gcf().toSvg();
  const lastSegment = svg.lastIndexOf('stroke="#ff0000"');
  assert.ok(lastSegment > 0);
  const nearFaces = count(svg.slice(lastSegment), /Z" fill="#/g);
  assert.ok(nearFaces <= 4, `${nearFaces} patches cover the line`);
});

test("a PNG shows the line's colour and readable labels", async () => {
  plt.plot([0, 1], [0, 0], { linewidth: 10, color: "g" });
  plt.xlabel("a label");
  const picture = decodePng(await plt.gcf().toPng());
  assert.deepEqual([picture.width, picture.height], [640, 480]);
  assert.deepEqual(picture.at(5, 5), [255, 255, 255]);
  assert.deepEqual(picture.at(328, 242), [0, 128, 0]);
  assert.ok(darkPixels(picture, 290, 450, 80, 20) > 60, "the axis label is drawn");
  assert.ok(darkPixels(picture, 80, 435, 500, 15) > 60, "tick labels are drawn");
});

test("savefig writes every format, and leaves nothing else behind", async () => {
  plt.imshow([
    [0, 1],
    [2, 3],
  ]);
  plt.title("</script><b>");
  const names = ["a.svg", "a.png", "a.html", "a.json"];
  for (const name of names) await plt.savefig(join(folder, name), { dpi: 50 });
  assert.deepEqual((await readdir(folder)).sort(), [...names].sort());
  const picture = decodePng(await readFile(join(folder, "a.png")));
  assert.deepEqual([picture.width, picture.height], [320, 240]);
  // The four quarters of viridis at 0, 1/3, 2/3 and 1.
  assert.deepEqual(picture.at(115, 75), [68, 1, 84]);
  assert.deepEqual(picture.at(210, 165), [253, 231, 37]);
  const html = await readFile(join(folder, "a.html"), "utf8");
  assert.match(html, /^<!doctype html>/);
  assert.doesNotMatch(html, /<(script|link)[^>]* (src|href)=/, "nothing is loaded from elsewhere");
  assert.equal(count(html, /<\/script>/g), 2);
  assert.doesNotMatch(html, /<b>/);
  const { data, layout } = JSON.parse(await readFile(join(folder, "a.json"), "utf8"));
  assert.ok(Array.isArray(data));
  assert.equal(layout.width, 640);
});

test("savefig refuses other endings and does not touch what is there", async () => {
  plt.plot([1, 2]);
  await assert.rejects(plt.savefig(join(folder, "a.bmp")), plt.PlotValueError);
  await assert.rejects(plt.savefig(join(folder, "missing", "a.svg")), /ENOENT/);
});

test("the PNG encoder is read back pixel by pixel", () => {
  const pixels = Uint8ClampedArray.from({ length: 5 * 3 * 4 }, (_, index) =>
    index % 4 === 3 ? 255 : (index * 37) % 256,
  );
  const picture = decodePng(encodePng(5, 3, pixels));
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 5; x++) {
      const start = (y * 5 + x) * 4;
      assert.deepEqual(picture.at(x, y), [...pixels.subarray(start, start + 3)]);
    }
  }
});

test("tight layout keeps every label inside the figure", () => {
  const [figure, axes] = plt.subplots(2, 2);
  for (const each of axes.flat()) {
    each.plot([0, 1], [1e5, 2e5]);
    each.setXlabel("x");
    each.setYlabel("a long label");
    each.setTitle("title");
  }
  const before = figure.toSvg();
  figure.tightLayout();
  const after = figure.toSvg();
  const leftmost = (svg: string) =>
    Math.min(...[...svg.matchAll(/<text x="(-?[\d.]+)"/g)].map((match) => Number(match[1])));
  assert.notEqual(before, after);
  assert.ok(leftmost(after) > 10 && leftmost(after) < 30, String(leftmost(after)));
});

test("a legend that may choose avoids the data", () => {
  const x = Array.from({ length: 50 }, (_, index) => index);
  plt.plot(
    x,
    x.map((value) => -value),
    { label: "falling" },
  );
  plt.legend();
  const boxOf = (svg: string) =>
    /<rect x="([\d.]+)" y="([\d.]+)"[^>]*stroke="#cccccc"/.exec(svg)!.slice(1).map(Number);
  const [left, top] = boxOf(plt.gcf().toSvg()) as [number, number];
  assert.ok(left > 400 && top < 100, "upper right is free");
  plt.clf();
  plt.plot(x, x, { label: "rising" });
  plt.legend();
  assert.ok(boxOf(plt.gcf().toSvg())[0]! < 200, "upper left is free");
});

test("math text becomes raised and slanted runs", () => {
  plt.title("$x^2 + \\alpha_{ij}$ costs \\$5");
  const svg = plt.gcf().toSvg();
  assert.ok(texts(svg).includes("x2 + αij costs $5"), String(texts(svg)));
  assert.match(svg, /<tspan font-style="italic">x<\/tspan><tspan dy="-6.33" font-size="11.67">2<\/tspan>/);
});
