/**
 * @file Kernels taken apart: every array of a step with its walk over one list of loops, whatever the kernel's kind, so
 * that loops can be split, merged and followed in one way.
 */
import type { ContractKernel, Kernel, ProductLoop, ReduceKernel } from "../ir/kernel.js";
import type { TypedLane } from "../ir/typedLane.js";
import { type Route, sameWalk, splitStrides, type Walk } from "./access.js";
import { substitution } from "./fuseLane.js";
import type { Buffer, KernelStep, OpNode } from "./program.js";

/** `each`: a position of a map, or of a reduction's result. */
export interface Loop {
  readonly role: "each" | "reduced" | ProductLoop["role"];
  readonly size: number;
}

/** Who reads an array: the lanes of every element, only those of the targets of a sum, or a product as a factor. */
export type Use = "element" | "target" | "a" | "b";

export interface Reading extends Walk {
  readonly use: Use;
  readonly name: string;
  readonly buffer: Buffer;
}

export interface Writing extends Walk {
  readonly buffer: Buffer;
  readonly lane: TypedLane;
}

/** The part of a reduction that fusion does not touch. */
type ReduceBody = Pick<ReduceKernel, "states" | "identity" | "element" | "combine" | "finish">;

/** A kernel step taken apart. Strides of all arrays have an entry for every loop. */
export interface OpenKernel {
  readonly kind: Kernel["kind"];
  readonly loops: readonly Loop[];
  readonly reads: readonly Reading[];
  readonly writes: readonly Writing[];
  readonly params: Readonly<Record<string, number>>;
  readonly nodes: readonly OpNode[];
  /** What a reduction reduces. */
  readonly x: TypedLane | null;
  readonly reduction: ReduceBody | null;
  /** The dtype in which a product sums. */
  readonly dtype: ContractKernel["dtype"] | null;
}

export const sizesOf = (kernel: OpenKernel): number[] => kernel.loops.map((loop) => loop.size);

/** Loops that do not sum: a target has one element per position of theirs. */
const isKept = ({ role }: Loop): boolean => role !== "reduced" && role !== "k";

/** How often an array's element is asked for, all in all. */
export function readCountOf({ loops }: OpenKernel, use: Use): number {
  return loops.reduce((n, loop) => (use !== "target" || isKept(loop) ? n * loop.size : n), 1);
}

/** How many positions the targets have. */
export const writeCountOf = (kernel: OpenKernel): number => readCountOf(kernel, "target");

/** The lanes of a step that are computed from its arrays. */
export const lanesOf = ({ x, writes }: OpenKernel): TypedLane[] =>
  x === null ? writes.map((write) => write.lane) : [x, ...writes.map((write) => write.lane)];

/** Takes a step apart. */
export function openStep({ kernel, arrays, nodes }: KernelStep): OpenKernel {
  let next = 0;
  const padded = (strides: readonly number[], count: number): readonly number[] =>
    strides.length === count ? strides : [...strides, ...new Array<number>(count - strides.length).fill(0)];
  const loops = loopsOf(kernel);
  const read =
    (use: Use) =>
    ({ name, offset, strides }: Walk & { name: string }): Reading => ({
      use,
      name,
      offset,
      strides: padded(strides, loops.length),
      buffer: arrays[next++]!,
    });
  const reads: Reading[] = [];
  if (kernel.kind === "contract") {
    for (const factor of ["a", "b"] as const) {
      const strides = kernel.loops.map((loop) => loop[factor]);
      reads.push(read(factor)({ name: factor, offset: kernel[factor].offset, strides }));
    }
  }
  reads.push(...kernel.sources.map(read(kernel.kind === "contract" ? "target" : "element")));
  if (kernel.kind === "reduce") reads.push(...kernel.extras.map(read("target")));
  const writes = kernel.targets.map(
    ({ offset, strides, lane }): Writing => ({
      offset,
      strides: padded(strides, loops.length),
      lane,
      buffer: arrays[next++]!,
    }),
  );
  return {
    kind: kernel.kind,
    loops,
    reads,
    writes,
    params: kernel.params,
    nodes,
    x: kernel.kind === "reduce" ? kernel.x : null,
    reduction: kernel.kind === "reduce" ? kernel : null,
    dtype: kernel.kind === "contract" ? kernel.dtype : null,
  };
}

