import assert from "node:assert/strict";
import test from "node:test";
import { newAxesModel } from "../../src/pyplot/axesModel.js";
import { maxNTicks } from "../../src/pyplot/ticker.js";
import { axisTicks, type Tick as OurTick } from "../../src/pyplot/ticks.js";
import { golden, isClose, type Tick } from "./golden.js";

/** Width and height of the default axes in points. */
const axesLength = { x: 0.775 * 6.4 * 72, y: 0.77 * 4.8 * 72 };

function assertTicks(actual: OurTick[], expected: Tick[], what: string): void {
  const values = actual.map((tick) => tick.value);
  assert.ok(
    isClose(
      values,
      expected.map((tick) => tick[0]),
    ),
    `${what}: ticks at ${values}, expected ${expected.map((tick) => tick[0])}`,
  );
  assert.deepEqual(
    actual.map((tick) => tick.label),
    expected.map((tick) => tick[1]),
    what,
  );
}

test("ticks and labels of linear axes are Matplotlib's", () => {
  for (const { axis, limits, ticks, offset } of golden.linearTicks) {
    const model = newAxesModel("2d", null, null).axis[axis];
    const ours = axisTicks(model, axis, limits, axesLength[axis], false);
    assertTicks(ours.major, ticks, `${axis} axis from ${limits}`);
    assert.equal(ours.offsetText, offset, `offset of ${limits}`);
  }
});

test("ticks and labels of logarithmic axes are Matplotlib's", () => {
  for (const { limits, major, minor } of golden.logTicks) {
    const model = { ...newAxesModel("2d", null, null).axis.y, scale: "log" as const };
    const ours = axisTicks(model, "y", limits, axesLength.y, false);
    assertTicks(ours.major, major, `major ticks of ${limits}`);
    assertTicks(ours.minor, minor, `minor ticks of ${limits}`);
  }
});

test("the locator keeps to a number of intervals as Matplotlib's does", () => {
  for (const { limits, bins, ticks } of golden.maxNTicks) {
    const ours = maxNTicks(limits[0], limits[1], { bins });
    assert.ok(isClose(ours, ticks), `${limits} in ${bins}: ${ours}, expected ${ticks}`);
  }
});
