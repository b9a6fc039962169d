/**
 * @file Pooling and its gradients. The largest element: of equals the first counts, of NaN the last. Means are summed in
 * float64 and rounded once.
 */
import type { OpNode } from "../../compile/program.js";
import { sizeOf } from "../../core/shape.js";
import type { PoolAttrs } from "../../ops/pool.js";
import { elementBytes, type Four } from "./fours.js";
import { demote, promote } from "./laneCasts.js";
import { type PoolDType, type PoolFold, PoolWalk, type PoolWord } from "./opaquePoolWalk.js";
import { routineOf } from "./opaqueRoutine.js";
import type { Rendered, Routine } from "./routine.js";
import type { VectorWriter } from "./vectors.js";

const each = (a: Four, b: Four, combine: (x: Four[number], y: Four[number]) => Four[number]): Four =>
  a.map((x, i) => combine(x, b[i]!));

/** Where values take the place of the largest so far. */
const beats = (v: VectorWriter, value: Four, largest: Four): Four =>
  each(value, largest, (x, most) => v.or(v.gt(x, most), v.call("ne", x, x)));

const halves = (state: Four): [Four, Four] => [
  state.slice(0, state.length / 2),
  state.slice(state.length / 2),
];

/** The largest element. The state: the largest so far, and all bits where there was NaN. */
const largest = (dtype: PoolDType): PoolFold => ({
  ...{ over: "cells", name: "largest", dtype, sources: 1, uses: "nothing" },
  start: (v, first) => {
    const [value] = first().values;
    return [...value!, ...value!.map((x) => v.call("ne", x, x))];
  },
  step: (v, state, [value]) => {
    const [most, missing] = halves(state);
    return [...each(most, value!, v.most), ...each(missing, value!, (m, x) => v.or(m, v.call("ne", x, x)))];
  },
  // All bits set are a NaN.
  finish: (v, state) => each(...halves(state), v.or),
});

/** What stands where the largest element is: the cell's number, or the element of a second array. */
const atLargest = (dtype: PoolDType, carried: "cell" | "other"): PoolFold => ({
  ...{ over: "cells", name: `${carried} at largest`, dtype },
  ...(carried === "cell" ? { sources: 1, uses: "cell" } : { sources: 2, uses: "nothing" }),
  start: (_, first) => {
    const { values, place } = first();
    return [...values[0]!, ...(values[1] ?? place)];
  },
  step: (v, state, values, place) => {
    const [most, kept] = halves(state);
    const better = beats(v, values[0]!, most);
    const select = (yes: Four, no: Four): Four => better.map((mask, i) => v.select(mask, yes[i]!, no[i]!));
    return [...select(values[0]!, most), ...select(values[1] ?? place, kept)];
  },
  finish: (_, state) => halves(state)[1],
});

/** The sum of dy over the windows whose largest element is this cell. Sources: numbers of cells, dy. */
const sumOfWon = (dtype: PoolDType): PoolFold => ({
  ...{ over: "windows", name: "sum of won", dtype, sources: 2, uses: "cell" },
  start: (v) => (dtype === "float32" ? [v.constant(0)] : [v.constant(0), v.constant(0)]),
  step: (v, state, [winner, dy], cell) => {
    const won = each(winner!, cell, (a, b) => v.op(`${v.integer}.eq`, a, b));
    return each(state, each(won, dy!, v.and), v.add);
  },
  finish: (_, state) => state,
});

const asDoubles = (v: VectorWriter, dtype: PoolDType, value: Four): Four =>
  dtype === "float32" ? promote(v.as("f64x2"), value[0]!) : value;
const fromDoubles = (v: VectorWriter, dtype: PoolDType, value: Four): Four =>
  dtype === "float32" ? [demote(v, value)] : value;

/** The mean of the cells. */
const mean = (dtype: PoolDType): PoolFold => ({
  ...{ over: "cells", name: "mean", dtype, sources: 1, uses: "count" },
  // The one zero that changes no number it is added to.
  start: (v) => [v.as("f64x2").constant(-0), v.as("f64x2").constant(-0)],
  step: (v, state, [value]) => each(state, asDoubles(v, dtype, value!), v.as("f64x2").add),
  finish: (v, state, [count]) =>
    fromDoubles(
      v,
      dtype,
      state.map((sum) => v.as("f64x2").div(sum, count!)),
    ),
});

