/**
 * @file Decides how a reduction is walked and cut: which loops merge, along which four elements lie side by side in a vector, and
 * what is a unit.
 */
import type { Access, ReduceKernel, Source } from "../../ir/kernel.js";
import { laneCost } from "./laneCost.js";
import { elementBytes, laneImports } from "./lanes.js";

/** Elements of a block of the tree, and its interleaved lanes: see backends/js/reductionKernel.ts. */
export const BLOCK = 256;
export const LANES = 8;

/** Rows of fewer elements go four at a time, side by side, if there are four. */
const SHORT_ROW = 16;
/** What a worker keeps of a block while it goes along columns: some of a second-level cache. Wide strips read whole pages. */
const STRIP_BYTES = 65536;
/** How much of a source is walked before the next element of a row is read, which lies in the same cache line. */
const STEPPED_BYTES = 16384;
/** A strip is not cut into pieces of fewer than this many groups to make more of them: a cache line of floats. */
const LEAST_STRIP = 16;
/** Reductions of less are not cut for the sake of threads. */
const WORTH_CUTTING = 65_536;
/** Nanoseconds for an element. */
const DEAR = 1.5;
/** How many units large reductions have, at least if they can. */
const UNITS = 32;

/** How an array goes on from one of the four elements of a vector to the next: not at all, to the next in memory, or by steps. */
export type Movement = "stay" | "run" | "step";

/** One array of a reduction, with its strides by loop. Strides count bytes. */
export interface PlannedArray {
  readonly name: string;
  readonly access: Access;
  readonly outer: readonly number[];
  /** Along the positions that go side by side. */
  readonly lane: number;
  /** Sources only. */
  readonly reduced: readonly number[];
  readonly movement: Movement;
}

export interface ReducePlan {
  /**
   * - `rows`: vectors lie along what is reduced; a unit has one position
   * - `columns`: vectors lie along four positions; a unit has a strip of them
   */
  readonly mode: "rows" | "columns";
  readonly outerSizes: readonly number[];
  /** The loop of positions side by side: its size, and how many groups of four a strip has. */
  readonly laneSize: number;
  readonly stripGroups: number;
  readonly strips: number;
  readonly reducedSizes: readonly number[];
  readonly count: number;
  /** Rows only: how many whole blocks are reduced at a time, 1, 2 or 4, since each alone waits for its own last sum. */
  readonly streams: number;
  /** What is reduced is cut into runs of so many blocks, a power of two. */
  readonly runBlocks: number;
  readonly runs: number;
  readonly sources: readonly PlannedArray[];
  readonly extras: readonly PlannedArray[];
  readonly targets: readonly PlannedArray[];
}

interface Loops {
  readonly sizes: number[];
  /** For each array. */
  readonly strides: number[][];
}

const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

/** Drops loops of one turn, and makes one of two that go on evenly in all arrays. */
function mergeLoops(sizes: readonly number[], strides: readonly (readonly number[])[]): Loops {
  const merged: Loops = { sizes: [], strides: strides.map(() => []) };
  sizes.forEach((size, loop) => {
    if (size === 1) return;
    const last = merged.sizes.length - 1;
    const even = last >= 0 && strides.every((own, i) => merged.strides[i]![last] === own[loop]! * size);
    if (even) {
      merged.sizes[last]! *= size;
      strides.forEach((own, i) => {
        merged.strides[i]![last] = own[loop]!;
      });
    } else {
      merged.sizes.push(size);
      strides.forEach((own, i) => {
        merged.strides[i]!.push(own[loop]!);
      });
    }
  });
  return merged;
}

/** Every lane of a kernel. */
export function lanesOf({ x, identity, element, combine, finish, targets }: ReduceKernel) {
  const states = [identity ?? {}, element, combine].flatMap((lanes) => Object.values(lanes));
  return [x, ...states, finish, ...targets.map((target) => target.lane)];
}

/** Bytes of four states in memory: vectors as they are. */
export const groupBytes = ({ states }: ReduceKernel): number =>
  Object.values(states).reduce((bytes, dtype) => bytes + (dtype === "float64" ? 32 : 16), 0);

/** The kept loop that goes side by side in columns: where sources are contiguous, else targets, else the last. */
function laneLoop(kept: Loops, sources: number, targets: number): number {
  const contiguous = (arrays: number[][]): number =>
    kept.sizes.findLastIndex((_, loop) => arrays.some((strides) => strides[loop] === 1));
  const found = [kept.strides.slice(0, sources), kept.strides.slice(-targets)]
    .map(contiguous)
    .find((loop) => loop !== -1);
  return found ?? kept.sizes.length - 1;
}

/** Whether vectors can lie along what is reduced, and had better. */
function prefersRows(reduced: Loops, laneSize: number, exact: boolean): boolean {
  const inner = reduced.sizes.length - 1;
  const count = product(reduced.sizes);
  const strides = reduced.strides.map((own) => own[inner] ?? 0);
  const whole = inner <= 0 || reduced.sizes[inner]! % LANES === 0;
  if (exact || !whole || strides.some((stride) => stride > 1 || stride < 0)) return false;
  return count >= SHORT_ROW || laneSize < 4;
}

