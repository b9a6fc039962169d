/**
 * @file Order along the last axis. Each element becomes one integer of 64 bits, its place in the order of numbers above and its
 * index below; a line of them is sorted by merging. All are different, so that equal elements keep their order.
 */
import type { OpNode } from "../../compile/program.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes } from "./fours.js";
import { computed, lesser, routineOf, type WordReader, walkTo } from "./opaqueRoutine.js";
import type { Rendered } from "./routine.js";

type SortWord = "source" | "target" | "length" | "pairs" | "merged";
type SortDType = "float32" | "int32" | "uint8";

/** Nanoseconds, about, to begin a line, and to merge an element once. */
const [LINE_COST, MERGE_COST] = [30, 4];
/** Bytes of an element with its index. */
const PAIR = 8;
/** In the order of numbers, NaN comes after all others, whatever their direction. */
const LAST = 0x7fffffff;

export function renderArgsort({ inputs, attrs }: OpNode): Rendered | null {
  const { shape, size, dtype } = inputs[0]!;
  const { descending } = attrs as { descending: boolean };
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "uint8") return null;
  if (size === 0) return { routines: [], temporaries: [] };
  const length = shape[shape.length - 1]!;
  const lines = size / length;
  const routine = routineOf<SortWord>({
    key: `argsort ${dtype}${descending ? ", descending" : ""}`,
    words: {
      ...{ source: { array: 0 }, target: { array: 1 }, length },
      ...{ pairs: { array: 2 }, merged: { array: 3 } },
    },
    units: lines,
    cost: lines * LINE_COST + size * MERGE_COST * (1 + Math.ceil(Math.log2(length))),
    write: (f, word, unit) => writeLine(f, word, unit, dtype, descending),
  });
  return { routines: [routine], temporaries: [size * PAIR, size * PAIR] };
}

function writeLine(
  f: FunctionBuilder,
  word: WordReader<SortWord>,
  unit: Local,
  dtype: SortDType,
  descending: boolean,
): void {
  const first = computed(f, () => f.get(unit).get(word("length")).op("i32.mul"));
  const at = (array: SortWord, bytes: number): Local =>
    computed(f, () => f.get(first).i32(bytes).op("i32.mul").get(word(array)).op("i32.add"));
  const [pairs, merged] = [at("pairs", PAIR), at("merged", PAIR)];
  writePairs(f, word("length"), at("source", elementBytes(dtype)), pairs, dtype, descending);
  const total = computed(f, () => f.get(word("length")).i32(PAIR).op("i32.mul"));
  const width = computed(f, () => f.i32(PAIR));
  const swapped = f.local("i32");
  f.block((sorted) => {
    f.loop((again) => {
      f.get(width).get(total).op("i32.ge_s").branchIf(sorted);
      mergeRuns(f, pairs, merged, width, total);
      f.get(pairs).set(swapped).get(merged).set(pairs).get(swapped).set(merged);
      f.get(width).i32(1).op("i32.shl").set(width).branch(again);
    });
  });
  const target = at("target", elementBytes("int32"));
  const end = computed(f, () => f.get(pairs).get(total).op("i32.add"));
  walkTo(f, pairs, end, PAIR, () => {
    f.get(target).get(pairs).memory("i32.load").memory("i32.store");
    f.get(target).i32(elementBytes("int32")).op("i32.add").set(target);
  });
}

/** Writes a line's elements with their indices. */
function writePairs(
  f: FunctionBuilder,
  length: Local,
  source: Local,
  pairs: Local,
  dtype: SortDType,
  descending: boolean,
): void {
  const index = computed(f, () => f.i32(0));
  const address = computed(f, () => f.get(pairs));
  f.countTo(index, length, 1, () => {
    const order = orderOf(f, source, dtype, descending);
    f.get(address).get(index).memory("i32.store");
    f.get(address)
      .get(order)
      .memory("i32.store", PAIR / 2);
    f.get(source).i32(elementBytes(dtype)).op("i32.add").set(source);
    f.get(address).i32(PAIR).op("i32.add").set(address);
  });
}

/** An integer that grows as the element does, or falls as it grows. */
function orderOf(f: FunctionBuilder, source: Local, dtype: SortDType, descending: boolean): Local {
  const order = f.local("i32");
  const turn = (): void => {
    if (descending) f.get(order).i32(-1).op("i32.xor").set(order);
  };
  if (dtype !== "float32") {
    f.get(source)
      .memory(dtype === "uint8" ? "i32.load8_u" : "i32.load")
      .set(order);
    turn();
    return order;
  }
  const value = f.local("f32");
  f.get(source).memory("f32.load").tee(value).get(value).op("f32.ne");
  f.if(
    () => f.i32(LAST).set(order),
    () => {
      // Zero is added since both zeros are equal. Bits of negative numbers grow as they fall.
      f.get(value).f32(0).op("f32.add").op("i32.reinterpret_f32").tee(order);
      f.get(order).i32(31).op("i32.shr_s").i32(LAST).op("i32.and").op("i32.xor").set(order);
      turn();
    },
  );
  return order;
}

/** Merges runs of `width` bytes by twos. */
function mergeRuns(f: FunctionBuilder, from: Local, to: Local, width: Local, total: Local): void {
  const low = computed(f, () => f.i32(0));
  const out = computed(f, () => f.get(to));
  const endOf = (start: Local): Local => {
    const end = computed(f, () => f.get(start).get(width).op("i32.add"));
    return lesser(f, end, total);
  };
  const addressOf = (offset: Local): Local => computed(f, () => f.get(from).get(offset).op("i32.add"));
  f.block((done) => {
    f.loop((again) => {
      f.get(low).get(total).op("i32.ge_s").branchIf(done);
      const middle = endOf(low);
      const high = endOf(middle);
      mergeTwo(f, addressOf(low), addressOf(middle), addressOf(high), out);
      f.get(high).set(low).branch(again);
    });
  });
}

/** Merges the run up to `middle` with the one from there up to `end`. Moves `left` and `out`. */
function mergeTwo(f: FunctionBuilder, left: Local, middle: Local, end: Local, out: Local): void {
  const right = computed(f, () => f.get(middle));
  const [a, b, takesLeft] = [f.local("i64"), f.local("i64"), f.local("i32")];
  f.block((done) => {
    f.loop((again) => {
      f.get(left).get(middle).op("i32.eq").branchIf(done);
      f.get(right).get(end).op("i32.eq").branchIf(done);
      f.get(left).memory("i64.load").set(a).get(right).memory("i64.load").set(b);
      f.get(a).get(b).op("i64.lt_s").set(takesLeft);
      f.get(out).get(a).get(b).get(takesLeft).op("select").memory("i64.store");
      f.get(out).i32(PAIR).op("i32.add").set(out);
      // No branch that a processor would have to guess.
      const step = computed(f, () => f.get(takesLeft).i32(3).op("i32.shl"));
      f.get(left).get(step).op("i32.add").set(left);
      f.get(right).i32(PAIR).op("i32.add").get(step).op("i32.sub").set(right).branch(again);
    });
  });
  for (const [rest, restEnd] of [
    [left, middle],
    [right, end],
  ] as const) {
    walkTo(f, rest, restEnd, PAIR, () => {
      f.get(out).get(rest).memory("i64.load").memory("i64.store");
      f.get(out).i32(PAIR).op("i32.add").set(out);
    });
  }
}
