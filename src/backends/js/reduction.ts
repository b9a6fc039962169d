/**
 * @file Reductions in JavaScript. Elements are combined in one fixed tree — eight interleaved lanes per block, blocks in
 * pairs — so a result depends neither on the backend nor on how the work is cut.
 */

import { compileText } from "../../core/compileText.js";
import { storable } from "../../core/convert.js";
import { arrayConstructor, DTYPES, type DType, type TypedArray } from "../../core/dtype.js";
import type { Attrs, LaneState, ReductionOp } from "../../core/op.js";
import { SCALAR, stridesOf } from "../../core/shape.js";
import type { Spec } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import { type Lane, lane } from "../../ir/lane.js";
import { type TypedLane, typeLane } from "../../ir/typedLane.js";
import { laneClosure, laneText } from "./renderLane.js";

/** Elements of a block; blocks are combined in pairs. */
export const BLOCK = 256;
/** Interleaved lanes of a block; shorter runs than twice this are combined in sequence. */
export const LANES = 8;

/** Reduces `count` elements of `x` from `base` on, `stride` apart. */
type Kernel = (x: TypedArray, base: number, count: number, stride: number) => number;

type States<L> = Readonly<Record<string, L>>;

interface TypedReduction {
  readonly names: readonly string[];
  readonly identity: States<TypedLane> | null;
  readonly element: States<TypedLane>;
  readonly combine: States<TypedLane>;
  readonly finish: TypedLane;
}

function typeReduction(op: ReductionOp, dtype: DType): TypedReduction {
  const types = op.stateDtypes(dtype);
  const names = Object.keys(types);
  const each = (lanes: LaneState, inputs: Record<string, DType>): States<TypedLane> =>
    Object.fromEntries(names.map((name) => [name, typeLane(lanes[name]!, inputs, types[name]!)]));
  const side = (prefix: string): Record<string, Lane> =>
    Object.fromEntries(names.map((name) => [name, lane.input(prefix + name)]));
  const sideTypes = Object.fromEntries(
    ["a_", "b_"].flatMap((p) => names.map((name) => [p + name, types[name]!])),
  );
  const state = Object.fromEntries(names.map((name) => [name, lane.input(name)]));
  return {
    names,
    identity: op.identity === null ? null : each(op.identity, {}),
    element: each(op.element(lane.input("x"), lane.input("index")), { x: dtype, index: "int32" }),
    combine: each(op.combine(side("a_"), side("b_")), sideTypes),
    finish: typeLane(op.finish(state, lane.attr("count")), types, dtype),
  };
}

