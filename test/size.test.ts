import assert from "node:assert/strict";
import test from "node:test";
import { describeSize, isWithin, measureSizes } from "../scripts/sizes.mjs";

test("each door keeps within its budget", async () => {
  const sizes = await measureSizes();
  console.log(sizes.map(describeSize).join("\n"));
  const over = sizes.filter((size) => !isWithin(size)).map(describeSize);
  assert.deepEqual(over, []);
});
