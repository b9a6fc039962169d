/**
 * @file Packing: the factors of a product copied side by side, in the order in which tiles take them.
 */
import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "./assembler.js";
import type { ProductElement } from "./contractElement.js";
import { pushIsRun } from "./contractOffsets.js";

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

/**
 * The function `(lines, depths, count, out)`: packs so many lines — rows of a tile, or columns of a panel — whose addresses stand
 * in the table `lines`, along the offsets in the table `depths`. Of each step the lines' elements lie side by side.
 */
export function packFunction(module: ModuleBuilder, element: ProductElement, width: number): FunctionHandle {
  const key = `product pack ${element.dtype} ${width}`;
  return module.shared(key, ["i32", "i32", "i32", "i32"], [], (f) => {
    const [table, depths, count, out] = f.parameters as [Local, Local, Local, Local];
    const lines = loadPlaces(f, table, width);
    const next = (steps: number): void => {
      advance(f, depths, 4 * steps);
      advance(f, out, width * element.packedBytes * steps);
    };
    if (element.bytes > 1) {
      copyContiguous(f, element, table, width, () => {
        whileRemain(f, count, 1, () => {
          copyStep(f, lines[0]!, depths, out, width * element.bytes);
          next(1);
        });
      });
      whileRemain(f, count, 4, () => {
        pushIsRun(f, depths, element.bytes);
        f.if(
          () => transposeSteps(f, element, lines, depths, out),
          () => {
            for (let at = 0; at < 4; at++) gatherStep(f, element, lines, depths, out, at);
          },
        );
        next(4);
      });
    }
    whileRemain(f, count, 1, () => {
      gatherStep(f, element, lines, depths, out, 0);
      next(1);
    });
  });
}

/** Does `body`, which leaves nothing to do, if the lines are side by side. */
function copyContiguous(
  f: FunctionBuilder,
  element: ProductElement,
  table: Local,
  width: number,
  body: () => void,
): void {
  // Fours that overlap are a run together.
  const fours = [0, 3].filter((first) => first < width - 4).concat(width - 4);
  const place = f.local("i32");
  fours.forEach((first, i) => {
    f.get(table)
      .i32(4 * first)
      .op("i32.add")
      .set(place);
    pushIsRun(f, place, element.bytes);
    if (i > 0) f.op("i32.and");
  });
  f.if(body);
}

/** One step of lines that lie side by side: so many bytes. */
function copyStep(f: FunctionBuilder, line: Local, depths: Local, out: Local, total: number): void {
  const place = f.local("i32");
  f.get(depths).memory("i32.load").get(line).op("i32.add").set(place);
  let done = 0;
  for (const [bytes, type] of [
    [16, "v128"],
    [8, "i64"],
  ] as const) {
    for (; done + bytes <= total; done += bytes)
      f.get(out).get(place).memory(`${type}.load`, done).memory(`${type}.store`, done);
  }
}

/** One step, element by element. */
function gatherStep(
  f: FunctionBuilder,
  { bytes, packedBytes }: ProductElement,
  lines: readonly Local[],
  depths: Local,
  out: Local,
  at: number,
): void {
  const load = bytes === 8 ? "i64.load" : bytes === 4 ? "i32.load" : "i32.load8_u";
  const offset = f.local("i32");
  f.get(depths)
    .memory("i32.load", 4 * at)
    .set(offset);
  lines.forEach((line, i) => {
    f.get(out).get(line).get(offset).op("i32.add").memory(load);
    f.memory(packedBytes === 8 ? "i64.store" : "i32.store", packedBytes * (lines.length * at + i));
  });
}

/** Four steps, contiguous in every line: squares that are transposed in registers, and at last half of one. */
function transposeSteps(
  f: FunctionBuilder,
  { bytes }: ProductElement,
  lines: readonly Local[],
  depths: Local,
  out: Local,
): void {
  const offset = f.local("i32");
  f.get(depths).memory("i32.load").set(offset);
  const side = 16 / bytes;
  const step = bytes * lines.length;
  for (let first = 0; first < lines.length; first += side) {
    for (let at = 0; at < 4; at += side) {
      const square = lines.slice(first, first + side).map((line) => {
        const part = f.local("v128");
        f.get(line)
          .get(offset)
          .op("i32.add")
          .memory("v128.load", bytes * at)
          .set(part);
        return part;
      });
      const place = (i: number): number => step * (at + i) + bytes * first;
      if (square.length < side) storeHalves(f, square, out, place);
      else
        (side === 4 ? transposeFour(f, square) : transposeTwo(f, square)).forEach((part, i) => {
          f.get(out).get(part).memory("v128.store", place(i));
        });
    }
  }
}

/** Four steps of two lines of four bytes an element: half a vector each. */
function storeHalves(
  f: FunctionBuilder,
  [a, b]: readonly Local[],
  out: Local,
  place: (step: number) => number,
): void {
  const pairs = [shuffled(f, a!, b!, [0, 4, 1, 5], 4), shuffled(f, a!, b!, [2, 6, 3, 7], 4)];
  for (let i = 0; i < 4; i++) {
    f.get(out)
      .get(pairs[i >> 1]!)
      .memoryLane("v128.store64_lane", i & 1, place(i));
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
