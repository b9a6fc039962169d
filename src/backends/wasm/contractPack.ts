/**
 * @file Packing: the factors of a product copied side by side, in the order in which tiles take them.
 */
import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "./assembler.js";
import { type ProductElement, TILE_ROW_BYTES, TILE_ROWS } from "./contractElement.js";
import { pushIsRun } from "./contractOffsets.js";
import { SPLAT_STEP } from "./contractTile.js";

const bytesOfLanes = (lanes: readonly number[], width: number): number[] =>
  lanes.flatMap((lane) => Array.from({ length: width }, (_, i) => lane * width + i));

/** Adds a number to a local. */
function advance(f: FunctionBuilder, local: Local, by: number): void {
  f.get(local).i32(by).op("i32.add").set(local);
}

/** Does `body` while at least `least` of `count` remain, and counts them off. */
function whileRemain(f: FunctionBuilder, count: Local, least: number, body: () => void): void {
  f.block((done) => {
    f.loop((again) => {
      f.get(count).i32(least).op("i32.lt_s").branchIf(done);
      body();
      advance(f, count, -least);
      f.branch(again);
    });
  });
}

/** Pushes the vector that the element at `address + offset` fills. */
function pushSplat(f: FunctionBuilder, { bytes }: ProductElement, address: Local, offset: Local): void {
  f.get(address).get(offset).op("i32.add");
  if (bytes === 1) f.memory("i32.load8_u").op("i32x4.splat");
  else f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat");
}

/**
 * The function `(rows, depths, count, out)`: packs four rows, whose addresses stand in the table `rows`, along the offsets
 * in the table `depths`. Every element fills a vector, which is what tiles multiply by.
 */
export function packRowsFunction(module: ModuleBuilder, element: ProductElement): FunctionHandle {
  return module.shared(`product rows ${element.dtype}`, ["i32", "i32", "i32", "i32"], [], (f) => {
    const [table, depths, count, out] = f.parameters as [Local, Local, Local, Local];
    const offset = f.local("i32");
    const rows = loadPlaces(f, table, TILE_ROWS);
    const one = (at: number): void => {
      f.get(depths)
        .memory("i32.load", 4 * at)
        .set(offset);
      rows.forEach((row, r) => {
        f.get(out);
        pushSplat(f, element, row, offset);
        f.memory("v128.store", SPLAT_STEP * at + 16 * r);
      });
    };
    const next = (steps: number): void => {
      advance(f, depths, 4 * steps);
      advance(f, out, SPLAT_STEP * steps);
    };
    if (element.bytes === 4) {
      whileRemain(f, count, 4, () => {
        pushIsRun(f, depths, 4);
        f.if(
          () => spreadRows(f, rows, depths, out),
          () => [0, 1, 2, 3].forEach(one),
        );
        next(4);
      });
    }
    whileRemain(f, count, 1, () => {
      one(0);
      next(1);
    });
  });
}

/** The addresses in a table, each in a local. */
function loadPlaces(f: FunctionBuilder, table: Local, count: number): Local[] {
  return Array.from({ length: count }, (_, i) => {
    const place = f.local("i32");
    f.get(table)
      .memory("i32.load", 4 * i)
      .set(place);
    return place;
  });
}

/** Four steps of each row, contiguous there: one load for all four. */
function spreadRows(f: FunctionBuilder, rows: readonly Local[], depths: Local, out: Local): void {
  const [offset, four] = [f.local("i32"), f.local("v128")];
  f.get(depths).memory("i32.load").set(offset);
  rows.forEach((row, r) => {
    f.get(row).get(offset).op("i32.add").memory("v128.load").set(four);
    for (let at = 0; at < 4; at++) {
      f.get(out)
        .get(four)
        .get(four)
        .shuffle(bytesOfLanes([at, at, at, at], 4));
      f.memory("v128.store", SPLAT_STEP * at + 16 * r);
    }
  });
}

/**
 * The function `(columns, depths, count, out)`: packs one panel, two vectors of columns whose addresses stand in the table
 * `columns`, along the offsets in the table `depths`.
 */
