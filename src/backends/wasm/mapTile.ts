/**
 * @file Map kernels whose sources lie across their targets, such as transposing copies: both sides are walked in tiles, and blocks of
 * four by four elements turn in registers.
 */
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, gatherFour, loadFour, splatFour, storeFour } from "./lanes.js";
import { emitTargets, loadFixed, type StripWriter, writeRest, writeStrip } from "./mapStrip.js";

/** Elements along each side of a tile: what is read across stays in the first cache until its lines are used up. */
export const TILE = 64;

/** Bytes from one row of a tile to the next. */
export type RowStrides = readonly Local[];

/** Writes a tile of `rows` by `columns` elements from the pointers on, and moves the pointers to an end of no use. */
export function writeTile(
  writer: StripWriter,
  pointers: readonly Local[],
  rowStrides: RowStrides,
  rows: Local,
  columns: Local,
): void {
  const { f } = writer;
  f.block((done) => {
    f.loop((again) => {
      f.get(rows).i32(4).op("i32.lt_s").branchIf(done);
      writeFourRows(writer, pointers, rowStrides, columns);
      f.get(rows).i32(4).op("i32.sub").set(rows).branch(again);
    });
  });
  const walking = pointers.map(() => f.local("i32"));
  const remaining = f.local("i32");
  f.block((done) => {
    f.loop((again) => {
      f.get(rows).op("i32.eqz").branchIf(done);
      pointers.forEach((pointer, k) => {
        f.get(pointer).set(walking[k]!);
      });
      f.get(columns).set(remaining);
      writeStrip(writer, walking, remaining, 1);
      moveRow(f, pointers, rowStrides);
      f.get(rows).i32(1).op("i32.sub").set(rows).branch(again);
    });
  });
}

function moveRow(f: FunctionBuilder, pointers: readonly Local[], rowStrides: RowStrides): void {
  pointers.forEach((pointer, k) => {
    f.get(pointer).get(rowStrides[k]!).op("i32.add").set(pointer);
  });
}

/** Four rows of a tile: blocks of four columns, then each row's rest. Moves the pointers to the row after. */
function writeFourRows(
  writer: StripWriter,
  pointers: readonly Local[],
  rowStrides: RowStrides,
  columns: Local,
): void {
  const { f } = writer;
  const rows = [0, 1, 2, 3].map(() =>
    pointers.map((pointer, k) => {
      const row = f.local("i32");
      f.get(pointer).tee(row).get(rowStrides[k]!).op("i32.add").set(pointer);
      return row;
    }),
  );
  const remaining = f.local("i32");
  f.get(columns).set(remaining);
  const fixed = rows.map((row) => loadFixed(writer, row));
  f.block((done) => {
    f.loop((again) => {
      f.get(remaining).i32(4).op("i32.lt_s").branchIf(done);
      writeBlock(writer, rows, fixed);
      for (const row of rows) moveColumns(writer, row);
      f.get(remaining).i32(4).op("i32.sub").set(remaining).branch(again);
    });
  });
  f.get(remaining).if(() => {
    rows.forEach((row, r) => {
      writeRest(writer, row, fixed[r]!, remaining);
    });
  });
}

/** Moves a row's pointers on by four columns. */
function moveColumns({ f, arrays, strides }: StripWriter, row: readonly Local[]): void {
  arrays.forEach(({ inner, dtype }, k) => {
    if (inner === "stay") return;
    f.get(row[k]!);
    if (inner === "next") f.i32(4 * elementBytes(dtype));
    else f.get(strides[k]!).i32(2).op("i32.shl");
    f.op("i32.add").set(row[k]!);
  });
}

/** A block of four by four elements. */
function writeBlock(
  writer: StripWriter,
  rows: readonly (readonly Local[])[],
  fixed: readonly ReadonlyMap<string, Four>[],
): void {
  const { f, arrays, lanes } = writer;
  const turned = new Map<number, Four[]>();
  arrays.forEach(({ name, inner, outer }, k) => {
    if (name !== null && inner === "far" && outer === "next")
      turned.set(k, loadTurned(writer, rows[0]![k]!, k));
  });
  const values = rows.map((row, r) =>
    emitTargets(writer, fixed[r]!, (k) => turned.get(k)?.[r] ?? loadRow(writer, row[k]!, k)),
  );
  rows.forEach((row, r) => {
    lanes.forEach((_, i) => {
      const k = arrays.length - lanes.length + i;
      storeFour(f, arrays[k]!.dtype, row[k]!, 0, values[r]![i]!);
    });
  });
}

/** Four elements of one row, however they lie. */
function loadRow(writer: StripWriter, pointer: Local, k: number): Four {
  const { f, arrays } = writer;
  const { dtype, inner } = arrays[k]!;
  if (inner === "stay") return splatFour(f, dtype, pointer, 0);
  return inner === "next"
    ? loadFour(f, dtype, pointer, 0)
    : gatherFour(f, dtype, columnAddresses(writer, pointer, k));
}

function columnAddresses({ f, strides }: StripWriter, pointer: Local, k: number): Local[] {
  const addresses = [pointer];
  for (const before of [0, 1, 2]) {
    const address = f.local("i32");
    f.get(addresses[before]!).get(strides[k]!).op("i32.add").set(address);
    addresses.push(address);
  }
  return addresses;
}

/** Loads a block along its columns, where they are contiguous, and gives its rows. */
function loadTurned(writer: StripWriter, pointer: Local, k: number): Four[] {
  const { f, arrays } = writer;
  const { dtype } = arrays[k]!;
  const columns = columnAddresses(writer, pointer, k).map((address) => loadFour(f, dtype, address, 0));
  return dtype === "float64" ? turnPairs(f, columns) : turnFours(f, columns);
}

/** Bytes of elements of two vectors: those of the first are numbered from 0, of the second from 4 (from 2 in pairs). */
const pick = (size: number, ...elements: readonly number[]): number[] =>
  elements.flatMap((element) => Array.from({ length: size }, (_, byte) => element * size + byte));

function shuffled(f: FunctionBuilder, a: Local, b: Local, order: readonly number[]): Local {
  const result = f.local("v128");
  f.get(a).get(b).shuffle(order).set(result);
  return result;
}

/** Turns four vectors of four. */
function turnFours(f: FunctionBuilder, columns: readonly Four[]): Four[] {
  const [a, b, c, d] = columns.map((column) => column[0]!);
  const low = pick(4, 0, 4, 1, 5);
  const high = pick(4, 2, 6, 3, 7);
  const [ab, cd] = [shuffled(f, a!, b!, low), shuffled(f, c!, d!, low)];
  const [abHigh, cdHigh] = [shuffled(f, a!, b!, high), shuffled(f, c!, d!, high)];
  const first = pick(8, 0, 2);
  const second = pick(8, 1, 3);
  return [
    [shuffled(f, ab, cd, first)],
    [shuffled(f, ab, cd, second)],
    [shuffled(f, abHigh, cdHigh, first)],
    [shuffled(f, abHigh, cdHigh, second)],
  ];
}

/** Turns four columns of twice two elements. */
function turnPairs(f: FunctionBuilder, columns: readonly Four[]): Four[] {
  return [0, 1, 2, 3].map((row) =>
    [0, 2].map((column) =>
      shuffled(
        f,
        columns[column]![row >> 1]!,
        columns[column + 1]![row >> 1]!,
        (row & 1) === 0 ? pick(8, 0, 2) : pick(8, 1, 3),
      ),
    ),
  );
}
