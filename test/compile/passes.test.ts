/**
 * @file What each pass does to programs, as text. That the programs still compute the same is tested beside.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { afterPasses } from "../../src/compile/fuse.js";
import { constantsIntoLanes } from "../../src/compile/fuseConstants.js";
import { foldCopies } from "../../src/compile/fuseCopies.js";
import type { Pass } from "../../src/compile/fuseDraft.js";
import { inlineMaps } from "../../src/compile/fuseInline.js";
import { mergeLoops } from "../../src/compile/fuseLoops.js";
import { shareAndName } from "../../src/compile/fuseNames.js";
import {
  fuseEpilogues,
  fuseMapReaders,
  fuseOnlyReaders,
  fuseSiblings,
} from "../../src/compile/fuseTogether.js";
import { dropUnused } from "../../src/compile/fuseUnused.js";
import { printProgram } from "../../src/compile/printProgram.js";
import { type Build, programOf } from "./graphs.js";

/** The text of a function's program after some passes, for inputs of these shapes. */
const after = (passes: readonly Pass[], build: Build, ...shapes: number[][]): string =>
  printProgram(
    afterPasses(
      programOf(
        build,
        shapes.map((shape) => tf.zeros(shape)),
      ),
      passes,
    ),
  );

/** Text as it stands in this file, without the indentation. */
const lines = (text: string): string => text.replaceAll(/^ {6}/gm, "").trim();

test("lowering: a kernel per op, fills under pads, steps for the host", () => {
  const text = after(
    [],
    (x, b, w) => [
      tf.nn.leakyRelu(tf.add(x!, b!), 0.2),
      tf.reduceMean(x!, 0),
      tf.matmul(x!, w!),
      tf.concat([b!, tf.reshape(x!, [6])]),
      tf.pad(b!, [[1, 2]], { constantValues: 7 }),
      tf.sort(b!),
    ],
    [2, 3],
    [3],
    [3, 4],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×6, %1 float32×3, %2 float32×12)
        map [2, 3] — Add
          %3[3 1] = add(%0[3 1], %1[0 1])
        map [2, 3] — LeakyRelu
          %4[3 1] = (gt(%3[3 1], 0) ? %3[3 1] : mul(%3[3 1], n1_alpha))
          with n1_alpha = 0.2
        reduce [3] over [2] — Mean
          x = %0[1 3]
          sum from 0: x; add(a_sum, b_sum)
          result = div(sum, count)
          %5[1] = result
          with count = 2
        contract [m 2, n 4, k 3] — MatMul
          a %0[3 0 1]
          b %2[0 1 4]
          %6[4 1 0] = sum
        map [3] — Concat
          %7[1] = %1[1]
        map [6] — Concat
          %7[3; 1] = %0[1]
        map [6] — Pad
          %8[1] = 7
        map [3] — Pad
          %8[1; 1] = %1[1]
        host ArgSort %1 → %9
        host Gather %1, %9 → %10
        return %4, %5, %6, %7, %8, %10`),
  );
});

test("what nobody needs goes away, constants too", () => {
  const text = after(
    [dropUnused],
    (x, y) => {
      tf.exp(tf.add(y!, 2));
      return [tf.multiply(x!, 3)];
    },
    [3],
    [3],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×3, %1 float32×3)
        const %2 float32×1 = 3
        map [3] — Mul
          %3[1] = mul(%0[1], %2[0])
        return %3`),
  );
});

test("constants of one number go into lanes", () => {
  const text = after(
    [constantsIntoLanes, dropUnused],
    (x) => [tf.add(tf.multiply(x!, 3), tf.constant([1, 1, 1])), tf.multiply(x!, tf.constant([1, 2, 3]))],
    [3],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×3)
        const %1 float32×3 = [1, 2, 3]
        map [3] — Mul
          %2[1] = mul(%0[1], 3)
        map [3] — Add
          %3[1] = add(%2[1], 1)
        map [3] — Mul
          %4[1] = mul(%0[1], %1[1])
        return %3, %4`),
  );
});

test("loops merge where all arrays go on evenly; a batch with one moving factor is rows", () => {
  const text = after(
    [mergeLoops],
    (x, row, w) => [
      tf.add(x!, row!),
      tf.exp(x!),
      tf.transpose(x!, [2, 3, 0, 1]),
      tf.matmul(x!, w!),
      tf.reduceSum(x!, [1, 2, 3]),
    ],
    [2, 1, 3, 4],
    [1, 4],
    [4, 5],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24, %1 float32×4, %2 float32×20)
        map [6, 4] — Add
          %3[4 1] = add(%0[4 1], %1[0 1])
        map [24] — Exp
          %4[1] = exp(%0[1])
        map [12, 2] — Transpose
          %5[2 1] = %0[1 12]
        contract [m 6, n 5, k 4] — BatchMatMul
          a %0[4 0 1]
          b %2[0 1 5]
          %6[5 1 0] = sum
        reduce [2] over [12] — Sum
          x = %0[12 1]
          sum from 0: x; add(a_sum, b_sum)
          result = sum
          %7[1] = result
          with count = 12
        return %3, %4, %5, %6, %7`),
  );
});

