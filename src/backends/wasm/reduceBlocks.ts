/**
 * @file A block of the tree: up to 256 elements, in eight interleaved lanes, or in sequence if they are few.
 */
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";
import { selectFour } from "./laneCasts.js";
import type { Four } from "./lanes.js";
import { BLOCK, LANES } from "./reducePlan.js";
import type { Fours, StateWriter } from "./reduceStates.js";
import type { ReduceWalk } from "./reduceWalk.js";

/** What a block is written with. */
export interface BlockSetting {
  readonly f: FunctionBuilder;
  readonly writer: StateWriter;
  readonly walk: ReduceWalk;
  readonly combineRows: FunctionHandle;
  /** Number of the block's first element, and how many it has. */
  readonly start: Local;
  readonly length: Local;
  /** Address of the lanes' states; the block's own comes to lie in the first. */
  readonly states: Local;
  /** From one row of states to the next, and how much of a row is in use. */
  readonly rowBytes: Local;
  readonly usedBytes: Local;
}

/** Calls the function that combines rows. */
export function callCombineRows(setting: BlockSetting, target: Local, a: Local, b: Local): void {
  const { f, combineRows, usedBytes } = setting;
  f.get(f.parameters[0]!).get(target).get(a).get(b).get(usedBytes).call(combineRows);
}

/** Four int32: a number, and how far each element is from it. */
function numbers(f: FunctionBuilder, number: Local, ahead: readonly number[]): Four {
  const result = f.local("v128");
  f.get(number)
    .op("i32x4.splat")
    .i32x4(...ahead)
    .op("i32x4.add")
    .set(result);
  return [result];
}

/**
 * A block of a strip of positions: element by element, all positions of one before the next, so that memory is read in its
 * order. Element r goes to lane r mod 8, whose states are a row in memory.
 */
export function writeColumnsBlock(setting: BlockSetting): void {
  const { f, writer, walk, start, length, states, rowBytes } = setting;
  const [width, r, index, row] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  f.i32(1).i32(LANES);
  f.get(length)
    .i32(2 * LANES)
    .op("i32.lt_s")
    .op("select")
    .set(width);
  f.i32(0).set(r);
  f.countTo(r, length, 1, () => {
    f.get(states);
    f.get(r).get(width).i32(1).op("i32.sub").op("i32.and").get(rowBytes).op("i32.mul");
    f.op("i32.add").set(row);
    f.get(start).get(r).op("i32.add").set(index);
    const element = (): Fours =>
      writer.element(
        (name) => walk.inGroup("sources", name),
        () => numbers(f, index, [0]),
      );
    f.get(r).get(width).op("i32.lt_s");
    f.if(
      () => walk.forGroups("sources", () => writer.store(row, element()), [row], writer.bytes),
      () =>
        walk.forGroups(
          "sources",
          () => writer.store(row, writer.combine(writer.load(row), element())),
          [row],
          writer.bytes,
        ),
    );
    walk.advance(1);
  });
  writeRowTree(setting, width);
}

/** Combines the lanes' rows in pairs, then those. */
function writeRowTree(setting: BlockSetting, width: Local): void {
  const { f, states, rowBytes } = setting;
  const [gap, a, b, end] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  f.get(states).get(width).get(rowBytes).op("i32.mul").op("i32.add").set(end);
  f.get(rowBytes).set(gap);
  f.block((done) => {
    f.loop((wider) => {
      f.get(states).get(gap).op("i32.add").tee(b).get(end).op("i32.ge_u").branchIf(done);
      f.get(states).set(a);
      f.loop((next) => {
        f.get(a).get(gap).op("i32.add").set(b);
        callCombineRows(setting, a, a, b);
        f.get(b).get(gap).op("i32.add").tee(a).get(end).op("i32.lt_u").branchIf(next);
      });
      f.get(gap).i32(1).op("i32.shl").set(gap).branch(wider);
    });
  });
}

/** A block of one position: its eight lanes are two times four neighbours. The result is in all four elements. */
export function writeRowsBlock(setting: BlockSetting): void {
  const { f, writer, walk, start, length, states } = setting;
  const [r, index] = [f.local("i32"), f.local("i32")];
  const low = writer.variables();
  const high = writer.variables();
  const element = (ahead: number): Fours =>
    writer.element(
      (name) => walk.beside(name, ahead),
      () => numbers(f, index, [ahead, ahead + 1, ahead + 2, ahead + 3]),
    );
  f.get(start).set(index);
  f.get(length)
    .i32(2 * LANES)
    .op("i32.lt_s");
  f.if(
    () => writeSequence(setting, r, index, low),
    () => {
      const next = (by: number): void => {
        walk.advance(by);
        f.get(index).i32(by).op("i32.add").set(index);
      };
      writer.assign(low, element(0));
      writer.assign(high, element(4));
      next(LANES);
      f.i32(2 * LANES).set(r);
      f.block((done) => {
        f.loop((again) => {
          f.get(r).get(length).op("i32.gt_s").branchIf(done);
          writer.assign(low, writer.combine(low, element(0)));
          writer.assign(high, writer.combine(high, element(4)));
          next(LANES);
          f.get(r).i32(LANES).op("i32.add").set(r).branch(again);
        });
      });
      writeRest(setting, r, { low, high, element });
      writeLaneTree(writer, low, high);
    },
  );
  writer.store(states, low);
}

