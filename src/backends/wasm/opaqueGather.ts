/**
 * @file Picking slices by index: rows of bytes copied one after the other.
 */
import type { OpNode } from "../../compile/program.js";
import type { Flat } from "../../core/op.js";
import { sizeOf } from "../../core/shape.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes } from "./fours.js";
import { computed, lesser, routineOf, type WordReader, walkTo } from "./opaqueRoutine.js";
import type { Rendered } from "./routine.js";

type GatherWord =
  | ("table" | "indices" | "target")
  | ("rows" | "unitRows" | "outer" | "count" | "rowBytes" | "lineBytes");

/** A unit copies about so many bytes. */
const UNIT_BYTES = 16_384;
/** Nanoseconds, about, to begin a row, and to copy a byte. */
const ROW_COST = 2;
const BYTE_COST = 0.08;
/** Bytes of a vector. */
const VECTOR = 16;

/** The table is [batch, outer, length, inner], the indices are [batch, count]. */
export function renderGather({ inputs, outputs, attrs }: OpNode): Rendered | null {
  const [table, indices] = inputs;
  const { axis, batchDims } = attrs as { axis: number; batchDims: number };
  const { shape, dtype } = table!;
  if (indices!.dtype !== "int32") return null;
  const length = shape[axis]!;
  const bytes = elementBytes(dtype);
  const rowBytes = sizeOf(shape.slice(axis + 1)) * bytes;
  const isElement = rowBytes === bytes;
  const outer = sizeOf(shape.slice(batchDims, axis));
  const count = sizeOf(indices!.shape.slice(batchDims));
  const rows = sizeOf(shape.slice(0, axis)) * count;
  const accepts = (given: readonly Flat[]): boolean => areBelow(length, given[1]!);
  if (outputs[0]!.size === 0) return { routines: [], temporaries: [], accepts };
  const unitRows = Math.ceil(UNIT_BYTES / rowBytes);
  const routine = routineOf<GatherWord>({
    key: `gather: ${isElement ? "elements" : "rows"} of ${bytes} bytes`,
    words: {
      ...{ table: { array: 0 }, indices: { array: 1 }, target: { array: 2 } },
      ...{ rows, unitRows, outer, count, rowBytes, lineBytes: length * rowBytes },
    },
    units: Math.ceil(rows / unitRows),
    cost: rows * (ROW_COST + BYTE_COST * rowBytes),
    write: (f, word, unit) =>
      writeRows(f, word, unit, (from, target) => {
        if (isElement) copyElement(f, from, target, bytes);
        else copyRow(f, from, target, word("rowBytes"), bytes);
      }),
  });
  return { routines: [routine], temporaries: [], accepts };
}

function areBelow(length: number, { data }: Flat): boolean {
  for (let i = 0; i < data.length; i++) if (data[i]! < 0 || data[i]! >= length) return false;
  return true;
}

/** The rows of one unit, each by `copy`, which leaves the addresses it is given as they are. */
function writeRows(
  f: FunctionBuilder,
  word: WordReader<GatherWord>,
  unit: Local,
  copy: (from: Local, target: Local) => void,
): void {
  const row = computed(f, () => f.get(unit).get(word("unitRows")).op("i32.mul"));
  const last = lesser(
    f,
    computed(f, () => f.get(row).get(word("unitRows")).op("i32.add")),
    word("rows"),
  );
  const target = computed(f, () =>
    f.get(row).get(word("rowBytes")).op("i32.mul").get(word("target")).op("i32.add"),
  );
  // Where the line of indices is that belongs to the row, and which of it is the row's.
  const line = computed(f, () => f.get(row).get(word("count")).op("i32.div_u"));
  const place = computed(f, () => f.get(row).get(word("count")).op("i32.rem_u"));
  const [indices, source] = [f.local("i32"), f.local("i32")];
  const beginLine = (): void => {
    f.get(line).get(word("outer")).op("i32.div_u").get(word("count")).op("i32.mul").i32(2).op("i32.shl");
    f.get(word("indices")).op("i32.add").set(indices);
    f.get(line).get(word("lineBytes")).op("i32.mul").get(word("table")).op("i32.add").set(source);
  };
  beginLine();
  f.countTo(row, last, 1, () => {
    f.get(place).get(word("count")).op("i32.eq");
    f.if(() => {
      f.i32(0).set(place);
      f.get(line).i32(1).op("i32.add").set(line);
      beginLine();
    });
    const from = computed(f, () => {
      f.get(place).i32(2).op("i32.shl").get(indices).op("i32.add").memory("i32.load");
      f.get(word("rowBytes")).op("i32.mul").get(source).op("i32.add");
    });
    copy(from, target);
    f.get(target).get(word("rowBytes")).op("i32.add").set(target);
    f.get(place).i32(1).op("i32.add").set(place);
  });
}

/** Copies a row: vectors, the last of which may cover a part of the one before; or, if it is shorter, elements. */
function copyRow(f: FunctionBuilder, source: Local, to: Local, length: Local, bytes: number): void {
  const from = computed(f, () => f.get(source));
  const target = computed(f, () => f.get(to));
  const end = computed(f, () => f.get(from).get(length).op("i32.add"));
  const copyTo = (before: Local, step: number, copy: () => void): void =>
    walkTo(f, from, before, step, () => {
      copy();
      f.get(target).i32(step).op("i32.add").set(target);
    });
  f.get(length).i32(VECTOR).op("i32.lt_u");
  f.if(
    () => copyTo(end, bytes, () => copyElement(f, from, target, bytes)),
    () => {
      const lastVector = computed(f, () => f.get(end).i32(VECTOR).op("i32.sub"));
      copyTo(lastVector, VECTOR, () => f.get(target).get(from).memory("v128.load").memory("v128.store"));
      // As far behind the end as `from` is, which has gone up to the last vector or beyond.
      f.get(target).get(lastVector).get(from).op("i32.sub").op("i32.add");
      f.get(lastVector).memory("v128.load").memory("v128.store");
    },
  );
}

function copyElement(f: FunctionBuilder, from: Local, target: Local, bytes: number): void {
  f.get(target).get(from);
  if (bytes === 1) f.memory("i32.load8_u").memory("i32.store8");
  else if (bytes === 4) f.memory("i32.load").memory("i32.store");
  else f.memory("i64.load").memory("i64.store");
}
