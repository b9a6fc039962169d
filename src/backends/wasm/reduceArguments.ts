/**
 * @file The run-time words of a reduction: addresses, sizes and strides, and where they lie in the argument block.
 */
import type { ReduceKernel } from "../../ir/kernel.js";
import { ArgumentBlock } from "./argumentBlock.js";
import { type AttrPlaces, elementBytes, placeAttrs } from "./lanes.js";
import { groupBytes, LANES, lanesOf, type PlannedArray, type ReducePlan } from "./reducePlan.js";
import { type Argument, MAX_WORKERS } from "./routine.js";

/** Byte offsets of one array's words. */
export interface ArrayWords extends PlannedArray {
  readonly words: {
    readonly base: number;
    readonly outer: readonly number[];
    readonly lane: number;
    readonly strip: number;
    readonly reduced: readonly number[];
    /** From the last turn of the loop inside to the next turn of this one. */
    readonly jumps: readonly number[];
  };
}

/** Byte offsets of the words of a reduction. */
export interface ReduceWords {
  readonly list: readonly Argument[];
  readonly places: AttrPlaces;
  readonly sources: readonly ArrayWords[];
  readonly extras: readonly ArrayWords[];
  readonly targets: readonly ArrayWords[];
  readonly outerSizes: readonly number[];
  readonly reducedSizes: readonly number[];
  readonly laneSize: number;
  readonly strips: number;
  readonly stripPositions: number;
  readonly count: number;
  readonly runBlocks: number;
  readonly blocks: number;
  readonly runs: number;
  /** Address of the workers' scratch, and what each has of it. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Address of the states of runs. */
  readonly partial: number;
  /** A row of states: a strip's. */
  readonly rowBytes: number;
}

/** How deep the stack of a binary counter gets that counts to `count`. */
const depth = (count: number): number => Math.ceil(Math.log2(count)) + 1;

/** Sizes of what a reduction needs beside its arrays. */
export function scratchSizes(kernel: ReduceKernel, plan: ReducePlan, blocks: number) {
  const rowBytes = plan.stripGroups * groupBytes(kernel);
  const lanes = plan.mode === "rows" ? 1 : LANES;
  const levels = depth(Math.max(Math.min(blocks, plan.runBlocks), plan.runs, 1));
  // A cache line of its own for each worker.
  const scratchBytes = Math.ceil(((lanes + levels) * rowBytes) / 64) * 64;
  return { rowBytes, scratchBytes, allScratch: scratchBytes * MAX_WORKERS };
}

/** Lays out the words. */
export function reduceWords(kernel: ReduceKernel, plan: ReducePlan, blocks: number): ReduceWords {
  const block = new ArgumentBlock();
  const word = (i32: number): number => block.add({ i32 });
  const { rowBytes, scratchBytes } = scratchSizes(kernel, plan, blocks);
  let number = 0;
  const arrayWords = (array: PlannedArray): ArrayWords => ({
    ...array,
    words: {
      base: block.add({ array: number++, bytes: array.access.offset * elementBytes(array.access.dtype) }),
      outer: array.outer.map(word),
      lane: word(array.lane),
      strip: word(array.lane * plan.stripGroups * 4),
      reduced: array.reduced.map(word),
      jumps: array.reduced
        .slice(1)
        .map((stride, i) => word(array.reduced[i]! - stride * plan.reducedSizes[i + 1]!)),
    },
  });
  const [sources, extras, targets] = [plan.sources, plan.extras, plan.targets].map((arrays) =>
    arrays.map(arrayWords),
  );
  return {
    sources: sources!,
    extras: extras!,
    targets: targets!,
    outerSizes: plan.outerSizes.map(word),
    reducedSizes: plan.reducedSizes.map(word),
    laneSize: word(plan.laneSize),
    strips: word(plan.strips),
    stripPositions: word(plan.stripGroups * 4),
    count: word(plan.count),
    runBlocks: word(plan.runBlocks),
    blocks: word(blocks),
    runs: word(plan.runs),
    scratch: block.add({ array: number, bytes: 0 }),
    scratchBytes: word(scratchBytes),
    partial: block.add({ array: plan.runs > 1 ? number + 1 : number, bytes: 0 }),
    rowBytes: word(rowBytes),
    places: placeAttrs(block, lanesOf(kernel), { ...kernel.params, count: plan.count }),
    list: block.list,
  };
}
