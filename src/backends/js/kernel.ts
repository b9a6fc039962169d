/**
 * @file Kernels of programs in JavaScript, over arrays of any size: the loops and trees of the eager ops, with the
 * kernel's lanes inside.
 */
import type { TypedArray } from "../../core/dtype.js";
import { sizeOf, stridesOf } from "../../core/shape.js";
import type { ContractKernel, Kernel, MapKernel, ReduceKernel, Source } from "../../ir/kernel.js";
import { contract } from "./contraction.js";
import { keptOffsets, oneRun } from "./reduction.js";
import { reductionKernel } from "./reductionKernel.js";
import type { Scratch } from "./scratch.js";
import { planStrips, runStrips, stripKernel } from "./strips.js";

/** Runs a kernel over arrays in the order of its step's. */
export type KernelRunner = (arrays: readonly TypedArray[]) => void;

/** What the kernels of one program share while they run. */
export interface KernelScratch {
  /** Sums and other results, before the targets' lanes see them. */
  readonly results: Scratch;
  /** What is reduced, where it is not an array already. */
  readonly elements: Scratch;
}

/** The runner of a kernel. */
export function bindKernel(kernel: Kernel, scratch: KernelScratch): KernelRunner {
  switch (kernel.kind) {
    case "map":
      return bindMap(kernel);
    case "reduce":
      return bindReduce(kernel, scratch);
    case "contract":
      return bindContract(kernel, scratch);
  }
}

function bindMap({ shape, sources, targets, params }: MapKernel): KernelRunner {
  const accesses = [...sources, ...targets];
  const starts = accesses.map(({ offset }) => offset);
  const plan = planStrips(
    shape,
    accesses.map(({ strides }) => strides),
  );
  const strip = stripKernel(
    sources.map(({ name }) => name),
    targets.map(({ lane }) => lane),
  );
  return (arrays) => runStrips(plan, strip, arrays, starts, params);
}

/** An array of results, row-major, as a source of the targets' lanes. */
const resultSource = (name: string, { dtype }: Pick<Source, "dtype">, shape: readonly number[]): Source => ({
  name,
  dtype,
  offset: 0,
  strides: stridesOf(shape),
});

function bindReduce(kernel: ReduceKernel, { results, elements }: KernelScratch): KernelRunner {
  const { shape, extras, targets, params, finish } = kernel;
  const size = sizeOf(shape);
  const take = results.reserve(finish.dtype, size);
  const reduce = bindReduction(kernel, elements);
  const sources = [...extras, resultSource("result", finish, shape)];
  const epilogue = bindMap({ kind: "map", shape, sources, targets, params });
  const ends = kernel.sources.length + extras.length;
  return (arrays) => {
    const result = take();
    const element = reduce(arrays);
    for (let i = 0; i < size; i++) result[i] = element(i);
    epilogue([...arrays.slice(kernel.sources.length, ends), result, ...arrays.slice(ends)]);
  };
}

/** Gives, for the arrays of one run, the result at each position of the kernel's shape. */
type Reducer = (arrays: readonly TypedArray[]) => (position: number) => number;

function bindReduction(kernel: ReduceKernel, elements: Scratch): Reducer {
  const { shape, reduced, sources, params, x } = kernel;
  const run = reductionKernel({ ...kernel, names: Object.keys(kernel.states) });
  const loops = [...shape, ...reduced];
  const kept = shape.map((_, axis) => axis);
  const axes = reduced.map((_, i) => shape.length + i);
  const offsets = sources.map(({ strides }) => keptOffsets(loops, strides, kept));
  const alone = x.kind === "input" ? sources.findIndex(({ name }) => name === x.name) : -1;
  const row = alone < 0 ? null : oneRun(loops, sources[alone]!.strides, axes);
  if (row !== null) {
    const { offset } = sources[alone]!;
    const own = offsets[alone]!;
    return (arrays) => (position) => run(arrays[alone]!, offset + own[position]!, row.count, row.stride);
  }
  const count = sizeOf(reduced);
  const take = elements.reserve(x.dtype, count);
  const plan = planStrips(reduced, [
    ...sources.map(({ strides }) => strides.slice(shape.length)),
    stridesOf(reduced),
  ]);
  const strip = stripKernel(
    sources.map(({ name }) => name),
    [x],
  );
  return (arrays) => {
    const values = take();
    const all = [...arrays.slice(0, sources.length), values];
    const starts = all.map(() => 0);
    return (position) => {
      for (let k = 0; k < sources.length; k++) starts[k] = sources[k]!.offset + offsets[k]![position]!;
      runStrips(plan, strip, all, starts, params);
      return run(values, 0, count, 1);
    };
  };
}

function bindContract(kernel: ContractKernel, { results }: KernelScratch): KernelRunner {
  const { a, b, dtype, params } = kernel;
  const kept = kernel.loops.flatMap(({ role }, i) => (role === "k" ? [] : [i]));
  const shape = kept.map((i) => kernel.loops[i]!.size);
  const steps = stridesOf(shape);
  const loops = kernel.loops.map((loop, i) => ({ ...loop, out: steps[kept.indexOf(i)] ?? 0 }));
  const take = results.reserve(dtype, sizeOf(shape));
  const along = <A extends { readonly strides: readonly number[] }>(access: A): A => ({
    ...access,
    strides: kept.map((i) => access.strides[i]!),
  });
  const sources = [...kernel.sources.map(along), resultSource("sum", kernel, shape)];
  const epilogue = bindMap({ kind: "map", shape, sources, targets: kernel.targets.map(along), params });
  const ends = 2 + kernel.sources.length;
  return (arrays) => {
    const sum = take();
    contract(
      sum,
      { data: arrays[0]!, offset: a.offset },
      { data: arrays[1]!, offset: b.offset },
      loops,
      dtype,
    );
    epilogue([...arrays.slice(2, ends), sum, ...arrays.slice(ends)]);
  };
}
