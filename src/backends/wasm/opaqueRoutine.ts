/**
 * @file What the kernels of opaque ops are written with: run-time words by name, and walks over neighbouring elements.
 */
import type { DType } from "../../ir/dtype.js";
import { ArgumentBlock } from "./argumentBlock.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, storeFour, storeSome } from "./fours.js";
import type { Routine } from "./routine.js";

/** Gives the local that holds a word. */
export type WordReader<W extends string> = (name: W) => Local;

interface RoutineText<W extends string> {
  readonly key: string;
  /** What the code reads at run time: whole numbers, and addresses of arrays. */
  readonly words: Readonly<Record<W, number | { readonly array: number }>>;
  readonly units: number;
  /** Nanoseconds for all units together, about. */
  readonly cost: number;
  /** Writes what is done for one unit. */
  readonly write: (f: FunctionBuilder, word: WordReader<W>, unit: Local) => void;
}

/** A routine whose words are read once, at its beginning, where its code asks for them by name. */
export function routineOf<W extends string>({ key, words, units, cost, write }: RoutineText<W>): Routine {
  const block = new ArgumentBlock();
  const offsets = new Map<string, number>();
  for (const [name, value] of Object.entries<RoutineText<W>["words"][W]>(words)) {
    offsets.set(
      name,
      block.add(typeof value === "number" ? { i32: value | 0 } : { array: value.array, bytes: 0 }),
    );
  }
  return {
    key,
    write: (f) => {
      const [args, unit, end] = f.parameters as [Local, Local, Local, Local];
      const word: WordReader<W> = (name) =>
        f.hoist(`word ${name}`, "i32", () => f.get(args).memory("i32.load", offsets.get(name)!));
      f.countTo(unit, end, 1, () => write(f, word, unit));
    },
    imports: [],
    args: block.list,
    units,
    unitCost: Math.ceil(cost / Math.max(units, 1)),
  };
}

/** A new local with the number that `push` leaves on the stack. */
export function computed(f: FunctionBuilder, push: () => void): Local {
  const local = f.local("i32");
  push();
  f.set(local);
  return local;
}

/** The smaller of two signed numbers, or the larger. */
export function lesser(f: FunctionBuilder, a: Local, b: Local, order: "lt_s" | "gt_s" = "lt_s"): Local {
  return computed(f, () => f.get(a).get(b).get(a).get(b).op(`i32.${order}`).op("select"));
}

/** Repeats `body` while an address, which `body` does not move, is below `end`; moves it by `step`. */
export function walkTo(
  f: FunctionBuilder,
  address: Local,
  end: Local,
  step: Local | number,
  body: () => void,
): void {
  f.block((done) => {
    f.loop((again) => {
      f.get(address).get(end).op("i32.ge_u").branchIf(done);
      body();
      f.get(address);
      if (typeof step === "number") f.i32(step);
      else f.get(step);
      f.op("i32.add").set(address).branch(again);
    });
  });
}

/** Neighbouring elements that are treated at once. */
export interface Columns {
  /** How many fours they are; of the last one, some elements may be others'. */
  readonly fours: number;
  /** Bytes from the first element of all to the first of these. */
  readonly at: Local;
  /** Stores four number `i` at an address, as far as it is ours. */
  store(address: Local, i: number, value: Four): void;
}

/**
 * Writes `body` for `count` neighbouring elements: for `most` fours at a time, then for one, then for the last 1 to 3
 * elements.
 */
export function eachColumns(
  f: FunctionBuilder,
  dtype: DType,
  count: Local,
  most: number,
  body: (columns: Columns) => void,
): void {
  const at = computed(f, () => f.i32(0));
  const left = computed(f, () => f.get(count));
  const bytes = 4 * elementBytes(dtype);
  for (const fours of most === 1 ? [1] : [most, 1]) {
    f.block((done) => {
      f.loop((again) => {
        f.get(left)
          .i32(4 * fours)
          .op("i32.lt_s")
          .branchIf(done);
        body({ fours, at, store: (address, i, value) => storeFour(f, dtype, address, i * bytes, value) });
        f.get(at)
          .i32(fours * bytes)
          .op("i32.add")
          .set(at);
        f.get(left)
          .i32(4 * fours)
          .op("i32.sub")
          .set(left)
          .branch(again);
      });
    });
  }
  f.get(left).if(() =>
    body({ fours: 1, at, store: (address, _, value) => storeSome(f, dtype, address, 0, left, value) }),
  );
}

/** New locals with the vectors of four elements, to be changed. */
export const copied = (f: FunctionBuilder, value: Four): Four =>
  value.map((part) => {
    const copy = f.local("v128");
    f.get(part).set(copy);
    return copy;
  });

/** Puts four elements in the place of others. */
export function replace(f: FunctionBuilder, old: Four, value: Four): void {
  for (const [i, part] of value.entries()) f.get(part).set(old[i]!);
}

/** Numbers from 0 up to `count`. */
export const firstNumbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