function loopsOf(kernel: Kernel): Loop[] {
  switch (kernel.kind) {
    case "map":
      return kernel.shape.map((size) => ({ role: "each", size }));
    case "reduce":
      return [
        ...kernel.shape.map((size): Loop => ({ role: "each", size })),
        ...kernel.reduced.map((size): Loop => ({ role: "reduced", size })),
      ];
    case "contract":
      return kernel.loops.map(({ role, size }) => ({ role, size }));
  }
}

/** Puts a step together again. */
export function closeStep(open: OpenKernel): KernelStep {
  const reads = (...uses: Use[]): Reading[] => uses.flatMap((use) => open.reads.filter((r) => r.use === use));
  const order = open.kind === "contract" ? reads("a", "b", "target") : reads("element", "target");
  return {
    kind: "kernel",
    kernel: kernelOf(open, reads),
    arrays: [...order, ...open.writes].map(({ buffer }) => buffer),
    nodes: open.nodes,
  };
}

function kernelOf(open: OpenKernel, reads: (...uses: Use[]) => Reading[]): Kernel {
  const { loops, params } = open;
  const shape = loops.filter(isKept).map((loop) => loop.size);
  const count = open.kind === "reduce" ? shape.length : loops.length;
  const source = (length: number) => (read: Reading) => ({
    name: read.name,
    dtype: read.buffer.dtype,
    offset: read.offset,
    strides: read.strides.slice(0, length),
  });
  const targets = open.writes.map(({ buffer, offset, strides, lane }) => ({
    dtype: buffer.dtype,
    offset,
    strides: strides.slice(0, count),
    lane,
  }));
  const sources = reads("element").map(source(loops.length));
  if (open.kind === "map") return { kind: "map", shape, sources, targets, params };
  const extras = reads("target").map(source(count));
  if (open.kind === "reduce") {
    const reduced = loops.slice(count).map((loop) => loop.size);
    const { states, identity, element, combine, finish } = open.reduction!;
    const body = { states, identity, element, combine, finish };
    return { kind: "reduce", shape, reduced, sources, targets, params, x: open.x!, extras, ...body };
  }
  const [a, b] = reads("a", "b");
  return {
    kind: "contract",
    dtype: open.dtype!,
    sources: extras,
    targets,
    params,
    a: { dtype: a!.buffer.dtype, offset: a!.offset },
    b: { dtype: b!.buffer.dtype, offset: b!.offset },
    loops: loops.map(
      ({ role, size }, i): ProductLoop => ({
        role: role as ProductLoop["role"],
        size,
        a: a!.strides[i]!,
        b: b!.strides[i]!,
      }),
    ),
  };
}

/** The same kernel with its loops split. */
export function refined(open: OpenKernel, parts: Route["parts"]): OpenKernel {
  if (parts.every((sizes) => sizes.length === 1)) return open;
  const split = <W extends Walk>(walk: W): W => ({ ...walk, strides: splitStrides(walk.strides, parts) });
  return {
    ...open,
    loops: open.loops.flatMap(({ role }, i) => parts[i]!.map((size) => ({ role, size }))),
    reads: open.reads.map(split),
    writes: open.writes.map(split),
  };
}

/** Arrays a kernel has taken over from another, and what stands for those that have other names here. */
interface Adopted {
  readonly reads: readonly Reading[];
  readonly names: ReadonlyMap<string, TypedLane>;
}

/** Adds arrays to those a kernel reads; one that is read the same way already is not read twice. */
export function adopted(reads: readonly Reading[], others: readonly Reading[]): Adopted {
  const all = [...reads];
  const names = new Map<string, TypedLane>();
  for (const other of others) {
    let mine = all.find((r) => r.use === other.use && r.buffer === other.buffer && sameWalk(r, other));
    if (mine === undefined) {
      mine = { ...other, name: freeName(all, other.name) };
      all.push(mine);
    }
    if (mine.name !== other.name)
      names.set(other.name, { kind: "input", name: mine.name, dtype: mine.buffer.dtype });
  }
  return { reads: all, names };
}

/** The name, with as many strokes as make it new. */
function freeName(reads: readonly Reading[], name: string): string {
  let free = name;
  while (reads.some((read) => read.name === free)) free += "_";
  return free;
}

/** The kernel with lanes in the place of the arrays that one use reads, by name. */
export function withLanes(open: OpenKernel, use: Use, lanes: ReadonlyMap<string, TypedLane>): OpenKernel {
  const put = substitution(lanes);
  if (open.x !== null && use === "element") return { ...open, x: put(open.x) };
  return { ...open, writes: open.writes.map((write) => ({ ...write, lane: put(write.lane) })) };
}