test("views vanish into their readers; one that keeps the order is its source", () => {
  const text = after(
    [mergeLoops, foldCopies],
    (x, y, b) => [
      tf.matmul(tf.transpose(x!), tf.transpose(y!)),
      tf.exp(tf.reverse(b!, 0)),
      tf.add(tf.reshape(tf.transpose(x!), [3, 8]), tf.reshape(y!, [3, 8])),
      tf.transpose(tf.reshape(b!, [1, 6])),
    ],
    [6, 4],
    [4, 6],
    [6],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24, %1 float32×24, %2 float32×6)
        contract [m 4, n 4, k 6] — Transpose Transpose MatMul
          a %0[1 0 4]
          b %1[0 6 1]
          %3[4 1 0] = sum
        map [6] — Reverse Exp
          %4[1] = exp(%2[5; -1])
        map [4, 6] — Transpose Add
          %5[6 1] = add(%0[1 4], %1[6 1])
        return %3, %4, %5, %2`),
  );
});

test("a copy stays where its reader would have to carry from loop to loop", () => {
  const text = after(
    [mergeLoops, foldCopies],
    (x) => [tf.exp(tf.slice(tf.reshape(tf.transpose(x!), [24]), [1], [20]))],
    [6, 4],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24)
        map [4, 6] — Transpose
          %1[6 1] = %0[1 4]
        map [20] — Slice Exp
          %2[1] = exp(%1[1; 1])
        return %2`),
  );
});

test("maps go into one reader, cheap ones into several; slow ones are not repeated", () => {
  const text = after(
    [mergeLoops, inlineMaps],
    (x, b) => {
      const cheap = tf.add(x!, b!);
      const slow = tf.tanh(x!);
      return [
        tf.reduceSum(tf.square(tf.exp(x!)), 1),
        tf.sin(cheap),
        tf.reduceMax(cheap, 0),
        tf.multiply(slow, cheap),
        tf.reduceSum(slow),
        tf.subtract(x!, tf.exp(b!)),
      ];
    },
    [6, 4],
    [4],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24, %1 float32×4)
        map [24] — Tanh
          %2[1] = tanh(%0[1])
        reduce [6] over [4] — Exp Square Sum
          t0 = exp(%0[4 1])
          x = mul(t0, t0)
          sum from 0: x; add(a_sum, b_sum)
          result = sum
          %3[1] = result
          with count = 4
        map [6, 4] — Add Sin
          %4[4 1] = sin(add(%0[4 1], %1[0 1]))
        reduce [4] over [6] — Add Max
          x = add(%0[1 4], %1[1 0])
          extreme from lowest: x; max(a_extreme, b_extreme)
          result = extreme
          %5[1] = result
          with count = 6
        map [6, 4] — Add Mul
          %6[4 1] = mul(%2[4 1], add(%0[4 1], %1[0 1]))
        reduce [] over [24] — Sum
          x = %2[1]
          sum from 0: x; add(a_sum, b_sum)
          result = sum
          %7[] = result
          with count = 24
        map [4] — Exp
          %8[1] = exp(%1[1])
        map [6, 4] — Sub
          %9[4 1] = sub(%0[4 1], %8[0 1])
        return %3, %4, %5, %6, %7, %9`),
  );
});

test("maps of a sum become its targets, also when the sum is needed elsewhere", () => {
  const text = after(
    [mergeLoops, fuseOnlyReaders, fuseEpilogues],
    (x, w, b, residual) => {
      const sum = tf.add(tf.matmul(x!, w!), b!);
      const mean = tf.reduceMean(x!, 1, true);
      const column = tf.slice(residual!, [0, 1], [6, 1]);
      return [
        tf.add(tf.nn.relu(sum), residual!),
        sum,
        tf.math.rsqrt(tf.add(tf.reshape(mean, [6]), tf.reshape(column, [6]))),
      ];
    },
    [6, 4],
    [4, 3],
    [3],
    [6, 3],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24, %1 float32×12, %2 float32×3, %3 float32×18)
        contract [m 6, n 3, k 4] — MatMul Add Relu Add
          a %0[4 0 1]
          b %1[0 1 3]
          t0 = add(sum, %2[0 1 0])
          %4[3 1 0] = t0
          %5[3 1 0] = add(max(t0, 0), %3[3 1 0])
        map [6] — Slice
          %6[1] = %3[1; 3]
        reduce [6] over [4] — Mean Add Rsqrt
          x = %0[4 1]
          sum from 0: x; add(a_sum, b_sum)
          result = div(sum, count)
          %7[1] = rsqrt(add(result, %6[1]))
          with count = 4
        return %5, %4, %7`),
  );
});