/** The kernel as text: local variables for the lanes, one function per block. */
function kernelText(typed: TypedReduction): Kernel | null {
  const helpers = new Map<string, (...args: number[]) => number>();
  const { names } = typed;
  const element = (target: string, index: string): string =>
    `{ const x = data[base + (${index}) * stride], index = ${index}; ` +
    names.map((n) => `${target}${n} = ${laneText(typed.element[n]!, (input) => input, helpers)};`).join(" ") +
    " }";
  const combine = (target: string, a: string, b: string): string => {
    const value = (n: string): string =>
      laneText(typed.combine[n]!, (input) => (input.startsWith("a_") ? a : b) + input.slice(2), helpers);
    const temporaries = names.map((n, i) => `const t${i} = ${value(n)};`).join(" ");
    return `{ ${temporaries} ${names.map((n, i) => `${target}${n} = t${i};`).join(" ")} }`;
  };
  const declare = (prefix: string): string => `let ${names.map((n) => `${prefix}${n} = 0`).join(", ")};`;
  const lanes = Array.from({ length: LANES }, (_, j) => `l${j}_`);
  const step = (j: number, index: string): string =>
    `${element("e_", index)} ${combine(lanes[j]!, lanes[j]!, "e_")}`;
  const tree = [1, 2, 4].flatMap((gap) =>
    Array.from({ length: LANES / gap / 2 }, (_, i) =>
      combine(lanes[i * gap * 2]!, lanes[i * gap * 2]!, lanes[i * gap * 2 + gap]!),
    ),
  );
  const body = `
    ${declare("r_")}
    const stack = ${JSON.stringify(names.map(() => []))};
    const block = (data, base, start, end, stride) => {
      ${declare("e_")}
      if (end - start < ${2 * LANES}) {
        ${declare("s_")}
        ${element("s_", "start")}
        for (let i = start + 1; i < end; i++) { ${element("e_", "i")} ${combine("s_", "s_", "e_")} }
        ${names.map((n) => `r_${n} = s_${n};`).join(" ")}
        return;
      }
      ${lanes.map(declare).join(" ")}
      ${lanes.map((l, j) => element(l, `start + ${j}`)).join("\n")}
      let i = start + ${LANES};
      for (; i + ${LANES} <= end; i += ${LANES}) { ${lanes.map((_, j) => step(j, `i + ${j}`)).join("\n")} }
      ${lanes.map((_, j) => `if (i + ${j} < end) { ${step(j, `i + ${j}`)} }`).join("\n")}
      ${tree.join("\n")}
      ${names.map((n) => `r_${n} = l0_${n};`).join(" ")}
    };
    return (data, base, count, stride) => {
      const attrs = { count };
      if (count === 0) { ${typed.identity === null ? "" : names.map((n) => `r_${n} = ${laneText(typed.identity![n]!, (x) => x, helpers)};`).join(" ")} }
      else if (count <= ${BLOCK}) block(data, base, 0, count, stride);
      else {
        let depth = 0;
        for (let start = 0, number = 0; start < count; start += ${BLOCK}, number++) {
          block(data, base, start, Math.min(start + ${BLOCK}, count), stride);
          for (let bits = number; bits & 1; bits >>= 1) { depth--; ${names.map((n, k) => `const p_${n} = stack[${k}][depth];`).join(" ")} ${combine("r_", "p_", "r_")} }
          ${names.map((n, k) => `stack[${k}][depth] = r_${n};`).join(" ")}
          depth++;
        }
        depth--;
        ${names.map((n, k) => `r_${n} = stack[${k}][depth];`).join(" ")}
        while (depth-- > 0) { ${names.map((n, k) => `const p_${n} = stack[${k}][depth];`).join(" ")} ${combine("r_", "p_", "r_")} }
      }
      ${names.map((n) => `const ${n} = r_${n};`).join(" ")}
      return ${laneText(typed.finish, (input) => input, helpers)};
    };`;
  const factory = compileText<(...args: unknown[]) => Kernel>(
    ["fround", ...[...helpers.keys()].map((fn) => `h_${fn}`)],
    body,
  );
  return factory === null ? null : factory(Math.fround, ...helpers.values());
}

/**
 * The same tree over closures.
 *
 * @param count    how many elements, at least one
 * @param element  state of element i
 * @param combine  state of two states
 */
export function combineInTree<S>(count: number, element: (i: number) => S, combine: (a: S, b: S) => S): S {
  const block = (start: number, end: number): S => {
    const lanes: S[] = [];
    const width = end - start < 2 * LANES ? 1 : LANES;
    for (let i = start; i < end; i++) {
      const j = (i - start) % width;
      lanes[j] = i - start < width ? element(i) : combine(lanes[j]!, element(i));
    }
    for (let gap = 1; gap < width; gap *= 2) {
      for (let j = 0; j < width; j += 2 * gap) lanes[j] = combine(lanes[j]!, lanes[j + gap]!);
    }
    return lanes[0]!;
  };
  const stack: S[] = [];
  for (let start = 0, number = 0; start < count; start += BLOCK, number++) {
    let state = block(start, Math.min(start + BLOCK, count));
    for (let bits = number; bits & 1; bits >>= 1) state = combine(stack.pop() as S, state);
    stack.push(state);
  }
  let state = stack.pop() as S;
  while (stack.length > 0) state = combine(stack.pop() as S, state);
  return state;
}

