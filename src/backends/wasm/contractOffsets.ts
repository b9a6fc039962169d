/**
 * @file Tables of offsets: where the elements of a product lie along loops of any number and stride. Loops are data in the
 * argument block, so that one function walks all of them.
 */
import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "./assembler.js";
import { READ_SLACK_BYTES } from "./routine.js";

/** A loop in the argument block: its length, then the bytes each array moves per step. */
const loopBytes = (arrays: number): number => 4 + 4 * arrays;
/** Where an array's step stands in a loop. */
export const stepPlace = (array: number): number => 4 + 4 * array;

/** Eight steps of it are no more than the slack. */
const LARGEST_PADDING_STEP = READ_SLACK_BYTES / 8;

/** Bytes of a table of so many offsets, with room for those that follow the last. */
export const tableBytes = (count: number): number => 16 * Math.ceil(count / 4) + 32;

/** The function `(first, loops, place, index) → i32`: how far an array has moved at an index over all the loops. */
export function offsetFunction(module: ModuleBuilder, arrays: number): FunctionHandle {
  return module.shared(`product offset of ${arrays}`, ["i32", "i32", "i32", "i32"], ["i32"], (f) => {
    const [first, loops, place, index] = f.parameters as [Local, Local, Local, Local];
    const sum = f.local("i32");
    const at = f.local("i32");
    const size = f.local("i32");
    f.get(first).get(loops).i32(loopBytes(arrays)).op("i32.mul").op("i32.add").set(at);
    f.loop((again) => {
      f.get(at).i32(loopBytes(arrays)).op("i32.sub").tee(at).memory("i32.load").set(size);
      f.get(index).get(size).op("i32.rem_u");
      f.get(at).get(place).op("i32.add").memory("i32.load");
      f.op("i32.mul").get(sum).op("i32.add").set(sum);
      f.get(index).get(size).op("i32.div_u").set(index);
      f.get(at).get(first).op("i32.ne").branchIf(again);
    });
    f.get(sum);
  });
}

/**
 * The function `(first, loops, place, base, start, count, out)`: writes `base` plus an array's offsets from index `start` on.
 */
export function tableFunction(module: ModuleBuilder, arrays: number): FunctionHandle {
  const offset = offsetFunction(module, arrays);
  return module.shared(`product table of ${arrays}`, Array(7).fill("i32"), [], (f) => {
    const [first, loops, place, base, start, count, out] = f.parameters as Local[];
    const [size, step, end, value] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    const innermost = f.local("i32");
    f.get(first!).get(loops!).i32(1).op("i32.sub").i32(loopBytes(arrays)).op("i32.mul").op("i32.add");
    f.tee(innermost).memory("i32.load").set(size);
    f.get(innermost).get(place!).op("i32.add").memory("i32.load").set(step);
    f.get(out!).get(count!).i32(2).op("i32.shl").op("i32.add").set(end);
    f.block((done) => {
      f.loop((again) => {
        f.get(out!).get(end).op("i32.eq").branchIf(done);
        f.get(first!).get(loops!).get(place!).get(start!).call(offset).get(base!).op("i32.add").set(value);
        writeRun(f, { size, step, end, value, start: start!, out: out! });
        f.branch(again);
      });
    });
    writePadding(f, out!, value, step);
  });
}

/** Writes offsets along the innermost loop to its end, or to that of the table. */
function writeRun(
  f: FunctionBuilder,
  v: Readonly<Record<"size" | "step" | "end" | "value" | "start" | "out", Local>>,
): void {
  const [run, stop] = [f.local("i32"), f.local("i32")];
  f.get(v.size).get(v.start).get(v.size).op("i32.rem_u").op("i32.sub").set(run);
  f.get(v.end).get(v.out).op("i32.sub").i32(2).op("i32.shr_u").set(stop);
  f.get(run).get(stop).get(run).get(stop).op("i32.lt_u").op("select").set(run);
  f.get(v.start).get(run).op("i32.add").set(v.start);
  f.get(v.out).get(run).i32(2).op("i32.shl").op("i32.add").set(stop);
  f.loop((again) => {
    f.get(v.out).get(v.value).memory("i32.store");
    f.get(v.value).get(v.step).op("i32.add").set(v.value);
    f.get(v.out).i32(4).op("i32.add").tee(v.out).get(stop).op("i32.ne").branchIf(again);
  });
}

/**
 * Eight entries beyond the last, for those who read whole vectors: on by the innermost step where that stays within the slack
 * behind every array, so that what is contiguous looks so to its end; otherwise the last again.
 */
function writePadding(f: FunctionBuilder, out: Local, value: Local, step: Local): void {
  const [last, stride] = [f.local("v128"), f.local("v128")];
  f.get(value).get(step).op("i32.sub").op("i32x4.splat").set(last);
  f.get(step).i32(0).get(step).i32(LARGEST_PADDING_STEP).op("i32.le_u").op("select");
  f.op("i32x4.splat").set(stride);
  for (const first of [1, 5]) {
    f.get(out).get(stride);
    f.i32x4(first, first + 1, first + 2, first + 3)
      .op("i32x4.mul")
      .get(last);
    f.op("i32x4.add").memory("v128.store", 4 * (first - 1));
  }
}

/** Leaves on the stack whether four offsets in a table are `bytes` apart. */
export function pushIsRun(f: FunctionBuilder, table: Local, bytes: number): void {
  f.get(table).memory("v128.load").get(table).memory("v128.load32_splat").op("i32x4.sub");
  f.i32x4(0, bytes, 2 * bytes, 3 * bytes)
    .op("i32x4.eq")
    .op("i32x4.all_true");
}