/** The sum of dy over the windows that hold this cell, each divided by how many cells the window has. */
const sumOfShares = (dtype: PoolDType): PoolFold => ({
  ...{ over: "windows", name: "sum of shares", dtype, sources: 1, uses: "count" },
  start: (v) => [v.as("f64x2").constant(0), v.as("f64x2").constant(0)],
  step: (v, state, [dy], [count]) =>
    each(state, asDoubles(v, dtype, dy!), (sum, x) => v.as("f64x2").add(sum, v.as("f64x2").div(x, count!))),
  finish: (v, state) => fromDoubles(v, dtype, state),
});

/** Nanoseconds, about, to begin a place, and to fold an element. */
const PLACE_COST = 10;
const FOLD_COST = 0.2;

interface PoolShapes {
  readonly whole: readonly number[];
  readonly pooled: readonly number[];
}

/** A word for each of the three axes; those that a tensor lacks come first. */
function axisWords<N extends string>(
  name: N,
  list: readonly number[],
  missing = 1,
): Record<`${N}${0 | 1 | 2}`, number> {
  const three = [...new Array<number>(3 - list.length).fill(missing), ...list];
  return Object.fromEntries(three.map((n, axis) => [name + axis, n])) as Record<`${N}${0 | 1 | 2}`, number>;
}

/** A fold as a routine on numbered arrays. */
function poolRoutine(
  fold: PoolFold,
  { whole, pooled }: PoolShapes,
  { window, strides, pads }: PoolAttrs,
  sources: readonly number[],
  target: number,
): Routine {
  const own = fold.over === "cells" ? pooled : whole;
  const befores = pads.map(([before]) => before);
  return routineOf<PoolWord>({
    key: `pool: ${fold.name} ${fold.dtype}`,
    words: {
      ...axisWords("whole", whole.slice(1, -1)),
      ...axisWords("pooled", pooled.slice(1, -1)),
      ...axisWords("window", window),
      ...axisWords("stride", strides),
      ...axisWords("before", befores, 0),
      channels: whole[whole.length - 1]!,
      source0: { array: sources[0]! },
      source1: { array: sources[1] ?? sources[0]! },
      target: { array: target },
    },
    // All axes but the last of the spatial ones and the channels.
    units: sizeOf(own.slice(0, -2)),
    cost: PLACE_COST * sizeOf(own.slice(0, -1)) + FOLD_COST * sizeOf(pooled) * sizeOf(window),
    write: (f, word, unit) => new PoolWalk(f, word, fold).write(unit),
  });
}

const isPooled = (dtype: string): dtype is PoolDType => dtype === "float32" || dtype === "float64";

/** A pooling op that is one fold: its inputs are the sources. */
function oneFold(foldOf: (dtype: PoolDType) => PoolFold) {
  return ({ inputs, outputs, attrs }: OpNode): Rendered | null => {
    const { dtype } = outputs[0]!;
    if (!isPooled(dtype)) return null;
    const fold = foldOf(dtype);
    const [from, to] = [inputs[0]!.shape, outputs[0]!.shape];
    const shapes = fold.over === "cells" ? { whole: from, pooled: to } : { whole: to, pooled: from };
    const numbers = inputs.map((_, i) => i);
    const routine = poolRoutine(fold, shapes, attrs as PoolAttrs, numbers, inputs.length);
    return { routines: [routine], temporaries: [] };
  };
}

export const renderMaxPool = oneFold(largest);
export const renderMaxPoolGradGrad = oneFold((dtype) => atLargest(dtype, "other"));
export const renderAvgPool = oneFold(mean);
export const renderAvgPoolGrad = oneFold(sumOfShares);

/** First the numbers of the cells that won, then for each cell what it won. */
export function renderMaxPoolGrad({ inputs, outputs, attrs }: OpNode): Rendered | null {
  const [x, dy] = inputs;
  const { dtype } = outputs[0]!;
  if (!isPooled(dtype)) return null;
  const shapes = { whole: x!.shape, pooled: dy!.shape };
  const pool = attrs as PoolAttrs;
  return {
    routines: [
      poolRoutine(atLargest(dtype, "cell"), shapes, pool, [0], 3),
      poolRoutine(sumOfWon(dtype), shapes, pool, [3, 1], 2),
    ],
    temporaries: [dy!.size * elementBytes(dtype)],
  };
}
