/**
 * @file The innermost part of a product: one tile of a few rows and two vectors of columns, its sums in registers.
 */
import type { FunctionBuilder, FunctionHandle, Label, Local, ModuleBuilder } from "./assembler.js";
import { multiplyAdd, type ProductElement, rowsStep, TILE_ROW_BYTES } from "./contractElement.js";

const VECTORS = [0, 1];
/** Steps of k in one turn of the loop. */
const FUSED_STEPS = 4;
const STEPS = 6;

/** Where tiles find the panel: in scratch, its steps side by side, or in the array itself. */
export type PanelPlace = "packed" | "direct";

/**
 * The function `(rows, panel, step, count, partial, out, outStep)`: sums `count` products along k, in the first `height` rows of a
 * tile. `rows` has an element of each of the tile's rows per step; `panel` has two vectors of columns per step, `step` bytes apart (a packed panel's are known to be side by side). What stands at `partial`, if
 * that is not 0, is added; the tile goes to `out`, its rows `outStep` bytes apart.
 */
export function tileFunction(
  module: ModuleBuilder,
  element: ProductElement,
  place: PanelPlace,
  height: number,
): FunctionHandle {
  const key = `product tile of ${height} ${element.vector}${element.fused ? " fused" : ""} ${place}`;
  return module.shared(key, Array(7).fill("i32"), [], (f) => writeTile(f, element, place, height));
}

function writeTile(f: FunctionBuilder, element: ProductElement, place: PanelPlace, height: number): void {
  const [rows, panel, step, count, partial, out, outStep] = f.parameters as Local[];
  const sums = Array.from({ length: height }, () => VECTORS.map(() => f.local("v128")));
  const [unrolledEnd, end] = [f.local("i32"), f.local("i32")];
  const endAfter = (steps: () => void, to: Local) => {
    f.get(rows!);
    steps();
    f.i32(rowsStep(element)).op("i32.mul").op("i32.add").set(to);
  };
  const unrolled = element.fused ? FUSED_STEPS : STEPS;
  endAfter(() => f.get(count!).get(count!).i32(unrolled).op("i32.rem_u").op("i32.sub"), unrolledEnd);
  endAfter(() => f.get(count!), end);
  const factors = { rows: rows!, panel: panel!, step: place === "packed" ? null : step! };
  const writer = stepWriter(f, element, sums, factors);
  f.block((done) => {
    writer(unrolledEnd, unrolled, done);
    writer(end, 1, done);
  });
  addPartial(f, element, sums, partial!);
  for (const row of sums) {
    row.forEach((sum, i) => {
      f.get(out!)
        .get(sum)
        .memory("v128.store", 16 * i);
    });
    f.get(out!).get(outStep!).op("i32.add").set(out!);
  }
}

interface Factors {
  readonly rows: Local;
  readonly panel: Local;
  /** Bytes between the panel's steps; null: they are side by side. */
  readonly step: Local | null;
}

/** Writes loops along k up to an end of the packed rows, so many steps at a time. */
function stepWriter(f: FunctionBuilder, element: ProductElement, sums: Local[][], factors: Factors) {
  const { rows, panel, step } = factors;
  const perStep = rowsStep(element);
  // Loading one element into all of a vector is one instruction, and the packed rows stay small in the first-level cache.
  const splat = element.packedBytes === 8 ? "v128.load64_splat" : "v128.load32_splat";
  const columns = VECTORS.map(() => f.local("v128"));
  const x = f.local("v128");
  const writeStep = (at: number, fence: () => void): void => {
    const before = step === null ? TILE_ROW_BYTES * at : 0;
    columns.forEach((column, i) => {
      f.get(panel)
        .memory("v128.load", before + 16 * i)
        .set(column);
    });
    sums.forEach((row, r) => {
      f.get(rows)
        .memory(splat, perStep * at + element.packedBytes * r)
        .set(x);
      row.forEach((sum, i) => {
        multiplyAdd(f, element, [sum, x, columns[i]!]);
      });
      if (r % 2 === 1) fence();
    });
    if (step !== null) f.get(panel).get(step).op("i32.add").set(panel);
  };
  return (end: Local, steps: number, done: Label): void => {
    let fences = 0;
    // A branch that is never taken (no packed rows begin at so small an address): V8 would move all the loads of a long
    // loop body before its arithmetic, and run out of registers. Sums that are needed where the branch leads must be ready.
    const fence = (): void => {
      if (element.fused || steps === 1) return;
      f.get(rows).i32(fences++).op("i32.eq").branchIf(done);
    };
    f.get(rows).get(end).op("i32.ne");
    f.if(() => {
      f.loop((again) => {
        for (let at = 0; at < steps; at++) writeStep(at, fence);
        if (step === null) {
          f.get(panel)
            .i32(TILE_ROW_BYTES * steps)
            .op("i32.add")
            .set(panel);
        }
        f.get(rows)
          .i32(perStep * steps)
          .op("i32.add")
          .tee(rows);
        f.get(end).op("i32.ne").branchIf(again);
      });
    });
  };
}

function addPartial(f: FunctionBuilder, { vector }: ProductElement, sums: Local[][], partial: Local): void {
  f.get(partial).if(() => {
    sums.forEach((row, r) => {
      row.forEach((sum, i) => {
        f.get(sum)
          .get(partial)
          .memory("v128.load", TILE_ROW_BYTES * r + 16 * i);
        f.op(`${vector}.add`).set(sum);
      });
    });
  });
}
