/**
 * @file Loops over strided arrays in JavaScript: strips are the innermost loop, rendered from lanes; around them one walk
 * serves all kernels.
 */
import type { TypedArray } from "../../core/dtype.js";
import type { Attrs } from "../../core/op.js";
import type { TypedLane } from "../../ir/typedLane.js";
import { compileWithHelpers, laneWords } from "./renderLane.js";
import { sharedClosure, sharedText } from "./sharedLanes.js";

/** Computes `n` elements. Arrays are the inputs, then the outputs; each has its offset, and moves by its step. */
export type StripKernel = (
  n: number,
  arrays: readonly TypedArray[],
  offsets: readonly number[],
  steps: readonly number[],
  attrs: Attrs,
) => void;

/**
 * Renders a strip.
 *
 * @param inputs  names of the lanes' inputs, in the arrays' order
 * @param lanes   what goes into each output
 */
export function stripKernel(inputs: readonly string[], lanes: readonly TypedLane[]): StripKernel {
  return stripText(inputs, lanes) ?? stripClosure(inputs, lanes);
}

function stripText(inputs: readonly string[], lanes: readonly TypedLane[]): StripKernel | null {
  const words = laneWords((input) => `v${inputs.indexOf(input)}`);
  const statements: string[] = [];
  const values = sharedText(lanes)(words, (text) => {
    const name = `t${statements.length}`;
    statements.push(`const ${name} = ${text};`);
    return name;
  });
  const heads = [...inputs, ...lanes].map(
    (_, k) => `const a${k} = arrays[${k}], s${k} = steps[${k}]; let p${k} = offsets[${k}];`,
  );
  const reads = inputs.map((_, k) => `const v${k} = a${k}[p${k}]; p${k} += s${k};`);
  const results = values.map((value, j) => `const r${j} = ${value};`);
  const writes = values.map((_, j) => {
    const k = inputs.length + j;
    return `a${k}[p${k}] = r${j}; p${k} += s${k};`;
  });
  const body = [...reads, ...statements, ...results, ...writes].join("\n");
  return compileWithHelpers(
    "n, arrays, offsets, steps, attrs",
    `${heads.join("\n")}\nfor (let i = 0; i < n; i++) {\n${body}\n}`,
    words,
  );
}

function stripClosure(inputs: readonly string[], lanes: readonly TypedLane[]): StripKernel {
  const element = sharedClosure(lanes);
  return (n, arrays, offsets, steps, attrs) => {
    const values: Record<string, number> = {};
    const scope = { inputs: values, attrs };
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inputs.length; k++) values[inputs[k]!] = arrays[k]![offsets[k]! + i * steps[k]!]!;
      const results = element(scope);
      for (let j = 0, k = inputs.length; j < results.length; j++, k++)
        arrays[k]![offsets[k]! + i * steps[k]!] = results[j]!;
    }
  };
}

/** Loops over several arrays: those around the strips, and the strips themselves. */
export interface StripPlan {
  readonly shape: readonly number[];
  /** Per array, its step in each of those loops. */
  readonly steps: readonly (readonly number[])[];
  /** How many strips, of how many elements, and how far each array moves in them. */
  readonly strips: number;
  readonly length: number;
  readonly innerSteps: readonly number[];
}

/**
 * Plans loops over `shape`; neighbouring loops that every array walks evenly become one: fewer, longer strips.
 *
 * @param strides  per array, how far it moves per step of each loop
 */
export function planStrips(shape: readonly number[], strides: readonly (readonly number[])[]): StripPlan {
  const merged: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis]!;
    if (n === 1) continue;
    const even = merged.length > 0 && strides.every((s, k) => s[axis] === steps[k]![0]! * merged[0]!);
    if (even) merged[0]! *= n;
    else {
      merged.unshift(n);
      for (let k = 0; k < steps.length; k++) steps[k]!.unshift(strides[k]![axis]!);
    }
  }
  const length = merged.pop() ?? 1;
  const innerSteps = steps.map((s) => s.pop() ?? 0);
  const strips = merged.reduce((product, n) => product * n, length === 0 ? 0 : 1);
  return { shape: merged, steps, strips, length, innerSteps };
}

/** Runs a strip kernel once per strip, from each array's `start` on. */
export function runStrips(
  { shape, steps, strips, length, innerSteps }: StripPlan,
  kernel: StripKernel,
  arrays: readonly TypedArray[],
  starts: readonly number[],
  attrs: Attrs,
): void {
  if (strips === 1) {
    kernel(length, arrays, starts, innerSteps, attrs);
    return;
  }
  const offsets = [...starts];
  const index = new Array<number>(shape.length).fill(0);
  for (let strip = 0; strip < strips; strip++) {
    kernel(length, arrays, offsets, innerSteps, attrs);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      for (let k = 0; k < offsets.length; k++) offsets[k]! += steps[k]![axis]!;
      if (index[axis]! < shape[axis]!) break;
      for (let k = 0; k < offsets.length; k++) offsets[k]! -= steps[k]![axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}
