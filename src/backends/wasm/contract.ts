/**
 * @file Products as routines: matrix products, einsums and convolutions with their gradients are one piece of code, which
 * finds everything by tables of offsets. Sums run along k in blocks, in one order whatever the units.
 */
import type { ContractKernel, Source, Target } from "../../ir/kernel.js";
import { ArgumentBlock } from "./argumentBlock.js";
import { type ProductElement, productElement, TILE_ROW_BYTES, tileBytes } from "./contractElement.js";
import { tableBytes } from "./contractOffsets.js";
import { type PlannedLoop, type ProductPlan, planProduct } from "./contractPlan.js";
import { writeProduct } from "./contractRoutine.js";
import { writeTotals } from "./contractTotals.js";
import { type ProductCode, WORDS, type Word } from "./contractUnit.js";
import { type AttrPlaces, elementBytes, laneImports, lanesKey, placeAttrs } from "./lanes.js";
import { type Argument, MAX_WORKERS, type Rendered, type Routine } from "./routine.js";

/** Multiplications per nanosecond on one thread, and nanoseconds beside them: what a unit's cost is reckoned from. */
const SPEED = 20;
const UNIT_OVERHEAD = 500;

/** Renders a product. */
export function renderContract(kernel: ContractKernel, options: { readonly relaxed: boolean }): Rendered {
  const { relaxed } = options;
  const { dtype, a, b } = kernel;
  if (a.dtype !== dtype || b.dtype !== dtype) {
    throw new Error(`product: expected factors of ${dtype}, got ${a.dtype} and ${b.dtype}`);
  }
  const element = productElement(dtype, relaxed);
  const plan = planProduct(kernel, element);
  const lanes = kernel.targets.map(({ lane }) => lane);
  const { words, scratchBytes } = wordsOf(kernel, plan, element);
  const { list, attrs } = argumentsOf(kernel, plan, element, words);
  const code: ProductCode = { kernel, element, relaxed, attrs, plain: isPlain(kernel) };
  const { batch, rows, columns, depth, splits } = plan;
  const blocks = batch * rows.count * columns.count;
  const sums = rows.block * columns.block;
  const key = keyOf(kernel, relaxed);
  const shared = { args: list, imports: laneImports(lanes) };
  const routines: Routine[] = [
    {
      ...shared,
      key: `product ${key}`,
      write: (f) => writeProduct(f, code),
      units: blocks * splits,
      unitCost: UNIT_OVERHEAD + (sums * depth.total) / splits / SPEED,
    },
  ];
  if (splits > 1) {
    routines.push({
      ...shared,
      key: `totals of product ${key}`,
      write: (f) => writeTotals(f, code),
      units: (blocks * rows.block) / element.rows,
      unitCost: UNIT_OVERHEAD + (splits * element.rows * columns.block) / SPEED,
    });
  }
  const partials = splits > 1 ? [blocks * splits * words.unitBytes!] : [];
  return { routines, temporaries: [scratchBytes * MAX_WORKERS, ...partials] };
}

/** Whether the sums themselves are the one target, stored as tiles hold them. */
function isPlain({ targets, dtype }: ContractKernel): boolean {
  const { lane } = targets[0]!;
  return targets.length === 1 && lane.kind === "input" && lane.name === "sum" && dtype !== "uint8";
}

/** Whether targets are contiguous along the columns, and sources are or stand still. */
function isEven({ sources }: ContractKernel, { loops: { n } }: ProductPlan): boolean {
  const steps = n[0]!.steps.slice(2);
  return n.length === 1 && steps.every((step, i) => step === 1 || (step === 0 && i < sources.length));
}

function keyOf({ dtype, sources, targets }: ContractKernel, relaxed: boolean): string {
  const from = sources.map((source) => `${source.name}:${source.dtype}`).join(" ");
  const to = targets.map((target) => target.dtype).join(" ");
  const lanes = lanesKey(targets.map(({ lane }) => lane));
  return `${dtype}${relaxed ? " relaxed" : ""} from ${from} to ${to}: ${lanes}`;
}

const arraysOf = ({ sources, targets }: ContractKernel): readonly (Source | Target)[] => [
  ...sources,
  ...targets,
];

type Numbers = Partial<Record<Word, number>>;

