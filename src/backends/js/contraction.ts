/**
 * @file Contractions in JavaScript. Whatever the loops, each output is one sum along k, taken in order, kept in float64 and
 * rounded once; so all the ways below give the same numbers.
 */
import { arrayConstructor, type DType, type TypedArray } from "../../core/dtype.js";
import type { Attrs, ContractionLoop, ContractionOp } from "../../core/op.js";
import { Tensor } from "../../core/tensor.js";

/** One loop: its length, and how far each array moves per step. */
type Loop = Pick<ContractionLoop, "size" | "a" | "b" | "out">;

/** All loops of a contraction, sorted out: one m, one n, one k where they merge; the rest around or along them. */
interface Nest {
  readonly m: Loop;
  readonly n: Loop;
  readonly k: Loop;
  /** Loops around the product of two matrices. */
  readonly outer: readonly Loop[];
  /** Loops of the sum around k. */
  readonly summed: readonly Loop[];
}

const ONCE: Loop = { size: 1, a: 0, b: 0, out: 0 };

/** Two nested loops as one, if the outer goes on where the inner ends. */
function merged(outer: Loop, inner: Loop): Loop | null {
  if (outer.size === 1) return inner;
  if (inner.size === 1) return outer;
  const { size } = inner;
  const fits = outer.a === inner.a * size && outer.b === inner.b * size && outer.out === inner.out * size;
  return fits ? { size: outer.size * size, a: inner.a, b: inner.b, out: inner.out } : null;
}

function nestOf(loops: readonly ContractionLoop[]): Nest {
  const inner: Record<ContractionLoop["role"], Loop> = { batch: ONCE, m: ONCE, n: ONCE, k: ONCE };
  let outer: Loop[] = NO_LOOPS;
  let summed: Loop[] = NO_LOOPS;
  for (let i = 0; i < loops.length; i++) {
    const loop = loops[i]!;
    const both = merged(inner[loop.role], loop);
    if (both === null) {
      if (loop.role === "k") summed = [...summed, inner.k];
      else outer = [...outer, inner[loop.role]];
    }
    inner[loop.role] = both ?? loop;
  }
  if (inner.batch.size !== 1) outer = [...outer, inner.batch];
  return { m: inner.m, n: inner.n, k: inner.k, outer, summed };
}
const NO_LOOPS: Loop[] = [];

/** Calls `visit` for every combination of some loops' indices, with the offsets they make. */
function eachOffset(loops: readonly Loop[], visit: (a: number, b: number, out: number) => void): void {
  const walk = (depth: number, a: number, b: number, out: number): void => {
    const loop = loops[depth];
    if (loop === undefined) visit(a, b, out);
    else
      for (let i = 0; i < loop.size; i++) walk(depth + 1, a + i * loop.a, b + i * loop.b, out + i * loop.out);
  };
  walk(0, 0, 0, 0);
}

/** The operands of one product of matrices: arrays, and where each begins. */
interface Place {
  readonly a: TypedArray;
  readonly b: TypedArray;
  readonly out: TypedArray;
  atA: number;
  atB: number;
  atOut: number;
}

/** Dot products along k, four columns at a time. */
function dots({ a, b, out, atA, atB, atOut }: Place, { m, n, k }: Nest): void {
  const [length, stepA, stepB, column] = [k.size, k.a, k.b, n.b];
  for (let i = 0; i < m.size; i++) {
    const row = atA + i * m.a;
    const to = atOut + i * m.out;
    let j = 0;
    for (; j + 4 <= n.size; j += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let l = 0, p = row, q = atB + j * column; l < length; l++, p += stepA, q += stepB) {
        const x = a[p]!;
        s0 += x * b[q]!;
        s1 += x * b[q + column]!;
        s2 += x * b[q + 2 * column]!;
        s3 += x * b[q + 3 * column]!;
      }
      out[to + j * n.out] = s0;
      out[to + (j + 1) * n.out] = s1;
      out[to + (j + 2) * n.out] = s2;
      out[to + (j + 3) * n.out] = s3;
    }
    for (; j < n.size; j++) {
      let sum = 0;
      for (let l = 0, p = row, q = atB + j * column; l < length; l++, p += stepA, q += stepB)
        sum += a[p]! * b[q]!;
      out[to + j * n.out] = sum;
    }
  }
}