export function packPanelFunction(module: ModuleBuilder, element: ProductElement): FunctionHandle {
  return module.shared(`product panel ${element.dtype}`, ["i32", "i32", "i32", "i32"], [], (f) => {
    const [table, depths, count, out] = f.parameters as [Local, Local, Local, Local];
    const columns = loadPlaces(f, table, element.columns);
    const next = (steps: number): void => {
      advance(f, depths, 4 * steps);
      advance(f, out, TILE_ROW_BYTES * steps);
    };
    if (element.bytes > 1) {
      copyContiguous(f, element, table, () => {
        whileRemain(f, count, 1, () => {
          copyStep(f, columns[0]!, depths, out);
          next(1);
        });
      });
      whileRemain(f, count, 4, () => {
        pushIsRun(f, depths, element.bytes);
        f.if(
          () => transposeSteps(f, element, columns, depths, out),
          () => {
            for (let at = 0; at < 4; at++) gatherStep(f, element, columns, depths, out, at);
          },
        );
        next(4);
      });
    }
    whileRemain(f, count, 1, () => {
      gatherStep(f, element, columns, depths, out, 0);
      next(1);
    });
  });
}

/** Does `body`, which leaves nothing to do, if the panel's columns are contiguous. */
function copyContiguous(f: FunctionBuilder, element: ProductElement, table: Local, body: () => void): void {
  pushIsRun(f, table, element.bytes);
  if (element.columns === 8) {
    const second = f.local("i32");
    f.get(table).i32(16).op("i32.add").set(second);
    pushIsRun(f, second, element.bytes);
    f.op("i32.and");
    f.get(second).memory("i32.load").get(table).memory("i32.load").op("i32.sub").i32(16).op("i32.eq");
    f.op("i32.and");
  }
  f.if(body);
}

/** One step of a panel whose columns are contiguous. */
function copyStep(f: FunctionBuilder, column: Local, depths: Local, out: Local): void {
  const place = f.local("i32");
  f.get(depths).memory("i32.load").get(column).op("i32.add").set(place);
  for (const bytes of [0, 16]) {
    f.get(out).get(place).memory("v128.load", bytes).memory("v128.store", bytes);
  }
}

/** One step of a panel, element by element. */
function gatherStep(
  f: FunctionBuilder,
  { bytes, packedBytes }: ProductElement,
  columns: readonly Local[],
  depths: Local,
  out: Local,
  at: number,
): void {
  const load = bytes === 8 ? "i64.load" : bytes === 4 ? "i32.load" : "i32.load8_u";
  const offset = f.local("i32");
  f.get(depths)
    .memory("i32.load", 4 * at)
    .set(offset);
  columns.forEach((column, c) => {
    f.get(out).get(column).get(offset).op("i32.add").memory(load);
    f.memory(packedBytes === 8 ? "i64.store" : "i32.store", TILE_ROW_BYTES * at + packedBytes * c);
  });
}

/** Four steps of a panel, contiguous in every column: squares that are transposed in registers. */
function transposeSteps(
  f: FunctionBuilder,
  { bytes }: ProductElement,
  columns: readonly Local[],
  depths: Local,
  out: Local,
): void {
  const offset = f.local("i32");
  f.get(depths).memory("i32.load").set(offset);
  const side = 16 / bytes;
  for (let first = 0; first < columns.length; first += side) {
    for (let at = 0; at < 4; at += side) {
      const square = columns.slice(first, first + side).map((column) => {
        const line = f.local("v128");
        f.get(column)
          .get(offset)
          .op("i32.add")
          .memory("v128.load", bytes * at)
          .set(line);
        return line;
      });
      const turned = side === 4 ? transposeFour(f, square) : transposeTwo(f, square);
      turned.forEach((line, i) => {
        f.get(out)
          .get(line)
          .memory("v128.store", TILE_ROW_BYTES * (at + i) + bytes * first);
      });
    }
  }
}

function shuffled(f: FunctionBuilder, x: Local, y: Local, lanes: readonly number[], width: number): Local {
  const result = f.local("v128");
  f.get(x).get(y).shuffle(bytesOfLanes(lanes, width)).set(result);
  return result;
}

const transposeTwo = (f: FunctionBuilder, [x, y]: readonly Local[]): Local[] =>
  [0, 1].map((lane) => shuffled(f, x!, y!, [lane, lane + 2], 8));

function transposeFour(f: FunctionBuilder, [a, b, c, d]: readonly Local[]): Local[] {
  const [left, right] = [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ];
  return [left!, right!].flatMap((lanes) =>
    transposeTwo(f, [shuffled(f, a!, b!, lanes, 4), shuffled(f, c!, d!, lanes, 4)]),
  );
}