/** The sizes of everything, and where it stands in a worker's scratch. */
function wordsOf(kernel: ContractKernel, plan: ProductPlan, element: ProductElement) {
  const { rows, columns, depth, loops } = plan;
  const arrays = arraysOf(kernel);
  const stripBytes = (columns.block / element.columns) * tileBytes(element);
  // With one pass along k a strip is finished before the next begins.
  const strips = depth.count > 1 ? rows.block / element.rows : 1;
  const split = plan.splits > 1;
  let end = 0;
  const take = (bytes: number): number => {
    const place = end;
    end += Math.ceil(bytes / 64) * 64;
    return place;
  };
  take(depth.block * plan.rowGroup * element.packedBytes);
  const [rowTable, columnTable, depthTable] = [rows, columns, depth].map(({ block }) => tableBytes(block));
  const words: Numbers = {
    ...{ rows: rows.total, rowBlock: rows.block, rowBlocks: rows.count },
    ...{ columns: columns.total, columnBlock: columns.block, columnBlocks: columns.count },
    ...{ depth: depth.total, depthBlock: depth.block, depthBlocks: depth.count },
    direct: Number(plan.direct),
    thin: Number(plan.thin),
    runs: Number(plan.runs),
    rowSteps: plan.rowSteps,
    columnSteps: plan.columnSteps,
    rowGroup: plan.rowGroup,
    directStep: (loops.k[0]!.steps[1] ?? 0) * element.bytes,
    even: Number(isEven(kernel, plan)),
    splits: plan.splits,
    passes: plan.passes,
    unitBytes: split ? strips * stripBytes : 0,
    strips: split ? 0 : take(strips * stripBytes),
    stripStep: strips > 1 ? stripBytes : 0,
    panels:
      plan.direct || plan.thin ? 0 : take((columns.block / element.columns) * TILE_ROW_BYTES * depth.block),
    rowTables: take((1 + arrays.length) * rowTable!),
    rowTableBytes: rowTable!,
    columnTables: take((1 + arrays.length) * columnTable!),
    columnTableBytes: columnTable!,
    depthTables: take(2 * depthTable!),
    depthTableBytes: depthTable!,
  };
  words.scratchBytes = end;
  return { words, scratchBytes: end };
}

/** The argument block: words, addresses of sources and targets, the lanes' run-time numbers, loops. */
function argumentsOf(kernel: ContractKernel, plan: ProductPlan, element: ProductElement, words: Numbers) {
  // Where the loops begin depends on the run-time numbers before them.
  const rehearsal = new ArgumentBlock();
  addHead(
    rehearsal,
    kernel,
    WORDS.map(() => ({ i32: 0 })),
  );
  let place = rehearsal.add({ i32: 0 });
  const records: number[] = [];
  const numbers: Numbers = { ...words };
  const sizes = [element.bytes, element.bytes, ...arraysOf(kernel).map(({ dtype }) => elementBytes(dtype))];
  for (const role of ["batch", "m", "n", "k"] as const) {
    const loops = plan.loops[role];
    const record = loops.flatMap((loop) => recordOf(loop, sizes));
    numbers[`${role}Loops`] = place;
    numbers[`${role}Count`] = loops.length;
    place += 4 * record.length;
    records.push(...record);
  }
  const block = new ArgumentBlock();
  const attrs = addHead(block, kernel, headWords(kernel, plan, element, numbers));
  for (const number of records) block.add({ i32: number });
  return { list: block.list, attrs };
}

/** A loop in the argument block, its steps in bytes. */
const recordOf = ({ size, steps }: PlannedLoop, sizes: readonly number[]): number[] => [
  size,
  ...sizes.map((bytes, i) => bytes * (steps[i] ?? 0)),
];

function headWords(
  kernel: ContractKernel,
  { swapped, splits }: ProductPlan,
  { bytes }: ProductElement,
  numbers: Numbers,
): Argument[] {
  const factors = [kernel.a, kernel.b].map(({ offset }, array) => ({ array, bytes: offset * bytes }));
  if (swapped) factors.reverse();
  const addresses: Partial<Record<Word, Argument>> = {
    a: factors[0]!,
    b: factors[1]!,
    scratch: { array: 2 + arraysOf(kernel).length, bytes: 0 },
    partials: splits > 1 ? { array: 3 + arraysOf(kernel).length, bytes: 0 } : { i32: 0 },
  };
  return WORDS.map((word) => addresses[word] ?? { i32: numbers[word]! });
}

function addHead(block: ArgumentBlock, kernel: ContractKernel, words: readonly Argument[]): AttrPlaces {
  for (const word of words) block.add(word);
  arraysOf(kernel).forEach(({ dtype, offset }, i) => {
    block.add({ array: 2 + i, bytes: offset * elementBytes(dtype) });
  });
  return placeAttrs(
    block,
    kernel.targets.map(({ lane }) => lane),
    kernel.params,
  );
}
