/**
 * @file Sums over segments. The rows are put in the order of their segments first, so that each segment's sum is one unit's: in
 * the rows' own order, in float64, rounded once.
 */
import type { OpNode } from "../../compile/program.js";
import type { Flat } from "../../core/op.js";
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, loadFour } from "./fours.js";
import { demote, promote } from "./laneCasts.js";
import { constantFour } from "./lanes.js";
import {
  computed,
  copied,
  eachColumns,
  firstNumbers,
  lesser,
  replace,
  routineOf,
  type WordReader,
  walkTo,
} from "./opaqueRoutine.js";
import type { Rendered, Routine } from "./routine.js";
import { VectorWriter } from "./vectors.js";

/** A unit sums about so many elements. */
const UNIT_ELEMENTS = 4096;
/** Nanoseconds, about, to put a row in order; to count a segment; to add an element. */
const [ROW_COST, SEGMENT_COST, ELEMENT_COST] = [3, 2, 0.3];
const WORD = 4;

/** Arrays: data, ids, y, where each segment's rows end, the rows' offsets in order. */
const [DATA, IDS, TARGET, ENDS, ORDER] = [0, 1, 2, 3, 4];

export function renderSegmentSum({ inputs, outputs, attrs }: OpNode): Rendered | null {
  const [data, ids] = inputs;
  const { dtype, size } = outputs[0]!;
  const { numSegments: segments } = attrs as { numSegments: number };
  if (ids!.dtype !== "int32" || !["float32", "float64", "int32"].includes(dtype)) return null;
  const accepts = (given: readonly Flat[]): boolean => given[1]!.data.every((id) => id < segments);
  if (size === 0) return { routines: [], temporaries: [], accepts };
  const columns = size / segments;
  const rowBytes = columns * elementBytes(dtype);
  return {
    routines: [orderRoutine(ids!.size, segments, rowBytes), sumRoutine(dtype, segments, columns, data!.size)],
    temporaries: [countersBytes(segments), ids!.size * WORD],
    accepts,
  };
}

/** One counter more than segments at either end, and up to a whole vector. */
const countersBytes = (segments: number): number => Math.ceil(((segments + 2) * WORD) / 16) * 16;

type OrderWord = "ids" | "idsBytes" | "ends" | "endsBytes" | "order" | "rowBytes";

/** Puts the offsets of rows in the order of their segments: counts, sums up the counts, deals out. */
const orderRoutine = (rows: number, segments: number, rowBytes: number): Routine =>
  routineOf<OrderWord>({
    key: "segments: order",
    words: {
      ...{ ids: { array: IDS }, ends: { array: ENDS }, order: { array: ORDER } },
      ...{ idsBytes: rows * WORD, endsBytes: countersBytes(segments), rowBytes },
    },
    units: 1,
    cost: ROW_COST * rows + SEGMENT_COST * segments,
    write: writeOrder,
  });

function writeOrder(f: FunctionBuilder, word: WordReader<OrderWord>): void {
  const endOf = (start: "ids" | "ends"): Local =>
    computed(f, () =>
      f
        .get(word(start))
        .get(word(`${start}Bytes`))
        .op("i32.add"),
    );
  const [idsEnd, endsEnd] = [endOf("ids"), endOf("ends")];
  const cursor = computed(f, () => f.get(word("ends")));
  walkTo(f, cursor, endsEnd, 16, () => f.get(cursor).i32x4(0).memory("v128.store"));
  /** For each row that has a segment: `body` with the address of the segment's counter. */
  const eachRow = (body: (counter: Local) => void): void => {
    const [id, counter] = [f.local("i32"), f.local("i32")];
    f.get(word("ids")).set(cursor);
    walkTo(f, cursor, idsEnd, WORD, () => {
      f.get(cursor).memory("i32.load").tee(id).i32(0).op("i32.ge_s");
      f.if(() => {
        f.get(id).i32(2).op("i32.shl").get(word("ends")).op("i32.add").set(counter);
        body(counter);
      });
    });
  };
  // Counted two places further on: there each sum is where the next segment's rows begin …
  eachRow((counter) => {
    f.get(counter)
      .get(counter)
      .memory("i32.load", 2 * WORD)
      .i32(1)
      .op("i32.add")
      .memory("i32.store", 2 * WORD);
  });
  const total = computed(f, () => f.i32(0));
  f.get(word("ends")).set(cursor);
  walkTo(f, cursor, endsEnd, WORD, () => {
    f.get(cursor).get(cursor).memory("i32.load").get(total).op("i32.add").tee(total).memory("i32.store");
  });
  // … and one place further on it moves, as rows are dealt out, from where the segment's rows begin to where they end.
  const place = f.local("i32");
  eachRow((counter) => {
    f.get(counter).memory("i32.load", WORD).set(place);
    f.get(counter).get(place).i32(1).op("i32.add").memory("i32.store", WORD);
    f.get(place).i32(2).op("i32.shl").get(word("order")).op("i32.add");
    f.get(cursor).get(word("ids")).op("i32.sub").i32(2).op("i32.shr_u").get(word("rowBytes")).op("i32.mul");
    f.memory("i32.store");
  });
}

