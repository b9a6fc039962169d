/**
 * @file Products with few results: a dot product for each, where tiles would be mostly empty.
 */
import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "./assembler.js";
import { multiplyAdd, type ProductElement } from "./contractElement.js";

const SUMS = 4;

/** The scalar counterparts of an element's vectors. */
const scalarOf = ({ vector }: ProductElement) => vector.slice(0, 3) as "f32" | "f64" | "i32";

/**
 * The function `(row, column, rowDepths, columnDepths, count, runs, out, keep)`: the sum of `count` products along k, of a row
 * and a column that begin at two addresses, at the offsets in two tables; where `runs` says so both are contiguous. Goes to
 * `out`, added to what stands there if `keep` is not 0.
 */
export function dotFunction(module: ModuleBuilder, element: ProductElement): FunctionHandle {
  return module.shared(
    `product dot ${element.dtype}${element.fused ? " fused" : ""}`,
    Array(8).fill("i32"),
    [],
    (f) => writeDot(f, element),
  );
}

function writeDot(f: FunctionBuilder, element: ProductElement): void {
  const [row, column, rowDepths, columnDepths, count, runs, out, keep] = f.parameters as Local[];
  const scalar = scalarOf(element);
  const sum = f.local(scalar);
  const [x, y] = [f.local("i32"), f.local("i32")];
  f.get(keep!).if(() => f.get(out!).memory(`${scalar}.load`).set(sum));
  if (element.bytes > 1) {
    f.get(runs!).if(() => {
      f.get(rowDepths!).memory("i32.load").get(row!).op("i32.add").set(x);
      f.get(columnDepths!).memory("i32.load").get(column!).op("i32.add").set(y);
      addRuns(f, element, { x, y, count: count!, sum });
    });
  }
  f.block((done) => {
    f.loop((again) => {
      f.get(count!).i32(0).op("i32.le_s").branchIf(done);
      f.get(rowDepths!).memory("i32.load").get(row!).op("i32.add").set(x);
      f.get(columnDepths!).memory("i32.load").get(column!).op("i32.add").set(y);
      addOne(f, element, x, y, sum);
      for (const table of [rowDepths!, columnDepths!]) f.get(table).i32(4).op("i32.add").set(table);
      f.get(count!).i32(1).op("i32.sub").set(count!).branch(again);
    });
  });
  f.get(out!).get(sum).memory(`${scalar}.store`);
}

function addOne(f: FunctionBuilder, element: ProductElement, x: Local, y: Local, sum: Local): void {
  const scalar = scalarOf(element);
  const load = element.bytes === 1 ? "i32.load8_u" : `${scalar}.load`;
  f.get(x).memory(load).get(y).memory(load).op(`${scalar}.mul`);
  f.get(sum).op(`${scalar}.add`).set(sum);
}

/** Adds products of contiguous elements, several vectors at a time, then one by one; leaves nothing of `count`. */
function addRuns(
  f: FunctionBuilder,
  element: ProductElement,
  { x, y, count, sum }: Readonly<Record<"x" | "y" | "count" | "sum", Local>>,
): void {
  const sums = Array.from({ length: SUMS }, () => f.local("v128"));
  const [p, q] = [f.local("v128"), f.local("v128")];
  const advance = (elements: number): void => {
    for (const place of [x, y]) {
      f.get(place)
        .i32(elements * element.bytes)
        .op("i32.add")
        .set(place);
    }
    f.get(count).i32(elements).op("i32.sub").set(count);
  };
  const whileRemain = (elements: number, body: () => void): void => {
    f.block((done) => {
      f.loop((again) => {
        f.get(count).i32(elements).op("i32.lt_s").branchIf(done);
        body();
        advance(elements);
        f.branch(again);
      });
    });
  };
  for (const part of sums) f.i32x4(0).set(part);
  whileRemain((16 / element.bytes) * SUMS, () => {
    sums.forEach((part, i) => {
      f.get(x)
        .memory("v128.load", 16 * i)
        .set(p);
      f.get(y)
        .memory("v128.load", 16 * i)
        .set(q);
      multiplyAdd(f, element, [part, p, q]);
    });
  });
  addLanes(f, element, sums, sum);
  whileRemain(1, () => addOne(f, element, x, y, sum));
}

/** Adds all lanes of some vectors to a scalar. */
function addLanes(f: FunctionBuilder, element: ProductElement, parts: readonly Local[], sum: Local): void {
  const { vector, bytes } = element;
  const scalar = scalarOf(element);
  const [a, b, c, d] = parts as [Local, Local, Local, Local];
  f.get(a).get(b).op(`${vector}.add`).get(c).get(d).op(`${vector}.add`).op(`${vector}.add`).set(a);
  for (let lane = 0; lane < 16 / bytes; lane++) {
    f.get(a).lane(`${vector}.extract_lane`, lane).get(sum).op(`${scalar}.add`).set(sum);
  }
}
