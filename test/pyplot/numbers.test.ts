import assert from "node:assert/strict";
import test from "node:test";
import { toRgba } from "../../src/pyplot/color.js";
import { colorAt, colorTable } from "../../src/pyplot/colormap.js";
import * as plt from "../../src/pyplot/index.js";
import { lineWidthInEms } from "../../src/pyplot/mathText.js";
import { automaticLevels } from "../../src/pyplot/plots/contour.js";
import { projectionMatrix } from "../../src/pyplot/projection.js";
import { golden, isClose } from "./golden.js";

test("histograms count as NumPy does", () => {
  const { data, cases, same } = golden.histograms;
  for (const { options, counts, edges } of [...cases, { ...same, options: {}, data: same.data }]) {
    plt.close("all");
    const values = counts === same.counts ? same.data : data;
    const [ourCounts, ourEdges] = plt.hist(values, options as plt.HistOptions);
    assert.ok(isClose(ourCounts, counts), `${JSON.stringify(options)}: ${ourCounts}, expected ${counts}`);
    assert.ok(isClose(ourEdges, edges, 1e-15), `edges of ${JSON.stringify(options)}`);
  }
});

test("contour levels are Matplotlib's", () => {
  for (const { limits, count, levels, filled } of golden.contourLevels) {
    const ours = automaticLevels(limits[0], limits[1], count ?? 7);
    assert.ok(isClose(ours, levels), `${limits} in ${count}: ${ours}, expected ${levels}`);
    assert.deepEqual(filled, levels);
  }
});

/** Maps with kinks, which anchors round off a little. */
const kinked = ["jet", "hsv", "cividis"];

test("colour maps stay within 1.2/255 of Matplotlib's, kinked ones within 3.2/255", () => {
  for (const [name, samples] of Object.entries(golden.colormaps)) {
    samples.forEach((expected, index) => {
      const ours = colorAt(colorTable("test", name), index / (samples.length - 1));
      const worst = Math.max(...expected.map((channel, at) => Math.abs(channel - ours[at]!)));
      assert.ok(worst <= (kinked.includes(name) ? 3.2 : 1.2) / 255, `${name} at ${index}%: off by ${worst}`);
    });
  }
});

test("colours are read as Matplotlib reads them", () => {
  for (const [name, expected] of Object.entries(golden.colors)) {
    assert.ok(isClose([...toRgba("test", name)], expected, 1e-9), name);
  }
});

test("the view in space is mplot3d's, for many angles and both projections", () => {
  const { limits, cases } = golden.projections;
  for (const { view, kind, matrix } of cases) {
    const [elevation, azimuth, roll] = view;
    const ours = projectionMatrix(limits, {
      elevation,
      azimuth,
      roll,
      projection: kind,
      boxAspect: [4, 4, 3],
    });
    assert.ok(isClose(ours.flat(), matrix.flat(), 1e-9), `${kind} from ${view}`);
  }
});

test("texts are measured as DejaVu Sans is", () => {
  for (const [text, expected] of Object.entries(golden.textWidths)) {
    // Matplotlib measures from the first to the last drawn point and kerns, so a little less.
    assert.ok(
      Math.abs(lineWidthInEms(text) - expected) < 0.15,
      `${text}: ${lineWidthInEms(text)}, expected ${expected}`,
    );
  }
});