function kernelClosure(typed: TypedReduction): Kernel {
  const { names } = typed;
  const all = (lanes: States<TypedLane>) => names.map((n) => laneClosure(lanes[n]!));
  const [element, combine, finish] = [all(typed.element), all(typed.combine), laneClosure(typed.finish)];
  const identity = typed.identity === null ? null : all(typed.identity);
  const name = (prefix: string, state: readonly number[]) =>
    names.map((n, k) => [prefix + n, state[k]!] as const);
  return (data, base, count, stride) => {
    const attrs = { count };
    const state =
      count === 0
        ? identity!.map((f) => f({ inputs: {}, attrs }))
        : combineInTree<number[]>(
            count,
            (i) => element.map((f) => f({ inputs: { x: data[base + i * stride]!, index: i }, attrs })),
            (a, b) =>
              combine.map((f) =>
                f({ inputs: Object.fromEntries([...name("a_", a), ...name("b_", b)]), attrs }),
              ),
          );
    return finish({ inputs: Object.fromEntries(name("", state)), attrs });
  };
}

/** Offsets of the elements that stay, in row-major order of the output. */
function keptOffsets(
  shape: readonly number[],
  strides: readonly number[],
  kept: readonly number[],
): Int32Array {
  const offsets = new Int32Array(kept.reduce((n, axis) => n * shape[axis]!, 1));
  let block = 1;
  for (const axis of [...kept].reverse()) {
    for (let i = 0; i < offsets.length; i++)
      offsets[i]! += (Math.floor(i / block) % shape[axis]!) * strides[axis]!;
    block *= shape[axis]!;
  }
  return offsets;
}

/** The reduced axes as one run of elements, or null if they are not evenly spaced. */
function oneRun(
  shape: readonly number[],
  strides: readonly number[],
  axes: readonly number[],
): { count: number; stride: number } | null {
  let count = 1;
  let stride = 1;
  for (const axis of [...axes].reverse()) {
    if (shape[axis] === 1) continue;
    if (count === 1) stride = strides[axis]!;
    else if (strides[axis] !== stride * count) return null;
    count *= shape[axis]!;
  }
  return { count, stride };
}

/** The elements gathered so that each output's lie side by side. */
function gathered(x: Tensor, offsets: Int32Array, inner: Int32Array): TypedArray {
  const out = new (arrayConstructor(x.dtype))(offsets.length * inner.length);
  let next = 0;
  for (let i = 0; i < offsets.length; i++)
    for (let k = 0; k < inner.length; k++) out[next++] = x.storage[offsets[i]! + inner[k]!]!;
  return out;
}

/** The runner of a reduction, with its kernels cached by dtype. */
export function bindReduction(op: ReductionOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  const kernels: (Kernel | undefined)[] = [];
  /** The spec of a reduction of everything, known once it has been inferred for the dtype. */
  const scalars: (Spec | undefined)[] = [];
  return ([x], attrs) => {
    const { spec, storage } = x!;
    const { shape, code, size } = spec;
    const kernel = (kernels[code] ??= render(op, DTYPES[code]!));
    const axes = attrs["axes"] as readonly number[];
    const known = axes.length === shape.length && size > 0 && !attrs["keepdims"] ? scalars[code] : undefined;
    const output = known ?? op.infer([spec], attrs)[0]!;
    if (output.shape === SCALAR) {
      if (size > 0) scalars[code] = output;
      return new Tensor(storable(kernel(storage, 0, size, 1), output.dtype), output);
    }
    const out = new (arrayConstructor(output.dtype))(output.size);
    const strides = stridesOf(shape);
    const offsets = keptOffsets(
      shape,
      strides,
      shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)),
    );
    const run = oneRun(shape, strides, axes);
    if (run !== null)
      for (let i = 0; i < out.length; i++) out[i] = kernel(storage, offsets[i]!, run.count, run.stride);
    else {
      const inner = keptOffsets(shape, strides, axes);
      const side = gathered(x!, offsets, inner);
      for (let i = 0; i < out.length; i++) out[i] = kernel(side, i * inner.length, inner.length, 1);
    }
    return new Tensor(out, output);
  };
}

function render(op: ReductionOp, dtype: DType): Kernel {
  const typed = typeReduction(op, dtype);
  return kernelText(typed) ?? kernelClosure(typed);
}
