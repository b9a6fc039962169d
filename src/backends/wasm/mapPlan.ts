/**
 * @file The loops of a map kernel, put in order before anything is rendered: as few as possible, targets contiguous innermost.
 */
import type { DType } from "../../ir/dtype.js";
import type { Access, MapKernel } from "../../ir/kernel.js";

/** A loop: its length, and how far every array moves per step, in elements. */
export interface MapLoop {
  readonly size: number;
  readonly strides: readonly number[];
}

/** How an array moves in a loop: by one element, not at all, or farther. What code depends on. */
export type StrideClass = "next" | "stay" | "far";

/** An array of the kernel as the code sees it. */
export interface MapArray {
  readonly dtype: DType;
  /** The input's name; null for a target. */
  readonly name: string | null;
  readonly inner: StrideClass;
  /** How it moves in the loop outside the innermost, where tiles are walked. */
  readonly outer: StrideClass;
}

export interface MapPlan {
  /** Outermost first; at least one. */
  readonly loops: readonly MapLoop[];
  readonly arrays: readonly MapArray[];
  /** Whether the two innermost loops are walked in square tiles, since a source is contiguous across the targets. */
  readonly tiled: boolean;
}

const classOf = (stride: number): StrideClass => (stride === 1 ? "next" : stride === 0 ? "stay" : "far");

/** Orders and merges the loops of a kernel. */
export function planMap(kernel: MapKernel): MapPlan {
  const accesses: readonly Access[] = [...kernel.sources, ...kernel.targets];
  const first = kernel.sources.length;
  const loops = mergeLoops(
    kernel.shape
      .map((size, axis) => ({ size, strides: accesses.map(({ strides }) => strides[axis]!) }))
      .filter(({ size }) => size !== 1)
      // Stable: loops in which the first target stays keep their order.
      .sort((p, q) => Math.abs(q.strides[first]!) - Math.abs(p.strides[first]!)),
  );
  if (loops.length === 0) loops.push({ size: 1, strides: accesses.map(() => 1) });
  const tiled = bringAcross(loops, first);
  if (!tiled) bringLong(loops);
  const inner = loops.at(-1)!;
  const outer = tiled ? loops.at(-2)! : null;
  const arrays = accesses.map((access, k) => ({
    dtype: access.dtype,
    name: k < first ? kernel.sources[k]!.name : null,
    inner: classOf(inner.strides[k]!),
    outer: outer === null ? "stay" : classOf(outer.strides[k]!),
  }));
  return { loops, arrays, tiled };
}

/** Merges neighbours that every array walks evenly. */
function mergeLoops(loops: readonly MapLoop[]): MapLoop[] {
  const merged: MapLoop[] = [];
  for (const loop of loops) {
    const last = merged.at(-1);
    if (last?.strides.every((stride, k) => stride === loop.strides[k]! * loop.size)) {
      merged[merged.length - 1] = { size: last.size * loop.size, strides: loop.strides };
    } else merged.push(loop);
  }
  return merged;
}

/** Blocks of this many elements squared are transposed in registers. */
const BLOCK = 4;

/**
 * Where a source is contiguous in another loop than the targets, makes that loop the last but one, and says so. Sources on
 * their way across would otherwise touch a new cache line for each element.
 */
function bringAcross(loops: MapLoop[], sources: number): boolean {
  const inner = loops.at(-1)!;
  const targetsNext = inner.strides.slice(sources).every((stride) => stride === 1);
  if (!targetsNext || inner.size < BLOCK) return false;
  const across = loops.findIndex(
    (loop) =>
      loop.size >= BLOCK &&
      loop !== inner &&
      loop.strides.some((stride, k) => k < sources && stride === 1 && inner.strides[k]! > 1),
  );
  if (across === -1) return false;
  const [loop] = loops.splice(across, 1);
  loops.splice(loops.length - 1, 0, loop!);
  return true;
}

/** Rows shorter than this cost more to begin than to walk. */
const SHORT_ROW = 8;

/** Where the rows are short, makes the longest loop the innermost. */
function bringLong(loops: MapLoop[]): void {
  const longest = loops.reduce((best, loop, i) => (loop.size > loops[best]!.size ? i : best), 0);
  if (loops.at(-1)!.size >= SHORT_ROW || loops[longest]!.size < SHORT_ROW) return;
  loops.push(...loops.splice(longest, 1));
}