function movementOf(stride: number, exact: boolean): Movement {
  if (stride === 0) return "stay";
  return stride === 1 && !exact ? "run" : "step";
}

/** Plans a reduction of something, for at least one position. */
export function planReduce(kernel: ReduceKernel): ReducePlan {
  const { sources, extras, targets, shape } = kernel;
  const rank = shape.length;
  const arrays: NamedAccess[] = [...sources, ...extras, ...targets];
  const kept = mergeLoops(
    shape,
    arrays.map(({ strides }) => strides.slice(0, rank)),
  );
  const reduced = mergeLoops(
    kernel.reduced,
    sources.map(({ strides }) => strides.slice(rank)),
  );
  if (reduced.sizes.length === 0) {
    reduced.sizes.push(1);
    for (const own of reduced.strides) own.push(0);
  }
  const loop = laneLoop(kept, sources.length, targets.length);
  // Imported functions may refuse what lies beyond the last position: then nothing is computed there.
  const exact = laneImports(lanesOf(kernel)).length > 0;
  const rows = prefersRows(reduced, kept.sizes[loop] ?? 1, exact);
  const planned = arrays.map((access, i) => {
    const along = { kept: kept.strides[i]!, reduced: reduced.strides[i] ?? [] };
    return plannedArray(access, along, rows ? null : loop, exact);
  });
  const outerSizes = kept.sizes.filter((_, l) => rows || l !== loop);
  const laneSize = rows ? 1 : (kept.sizes[loop] ?? 1);
  const ownSources = planned.slice(0, sources.length);
  return {
    mode: rows ? "rows" : "columns",
    outerSizes,
    laneSize,
    reducedSizes: reduced.sizes,
    count: product(reduced.sizes),
    streams: rows ? streamsOf(kernel, reduced.sizes.length) : 1,
    ...cut(product(outerSizes), laneSize, product(reduced.sizes), mostGroups(kernel, ownSources)),
    sources: ownSources,
    extras: planned.slice(sources.length, sources.length + extras.length),
    targets: planned.slice(sources.length + extras.length),
  };
}

type NamedAccess = Access & Partial<Source>;

/** An array by its strides along the kept and the reduced loops; `loop` is the kept one that goes side by side. */
function plannedArray(
  access: NamedAccess,
  { kept, reduced }: { readonly kept: readonly number[]; readonly reduced: readonly number[] },
  loop: number | null,
  exact: boolean,
): PlannedArray {
  const bytes = elementBytes(access.dtype);
  const lane = loop === null ? 0 : (kept[loop] ?? 0);
  return {
    name: access.name ?? "",
    access,
    outer: kept.filter((_, l) => l !== loop).map((stride) => stride * bytes),
    lane: lane * bytes,
    reduced: reduced.map((stride) => stride * bytes),
    movement: movementOf(loop === null ? (reduced.at(-1) ?? 0) : lane, exact),
  };
}

/** As many as registers hold; one where there is enough to do anyway, with several states or dear elements. */
function streamsOf(kernel: ReduceKernel, loops: number): number {
  const busy = Object.keys(kernel.states).length > 1 || laneCost([kernel.x]) > DEAR;
  return loops > 1 || busy ? 1 : (4 * 16) / groupBytes(kernel);
}

/** How wide a strip may be: its states stay in a cache, and so do the lines of sources of which each row takes a little. */
function mostGroups(kernel: ReduceKernel, sources: readonly PlannedArray[]): number {
  const bytes = sources.map(({ movement, lane }) => (movement === "step" ? 4 * Math.abs(lane) : 0));
  const bySources = Math.max(LEAST_STRIP, Math.floor(STEPPED_BYTES / Math.max(...bytes, 1)));
  return Math.max(1, Math.min(bySources, Math.floor(STRIP_BYTES / (LANES * groupBytes(kernel)))));
}

/** Strips and runs: few for small reductions, enough of them for large ones. */
function cut(outer: number, laneSize: number, count: number, most: number) {
  const groups = Math.ceil(laneSize / 4);
  const large = outer * laneSize * count >= WORTH_CUTTING;
  const blocks = Math.ceil(count / BLOCK);
  // Wide strips read memory in its order: they are cut only where there are too few blocks to cut.
  const pieces = large ? Math.ceil(UNITS / (outer * Math.max(blocks, 1))) : 1;
  const stripGroups = Math.min(groups, most, Math.max(LEAST_STRIP, Math.ceil(groups / pieces)));
  const strips = Math.ceil(groups / stripGroups);
  const wantedRuns = large ? Math.ceil(UNITS / (outer * strips)) : 1;
  let runBlocks = 1;
  while (runBlocks * wantedRuns < blocks) runBlocks *= 2;
  return { stripGroups, strips, runBlocks, runs: Math.ceil(blocks / runBlocks) };
}