/** The same in 32-bit integers that wrap; uint8 wraps once more when it is stored. */
function integerDots({ a, b, out, atA, atB, atOut }: Place, { m, n, k }: Nest): void {
  for (let i = 0; i < m.size; i++) {
    for (let j = 0; j < n.size; j++) {
      let sum = 0;
      for (let l = 0, p = atA + i * m.a, q = atB + j * n.b; l < k.size; l++, p += k.a, q += k.b) {
        sum = (sum + Math.imul(a[p]!, b[q]!)) | 0;
      }
      out[atOut + i * m.out + j * n.out] = sum;
    }
  }
}

/** Columns of a panel, and rows that are multiplied by it together: eight sums stay in registers. */
const PANEL = 4;

/** Four columns of `b` side by side, in the order the sum takes them; missing ones are zeros. */
function packPanel(panel: Float64Array, b: TypedArray, start: number, columns: number, { n, k }: Nest): void {
  for (let c = 0; c < PANEL; c++) {
    if (c >= columns) for (let l = 0, p = c; l < k.size; l++, p += PANEL) panel[p] = 0;
    else for (let l = 0, p = c, q = start + c * n.b; l < k.size; l++, p += PANEL, q += k.b) panel[p] = b[q]!;
  }
}

/** The rows of `a` one after the other. */
function packRows(packed: Float64Array, a: TypedArray, start: number, { m, k }: Nest): void {
  for (let i = 0, p = 0; i < m.size; i++) {
    for (let l = 0, q = start + i * m.a; l < k.size; l++, q += k.a) packed[p++] = a[q]!;
  }
}

/** Scratch of one contraction, shared by its batches. */
interface Packing {
  readonly panel: Float64Array;
  /** Null: the rows of `a` are contiguous as they are. */
  readonly rows: Float64Array | null;
}

/** Large products: panels of four columns, packed, times pairs of rows. */
function blocked(place: Place, nest: Nest, { panel, rows }: Packing): void {
  const { m, n, k } = nest;
  if (rows !== null) packRows(rows, place.a, place.atA, nest);
  const [a, base, step] = rows === null ? [place.a, place.atA, m.a] : [rows, 0, k.size];
  for (let j = 0; j < n.size; j += PANEL) {
    const columns = Math.min(PANEL, n.size - j);
    packPanel(panel, place.b, place.atB + j * n.b, columns, nest);
    for (let i = 0; i < m.size; i += 2) {
      const row = base + i * step;
      const to = place.atOut + i * m.out + j * n.out;
      // An odd last row is its own partner.
      const partner = i + 1 < m.size ? 1 : 0;
      twoRows(
        a,
        row,
        row + partner * step,
        k.size,
        panel,
        place.out,
        to,
        to + partner * m.out,
        n.out,
        columns,
      );
    }
  }
}

/** Two rows times one panel. */
function twoRows(
  a: TypedArray,
  p: number,
  q: number,
  length: number,
  panel: Float64Array,
  out: TypedArray,
  to: number,
  to2: number,
  step: number,
  columns: number,
): void {
  let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let l = 0, r = 0; l < length; l++, r += PANEL) {
    const x = a[p + l]!;
    const y = a[q + l]!;
    const b0 = panel[r]!;
    const b1 = panel[r + 1]!;
    const b2 = panel[r + 2]!;
    const b3 = panel[r + 3]!;
    s0 += x * b0;
    s1 += x * b1;
    s2 += x * b2;
    s3 += x * b3;
    t0 += y * b0;
    t1 += y * b1;
    t2 += y * b2;
    t3 += y * b3;
  }
  store(out, to, step, columns, s0, s1, s2, s3);
  store(out, to2, step, columns, t0, t1, t2, t3);
}

