/**
 * @file Running sums and products: every line along the axis is one sequence, kept in float64 and rounded as it is stored;
 * neighbouring lines are walked side by side.
 */
import type { OpNode } from "../../compile/program.js";
import { sizeOf } from "../../core/shape.js";
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, loadFour } from "./fours.js";
import { demote, promote } from "./laneCasts.js";
import { constantFour } from "./lanes.js";
import {
  type Columns,
  computed,
  copied,
  eachColumns,
  firstNumbers,
  lesser,
  replace,
  routineOf,
  type WordReader,
} from "./opaqueRoutine.js";
import type { Rendered } from "./routine.js";
import { VectorWriter } from "./vectors.js";

type CumulativeWord =
  | ("source" | "target" | "length" | "inner")
  /** Columns of a unit; units side by side. */
  | ("unitColumns" | "pieces")
  /** Bytes: of all lines side by side, to where walking begins, from there to the next element. */
  | ("lineBytes" | "start" | "step");

interface Running {
  readonly dtype: DType;
  readonly combine: "add" | "mul";
  readonly exclusive: boolean;
}

/** Lines that a unit walks side by side. */
const UNIT_COLUMNS = 64;
/** Nanoseconds, about, for an element. */
const ELEMENT_COST = 0.6;

export function renderCumulative({ inputs, attrs }: OpNode, combine: "add" | "mul"): Rendered | null {
  const { shape, dtype, size } = inputs[0]!;
  const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean };
  if (dtype !== "float32" && dtype !== "float64" && dtype !== "int32") return null;
  if (size === 0) return { routines: [], temporaries: [] };
  const length = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const step = inner * elementBytes(dtype);
  const pieces = Math.ceil(inner / UNIT_COLUMNS);
  const running: Running = { dtype, combine, exclusive };
  const routine = routineOf<CumulativeWord>({
    key: `running ${combine} ${dtype}${exclusive ? ", exclusive" : ""}`,
    words: {
      ...{ source: { array: 0 }, target: { array: 1 }, length, inner, pieces, unitColumns: UNIT_COLUMNS },
      lineBytes: length * step,
      start: reverse ? (length - 1) * step : 0,
      step: reverse ? -step : step,
    },
    units: sizeOf(shape.slice(0, axis)) * pieces,
    cost: ELEMENT_COST * size,
    write: (f, word, unit) => writeUnit(f, word, unit, running),
  });
  return { routines: [routine], temporaries: [] };
}

function writeUnit(
  f: FunctionBuilder,
  word: WordReader<CumulativeWord>,
  unit: Local,
  running: Running,
): void {
  const { dtype } = running;
  const column = computed(f, () =>
    f.get(unit).get(word("pieces")).op("i32.rem_u").get(word("unitColumns")).op("i32.mul"),
  );
  const left = computed(f, () => f.get(word("inner")).get(column).op("i32.sub"));
  const offset = computed(f, () => {
    f.get(unit).get(word("pieces")).op("i32.div_u").get(word("lineBytes")).op("i32.mul");
    f.get(column).i32(elementBytes(dtype)).op("i32.mul").op("i32.add").get(word("start")).op("i32.add");
  });
  const most = dtype === "float64" ? 2 : 4;
  eachColumns(f, dtype, lesser(f, left, word("unitColumns")), most, (columns) => {
    writeColumns(f, word, offset, columns, running);
  });
}

function writeColumns(
  f: FunctionBuilder,
  word: WordReader<CumulativeWord>,
  offset: Local,
  { fours, at, store }: Columns,
  running: Running,
): void {
  const { dtype, exclusive } = running;
  const { start, next, rounded } = fold(f, running);
  const groups = firstNumbers(fours);
  const values = groups.map(() => copied(f, start));
  const [from, to] = (["source", "target"] as const).map((array) =>
    computed(f, () => f.get(word(array)).get(offset).op("i32.add").get(at).op("i32.add")),
  ) as [Local, Local];
  const i = computed(f, () => f.i32(0));
  f.countTo(i, word("length"), 1, () => {
    for (const group of groups) {
      const value = values[group]!;
      const x = loadFour(f, dtype, from, 4 * group * elementBytes(dtype));
      if (exclusive) store(to, group, rounded(value));
      replace(f, value, next(value, x));
      if (!exclusive) store(to, group, rounded(value));
    }
    for (const pointer of [from, to]) f.get(pointer).get(word("step")).op("i32.add").set(pointer);
  });
}

interface Fold {
  readonly start: Four;
  next(value: Four, x: Four): Four;
  rounded(value: Four): Four;
}

function fold(f: FunctionBuilder, { dtype, combine }: Running): Fold {
  const v = new VectorWriter(f, "f64x2", false);
  const neutral = combine === "add" ? 0 : 1;
  const same = (value: Four): Four => value;
  if (dtype === "int32") {
    const next = (value: Four, x: Four): Four => [v.op(`i32x4.${combine}`, value[0]!, x[0]!)];
    return { start: constantFour(f, dtype, neutral), next, rounded: same };
  }
  const start = constantFour(f, "float64", neutral);
  const next = (value: Four, x: Four): Four => value.map((part, i) => v.call(combine, part, x[i]!));
  if (dtype === "float64") return { start, next, rounded: same };
  return {
    start,
    next: (value, x) => next(value, promote(v, x[0]!)),
    rounded: (value) => [demote(v, value)],
  };
}