test("a gradient and the whole update of its variable are one kernel", () => {
  const text = after(
    [
      mergeLoops,
      constantsIntoLanes,
      inlineMaps,
      fuseMapReaders,
      fuseSiblings,
      fuseOnlyReaders,
      dropUnused,
      shareAndName,
    ],
    (x, dy, w, momentum, step) => {
      const gradient = tf.matmul(x!, dy!, { transposeA: true });
      const rate = tf.divide(0.1, tf.exp(step!));
      const next = tf.add(tf.multiply(momentum!, 0.9), gradient);
      return [next, tf.subtract(w!, tf.multiply(rate, tf.add(gradient, tf.multiply(next, 0.9))))];
    },
    [6, 4],
    [6, 3],
    [4, 3],
    [4, 3],
    [],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×24, %1 float32×18, %2 float32×12, %3 float32×12, %4 float32×1)
        map [] — Exp RealDiv
          %5[] = div(0.10000000149011612, exp(%4[]))
        contract [m 4, n 3, k 6] — MatMul Mul Add Mul Add Mul Sub
          a %0[1 0 4]
          b %1[0 1 3]
          t0 = add(mul(%3[3 1 0], 0.8999999761581421), sum)
          %6[3 1 0] = t0
          %7[3 1 0] = sub(%2[3 1 0], mul(%5[0 0 0], add(sum, mul(t0, 0.8999999761581421))))
        return %6, %7`),
  );
});

test("neighbours that read the same array become one", () => {
  const text = after([fuseSiblings], (x, y) => [tf.sin(x!), tf.cos(x!), tf.exp(y!)], [6], [6]);
  assert.equal(
    text,
    lines(`
      program (%0 float32×6, %1 float32×6)
        map [6] — Sin Cos
          %2[1] = sin(%0[1])
          %3[1] = cos(%0[1])
        map [6] — Exp
          %4[1] = exp(%1[1])
        return %2, %3, %4`),
  );
});

test("maps with a third step between them stay apart", () => {
  const text = after(
    [fuseMapReaders, fuseSiblings],
    (x) => {
      const e = tf.exp(x!);
      return [tf.divide(e, tf.reduceSum(e))];
    },
    [6],
  );
  assert.equal(
    text,
    lines(`
      program (%0 float32×6)
        map [6] — Exp
          %1[1] = exp(%0[1])
        reduce [] over [6] — Sum
          x = %1[1]
          sum from 0: x; add(a_sum, b_sum)
          result = sum
          %2[] = result
          with count = 6
        map [6] — RealDiv
          %3[1] = div(%1[1], %2[0])
        return %3`),
  );
});

test("a reduction of nothing is its identity, and other steps without elements go away", () => {
  const text = after([], (x) => [tf.reduceSum(x!, 0), tf.exp(x!)], [0, 2]);
  assert.equal(
    text,
    lines(`
      program (%0 float32×0)
        reduce [2] over [0] — Sum
          x = %0[1 2]
          sum from 0: x; add(a_sum, b_sum)
          result = sum
          %1[1] = result
          with count = 0
        return %1, %2`),
  );
});
