/** @file How products are cut into blocks. */
import assert from "node:assert/strict";
import test from "node:test";
import { cutProduct } from "../../src/backends/wasm/contractBlocks.js";
import { productElement } from "../../src/backends/wasm/contractElement.js";

test("blocks: sums are cut by k alone, panels fit, large products have units for eight threads", () => {
  const sizes = [3, 32, 130, 784, 2048];
  for (const relaxed of [false, true]) {
    const element = productElement("float32", relaxed);
    for (const k of sizes) {
      const cuts = sizes.flatMap((m) =>
        sizes.map((n) => ({ m, n, ...cutProduct({ batch: 1, m, n, k }, element) })),
      );
      assert.equal(new Set(cuts.map(({ depth }) => depth.block)).size, 1);
      for (const { m, n, rows, columns, depth, splits, passes } of cuts) {
        for (const [total, { block, count }] of [
          [m, rows],
          [n, columns],
          [k, depth],
        ] as const)
          assert.equal(count, Math.ceil(total / block));
        assert.equal(splits, Math.ceil(depth.count / passes));
        assert.ok(columns.block * depth.block * 4 <= 2 ** 18, "panels fill half of 512 KiB at most");
        const isShared = rows.count * columns.count * splits >= 8;
        if (m * n * k > 4e6 && m * n > 32 * 8 * 64) assert.ok(isShared, `${m}×${n}×${k} is shared`);
      }
    }
  }
});