type SumWord = "data" | "target" | "ends" | "order" | "segments" | "unitSegments" | "columns";

function sumRoutine(dtype: DType, segments: number, columns: number, elements: number): Routine {
  const unitSegments = Math.ceil((UNIT_ELEMENTS * segments) / (segments * columns + elements));
  return routineOf<SumWord>({
    key: `segments: sum ${dtype}`,
    words: {
      ...{ data: { array: DATA }, target: { array: TARGET }, ends: { array: ENDS }, order: { array: ORDER } },
      ...{ segments, unitSegments, columns },
    },
    units: Math.ceil(segments / unitSegments),
    cost: ELEMENT_COST * (segments * columns + elements),
    write: (f, word, unit) => writeUnit(f, word, unit, dtype),
  });
}

function writeUnit(f: FunctionBuilder, word: WordReader<SumWord>, unit: Local, dtype: DType): void {
  const segment = computed(f, () => f.get(unit).get(word("unitSegments")).op("i32.mul"));
  const next = computed(f, () => f.get(segment).get(word("unitSegments")).op("i32.add"));
  const last = lesser(f, next, word("segments"));
  const rowBytes = computed(f, () => f.get(word("columns")).i32(elementBytes(dtype)).op("i32.mul"));
  const target = computed(f, () =>
    f.get(segment).get(rowBytes).op("i32.mul").get(word("target")).op("i32.add"),
  );
  f.countTo(segment, last, 1, () => {
    const orderAt = (offset: number): Local =>
      computed(f, () => {
        f.get(segment).i32(2).op("i32.shl").get(word("ends")).op("i32.add").memory("i32.load", offset);
        f.i32(2).op("i32.shl").get(word("order")).op("i32.add");
      });
    writeSegment(f, word, dtype, target, orderAt(0), orderAt(WORD));
    f.get(target).get(rowBytes).op("i32.add").set(target);
  });
}

/** The sum of the rows whose offsets stand from `first` up to `end`. */
function writeSegment(
  f: FunctionBuilder,
  word: WordReader<SumWord>,
  dtype: DType,
  target: Local,
  first: Local,
  end: Local,
): void {
  const sum = sumOf(f, dtype);
  const cursor = f.local("i32");
  eachColumns(f, dtype, word("columns"), dtype === "float64" ? 2 : 4, ({ fours, at, store }) => {
    const groups = firstNumbers(fours);
    const sums = groups.map(() => copied(f, sum.zero));
    f.get(first).set(cursor);
    walkTo(f, cursor, end, WORD, () => {
      const row = computed(f, () =>
        f.get(cursor).memory("i32.load").get(word("data")).op("i32.add").get(at).op("i32.add"),
      );
      for (const group of groups) {
        const value = loadFour(f, dtype, row, 4 * group * elementBytes(dtype));
        replace(f, sums[group]!, sum.add(sums[group]!, value));
      }
    });
    const to = computed(f, () => f.get(target).get(at).op("i32.add"));
    for (const group of groups) store(to, group, sum.round(sums[group]!));
  });
}

/** How four elements are summed. */
interface Sum {
  readonly zero: Four;
  add(sum: Four, value: Four): Four;
  round(sum: Four): Four;
}

function sumOf(f: FunctionBuilder, dtype: DType): Sum {
  const doubles = new VectorWriter(f, "f64x2", false);
  const add = (sum: Four, value: Four): Four => sum.map((part, i) => doubles.add(part, value[i]!));
  if (dtype === "int32") {
    return {
      zero: constantFour(f, "int32", 0),
      add: (sum, value) => [doubles.op("i32x4.add", sum[0]!, value[0]!)],
      round: (sum) => sum,
    };
  }
  const zero = constantFour(f, "float64", 0);
  if (dtype === "float64") return { zero, add, round: (sum) => sum };
  return {
    zero,
    add: (sum, value) => add(sum, promote(doubles, value[0]!)),
    round: (sum) => [demote(doubles, sum)],
  };
}
