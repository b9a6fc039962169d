/**
 * @file The memory plan: where in one scratch arena each buffer of a program lies, and from when to when.
 */
import { bytesOf } from "../core/dtype.js";
import { type Buffer, type KernelStep, type Program, readCount } from "./program.js";

/** Byte offsets in an arena of `bytes`; `peakBytes` are in use at once at most. */
export interface MemoryPlan {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
  readonly peakBytes: number;
}

export interface MemoryOptions {
  /** Buffers that the caller places: outputs that live longer than the arena. */
  readonly external?: ReadonlySet<Buffer>;
}

/** Storage that buffers use one after the other: each takes it over from the last in place. */
interface Block {
  readonly bytes: number;
  /** The first and the last step that need it. */
  readonly first: number;
  last: number;
  offset: number;
}

/** Blocks begin on a cache line, and kernels may read one beyond the end. */
const LINE = 64;

/** Plans one arena for all buffers that are written and not placed elsewhere. */
export function planMemory(program: Program, { external = new Set() }: MemoryOptions = {}): MemoryPlan {
  const uses = usesOf(program);
  const blocks = new Map<Buffer, Block>();
  program.steps.forEach((step, i) => {
    const reads = step.kind === "host" ? step.inputs.length : readCount(step);
    const arrays = step.kind === "host" ? [...step.inputs, ...step.outputs] : step.arrays;
    for (let k = reads; k < arrays.length; k++) {
      const buffer = arrays[k]!;
      if (blocks.has(buffer) || external.has(buffer)) continue;
      const { last } = uses.get(buffer)!;
      const block = step.kind === "host" ? null : blockInPlace(step, k, i, uses, blocks);
      if (block !== null) block.last = last;
      blocks.set(buffer, block ?? newBlock(buffer, i, last));
    }
  });
  const all = [...new Set(blocks.values())];
  const bytes = place(all);
  const offsets = new Map([...blocks].map(([buffer, { offset }]) => [buffer, offset]));
  const elsewhere = new Set([...program.inputs, ...program.constants.keys(), ...external]);
  // What nothing writes has no elements: any place will do.
  for (const buffer of uses.keys()) if (!blocks.has(buffer) && !elsewhere.has(buffer)) offsets.set(buffer, 0);
  return { offsets, bytes, peakBytes: peakOf(all, program.steps.length) };
}

function newBlock({ size, dtype }: Buffer, first: number, last: number): Block {
  const bytes = Math.ceil((size * bytesOf(dtype)) / LINE) * LINE + LINE;
  return { bytes, first, last, offset: 0 };
}

/** When a buffer is used last, and by how many steps it is written. */
interface Uses {
  last: number;
  writers: number;
}

function usesOf({ steps, outputs }: Program): Map<Buffer, Uses> {
  const uses = new Map<Buffer, Uses>();
  const use = (buffer: Buffer, step: number, writes: number): void => {
    const known = uses.get(buffer);
    if (known === undefined) uses.set(buffer, { last: step, writers: writes });
    else {
      known.last = step;
      known.writers += writes;
    }
  };
  steps.forEach((step, i) => {
    const reads = step.kind === "host" ? step.inputs : step.arrays.slice(0, readCount(step));
    const writes = step.kind === "host" ? step.outputs : step.arrays.slice(readCount(step));
    for (const buffer of reads) use(buffer, i, 0);
    for (const buffer of writes) use(buffer, i, 1);
  });
  for (const buffer of outputs) use(buffer, steps.length, 0);
  return uses;
}

/**
 * The block of a source that a map's target may take over: read for the last time here, at the same place as the target
 * is written, and not otherwise in this step.
 */
function blockInPlace(
  { kernel, arrays }: KernelStep,
  array: number,
  step: number,
  uses: ReadonlyMap<Buffer, Uses>,
  blocks: ReadonlyMap<Buffer, Block>,
): Block | null {
  const buffer = arrays[array]!;
  if (kernel.kind !== "map" || uses.get(buffer)!.writers !== 1) return null;
  const target = kernel.targets[array - kernel.sources.length]!;
  const taken = arrays.slice(kernel.sources.length, array).map((earlier) => blocks.get(earlier));
  for (let i = 0; i < kernel.sources.length; i++) {
    const source = kernel.sources[i]!;
    const given = arrays[i]!;
    const block = blocks.get(given);
    const sameElements =
      given.size === buffer.size &&
      bytesOf(given.dtype) === bytesOf(buffer.dtype) &&
      source.offset === target.offset &&
      source.strides.every((stride, axis) => stride === target.strides[axis]);
    const free = block !== undefined && uses.get(given)!.last === step && !taken.includes(block);
    if (sameElements && free && arrays.indexOf(given) === arrays.lastIndexOf(given)) return block;
  }
  return null;
}

/** Gives each block its offset, large ones first, in the smallest gap that fits; gives the arena's size. */
function place(blocks: readonly Block[]): number {
  const placed: Block[] = [];
  let size = 0;
  for (const block of [...blocks].sort((p, q) => q.bytes - p.bytes || p.first - q.first)) {
    block.offset = bestGap(block, placed);
    size = Math.max(size, block.offset + block.bytes);
    let at = placed.length;
    while (at > 0 && placed[at - 1]!.offset > block.offset) at--;
    placed.splice(at, 0, block);
  }
  return size;
}

/** The smallest gap between blocks, in order of offset, that are in use at the same time. */
function bestGap(block: Block, placed: readonly Block[]): number {
  let end = 0;
  let best = -1;
  let smallest = Infinity;
  for (const other of placed) {
    if (other.last < block.first || other.first > block.last) continue;
    const gap = other.offset - end;
    if (gap >= block.bytes && gap < smallest) {
      best = end;
      smallest = gap;
    }
    end = Math.max(end, other.offset + other.bytes);
  }
  return best >= 0 ? best : end;
}

/** The most bytes that blocks need at one step. */
function peakOf(blocks: readonly Block[], steps: number): number {
  const changes = new Array<number>(steps + 2).fill(0);
  for (const { bytes, first, last } of blocks) {
    changes[first]! += bytes;
    changes[last + 1]! -= bytes;
  }
  let [bytes, peak] = [0, 0];
  for (const change of changes) {
    bytes += change;
    peak = Math.max(peak, bytes);
  }
  return peak;
}