/** Whole blocks of one position side by side, made one state. They are 2ⁿ, so that the tree has that state too. */
export function writeWholeBlocks({ f, writer, walk, start, states }: BlockSetting, streams: number): void {
  const [r, index] = [f.local("i32"), f.local("i32")];
  const blocks = Array.from({ length: streams }, (_, i) => ({
    ahead: i * BLOCK,
    low: writer.variables(),
    high: writer.variables(),
  }));
  const element = (ahead: number): Fours =>
    writer.element(
      (name) => walk.beside(name, ahead),
      () => numbers(f, index, [ahead, ahead + 1, ahead + 2, ahead + 3]),
    );
  const next = (): void => {
    walk.advance(LANES);
    f.get(index).i32(LANES).op("i32.add").set(index);
    f.get(r).i32(LANES).op("i32.sub").set(r);
  };
  f.get(start).set(index).i32(BLOCK).set(r);
  for (const { ahead, low, high } of blocks) {
    writer.assign(low, element(ahead));
    writer.assign(high, element(ahead + 4));
  }
  next();
  f.loop((again) => {
    for (const { ahead, low, high } of blocks) {
      writer.assign(low, writer.combine(low, element(ahead)));
      writer.assign(high, writer.combine(high, element(ahead + 4)));
    }
    next();
    f.get(r).branchIf(again);
  });
  for (const { low, high } of blocks) writeLaneTree(writer, low, high);
  let level = blocks.map(({ low }) => low);
  while (level.length > 1) {
    level = level.flatMap((a, i) => (i % 2 === 0 ? [writer.combine(a, level[i + 1]!)] : []));
  }
  writer.store(states, level[0]!);
}

/** Few elements, one after the other. */
function writeSequence(
  { f, writer, walk, length }: BlockSetting,
  r: Local,
  index: Local,
  state: Fours,
): void {
  f.i32(0).set(r);
  f.countTo(r, length, 1, () => {
    const value = writer.element(
      (name) => walk.single(name),
      () => numbers(f, index, [0]),
    );
    f.get(r).op("i32.eqz");
    f.if(
      () => writer.assign(state, value),
      () => writer.assign(state, writer.combine(state, value)),
    );
    walk.advance(1);
    f.get(index).i32(1).op("i32.add").set(index);
  });
}

interface Lanes {
  readonly low: Fours;
  readonly high: Fours;
  readonly element: (ahead: number) => Fours;
}

/** The last one to seven elements of a block: lanes that have none stay as they are. `r` is 8 beyond the first of them. */
function writeRest({ f, writer, length }: BlockSetting, r: Local, { low, high, element }: Lanes): void {
  const rest = f.local("i32");
  f.get(length).get(r).op("i32.sub").i32(LANES).op("i32.add").tee(rest).i32(0).op("i32.gt_s");
  f.if(() => {
    for (const [state, ahead] of [
      [low, 0],
      [high, 4],
    ] as const) {
      const mask = f.local("v128");
      f.i32x4(ahead, ahead + 1, ahead + 2, ahead + 3);
      f.get(rest).op("i32x4.splat").op("i32x4.lt_s").set(mask);
      const combined = writer.combine(state, element(ahead));
      writer.assign(state, choose(writer, mask, combined, state));
    }
  });
}

function choose({ f, names, kernel }: StateWriter, mask: Local, yes: Fours, no: Fours): Fours {
  return Object.fromEntries(
    names.map((name) => [name, selectFour(f, kernel.states[name]!, [mask], yes[name]!, no[name]!)]),
  );
}

/** Combines lanes 0 and 1, 2 and 3, …, then those in pairs, then the last two; all four elements of `low` get the result. */
function writeLaneTree(writer: StateWriter, low: Fours, high: Fours): void {
  const pair = (a: Fours, b: Fours, first: readonly number[]): Fours =>
    writer.combine(
      pick(writer, a, b, first),
      pick(
        writer,
        a,
        b,
        first.map((i) => i + 1),
      ),
    );
  const four = pair(low, high, [0, 2, 4, 6]);
  const two = pair(four, four, [0, 2, 0, 2]);
  writer.assign(low, pair(two, two, [0, 0, 0, 0]));
}

/** Four of the eight elements of two times four. */
function pick({ f, names, kernel }: StateWriter, a: Fours, b: Fours, order: readonly number[]): Fours {
  const words = (elements: readonly number[], bytes: number): number[] =>
    elements.flatMap((element) => Array.from({ length: bytes }, (_, i) => element * bytes + i));
  const one = (left: Local, right: Local, bytesInOrder: readonly number[]): Local => {
    const result = f.local("v128");
    f.get(left).get(right).shuffle(bytesInOrder).set(result);
    return result;
  };
  return Object.fromEntries(
    names.map((name) => {
      const [x, y] = [a[name]!, b[name]!];
      if (kernel.states[name] !== "float64") return [name, [one(x[0]!, y[0]!, words(order, 4))]];
      const halves = [...x, ...y];
      const two = (p: number, q: number): Local =>
        one(halves[p >> 1]!, halves[q >> 1]!, words([p & 1, 2 + (q & 1)], 8));
      return [name, [two(order[0]!, order[1]!), two(order[2]!, order[3]!)]];
    }),
  );
}