function store(
  out: TypedArray,
  to: number,
  step: number,
  columns: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  out[to] = a;
  if (columns > 1) out[to + step] = b;
  if (columns > 2) out[to + 2 * step] = c;
  if (columns > 3) out[to + 3 * step] = d;
}

/** Sums over several loops that do not merge into one: offsets along them are worked out once. */
function summedDots(place: Place, { m, n, k, summed }: Nest, integer: boolean): void {
  const [alongA, alongB]: [number[], number[]] = [[], []];
  eachOffset([...summed, k], (a, b) => {
    alongA.push(a);
    alongB.push(b);
  });
  const { a, b, out, atA, atB, atOut } = place;
  for (let i = 0; i < m.size; i++) {
    for (let j = 0; j < n.size; j++) {
      const [p, q] = [atA + i * m.a, atB + j * n.b];
      let sum = 0;
      if (integer)
        for (let l = 0; l < alongA.length; l++)
          sum = (sum + Math.imul(a[p + alongA[l]!]!, b[q + alongB[l]!]!)) | 0;
      else for (let l = 0; l < alongA.length; l++) sum += a[p + alongA[l]!]! * b[q + alongB[l]!]!;
      out[atOut + i * m.out + j * n.out] = sum;
    }
  }
}

/** a · b as bᵀ · aᵀ, so that the longer side has the columns. */
const swapSides = (loop: Loop): Loop => ({ size: loop.size, a: loop.b, b: loop.a, out: loop.out });
function swapped(nest: Nest): Nest {
  const [outer, summed] = [nest.outer.map(swapSides), nest.summed.map(swapSides)];
  return { m: swapSides(nest.n), n: swapSides(nest.m), k: swapSides(nest.k), outer, summed };
}

/** Below this many products, packing costs more than it saves. */
const SMALL = 4096;

/** An array of numbers, and where in it a contraction begins. */
export interface Factor {
  readonly data: TypedArray;
  readonly offset: number;
}

/** Computes a contraction: picks the way for one nest of loops, once for all its batches. */
export function contract(
  out: TypedArray,
  first: Factor,
  second: Factor,
  allLoops: readonly ContractionLoop[],
  dtype: DType,
): void {
  const integer = dtype === "int32" || dtype === "uint8";
  const loops = nestOf(allLoops);
  const turned = loops.n.size < PANEL && loops.m.size > loops.n.size;
  const nest = turned ? swapped(loops) : loops;
  const { m, n, k, outer, summed } = nest;
  const [{ data: a, offset: startA }, { data: b, offset: startB }] = turned
    ? [second, first]
    : [first, second];
  const place: Place = { a, b, out, atA: startA, atB: startB, atOut: 0 };
  const large = summed.length === 0 && !integer && m.size >= PANEL && m.size * n.size * k.size >= SMALL;
  const packing: Packing | null = large
    ? { panel: new Float64Array(PANEL * k.size), rows: k.a === 1 ? null : new Float64Array(m.size * k.size) }
    : null;
  if (outer.length === 0) computeOne(place, nest, packing, integer);
  else {
    eachOffset(outer, (alongA, alongB, to) => {
      place.atA = startA + alongA;
      place.atB = startB + alongB;
      place.atOut = to;
      computeOne(place, nest, packing, integer);
    });
  }
}

function computeOne(place: Place, nest: Nest, packing: Packing | null, integer: boolean): void {
  if (packing !== null) blocked(place, nest, packing);
  else if (nest.summed.length > 0) summedDots(place, nest, integer);
  else if (integer) integerDots(place, nest);
  else dots(place, nest);
}

/** The runner of a contraction. */
export function bindContraction(op: ContractionOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  return ([a, b], attrs) => {
    const specs = [a!.spec, b!.spec];
    const spec = op.infer(specs, attrs)[0]!;
    const out = new (arrayConstructor(spec.dtype))(spec.size);
    const first = { data: a!.storage, offset: 0 };
    const second = { data: b!.storage, offset: 0 };
    contract(out, first, second, op.loops(specs, attrs), spec.dtype);
    return new Tensor(out, spec);
  };
}
