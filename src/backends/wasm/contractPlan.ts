/**
 * @file Sorts the loops of a product, and cuts it into blocks. All of it is run-time data for one and the same code.
 */
import type { ContractKernel, ProductLoop } from "../../ir/kernel.js";
import { type Blocks, type Cut, costOf, cutProduct, filledRows, wholeBlocks } from "./contractBlocks.js";
import type { ProductElement } from "./contractElement.js";

export type Role = ProductLoop["role"];

/** A loop, and the elements each array moves per step: a, b, then sources and targets. */
export interface PlannedLoop {
  readonly size: number;
  readonly steps: readonly number[];
}

export interface ProductPlan extends Cut {
  readonly loops: Readonly<Record<Role, readonly PlannedLoop[]>>;
  /** Whether a and b, m and n have changed places. */
  readonly swapped: boolean;
  readonly batch: number;
  /** Whether tiles read b where it lies, rather than packed. */
  readonly direct: boolean;
  /** Steps of k that lines are packed by before their neighbours' turn, and how many rows are packed at a time. */
  readonly rowSteps: number;
  readonly columnSteps: number;
  readonly rowGroup: number;
  /** Whether each result is a dot product of its own, and whether both factors are contiguous along k. */
  readonly thin: boolean;
  readonly runs: boolean;
}

/** Instructions for a result that lies apart. */
const SCATTER_COST = 10;
/** From so many cells of tiles per result, dot products are quicker; from fewer where they are contiguous. */
const EMPTY = 8;
const EMPTY_OF_RUNS = 4;
/**
 * Lines that lie side by side share cache lines and pages at each step of k. Where steps are far apart, several tiles' rows are
 * packed at a time, and panels so few steps at a time that what is shared is still at hand for the neighbours.
 */
const FAR_BYTES = 2048;
const TILES_OF_GROUP = 4;
const STEPS_AT_A_TIME = 16;
/** Up to so many rows per block, packing a panel of b costs more than it saves. */
const DIRECT_ROWS = 16;

const positions = (loops: readonly PlannedLoop[]): number => loops.reduce((n, loop) => n * loop.size, 1);

/** A batch along which one factor stands still is more rows or columns of the other. */
function roleOf({ role, a, b }: ProductLoop): Role {
  if (role !== "batch" || (a !== 0 && b !== 0)) return role;
  if (a === 0 && b === 0) return "batch";
  return b === 0 ? "m" : "n";
}

/** Every loop by its role, with the steps of all arrays. */
function sortedLoops(kernel: ContractKernel): Record<Role, PlannedLoop[]> {
  const out: Record<Role, PlannedLoop[]> = { batch: [], m: [], n: [], k: [] };
  const others = [...kernel.sources, ...kernel.targets];
  kernel.loops.forEach((loop, i) => {
    const { size, a, b } = loop;
    if (size !== 1)
      out[roleOf(loop)].push({ size, steps: [a, b, ...others.map(({ strides }) => strides[i]!)] });
  });
  const first = 2 + kernel.sources.length;
  for (const role of ["batch", "m", "n"] as const) out[role] = merged(byStep(out[role], first));
  out.k = merged(out.k);
  return out;
}

/** Loops in the order in which an array lies in memory. */
const byStep = (loops: readonly PlannedLoop[], array: number): PlannedLoop[] =>
  [...loops].sort((x, y) => Math.abs(y.steps[array]!) - Math.abs(x.steps[array]!));

/** Neighbouring loops as one, where the outer goes on where the inner ends; at least one loop. */
function merged(loops: readonly PlannedLoop[]): PlannedLoop[] {
  const out: PlannedLoop[] = [];
  for (const loop of loops) {
    const outer = out.at(-1);
    if (outer?.steps.every((step, i) => step === loop.steps[i]! * loop.size)) {
      out[out.length - 1] = { size: outer.size * loop.size, steps: loop.steps };
    } else out.push(loop);
  }
  return out.length > 0 ? out : [{ size: 1, steps: [] }];
}

const swapSteps = (loops: readonly PlannedLoop[]): PlannedLoop[] =>
  loops.map(({ size, steps: [a, b, ...rest] }) => ({ size, steps: [b ?? 0, a ?? 0, ...rest] }));

const swapLoops = ({ batch, m, n, k }: Record<Role, PlannedLoop[]>): Record<Role, PlannedLoop[]> => ({
  batch: swapSteps(batch),
  m: swapSteps(n),
  n: swapSteps(m),
  k: swapSteps(k),
});

/** Whether bᵀ·aᵀ is the better way: fewer instructions, by what tiles, packing and the writing of results take. */
function prefersSwap(loops: Record<Role, PlannedLoop[]>, element: ProductElement, target: number): boolean {
  const [batch, m, n, k] = [1, positions(loops.m), positions(loops.n), positions(loops.k)];
  const cost = (down: number, across: number, along: readonly PlannedLoop[]): number => {
    const scattered = along.at(-1)!.steps[target] !== 1;
    const blocks = wholeBlocks({ batch, m: down, n: across, k }, element);
    return costOf(blocks, element) + (scattered ? m * n * SCATTER_COST : 0);
  };
  return cost(n, m, loops.m) < 0.9 * cost(m, n, loops.n);
}

/** Cells that tiles have for some results. */
const tileCells = (rows: number, across: number, element: ProductElement): number =>
  filledRows(rows, element) * Math.ceil(across / element.columns) * element.columns;

/** Says how a product is done. */
export function planProduct(kernel: ContractKernel, element: ProductElement): ProductPlan {
  const target = 2 + kernel.sources.length;
  const given = sortedLoops(kernel);
  const swapped = prefersSwap(given, element, target);
  const loops = swapped ? swapLoops(given) : given;
  const batch = positions(loops.batch);
  const cut = cutProduct(
    { batch, m: positions(loops.m), n: positions(loops.n), k: positions(loops.k) },
    element,
  );
  const { rows, columns, depth } = cut;
  const ways = waysOf(loops, element, rows, columns);
  const [rowsFar, columnsFar] = [isFar(loops, "m", 0, element), isFar(loops, "n", 1, element)];
  const packing = {
    rowSteps: rowsFar ? STEPS_AT_A_TIME : depth.block,
    columnSteps: columnsFar ? STEPS_AT_A_TIME : depth.block,
    rowGroup: element.rows * (rowsFar ? TILES_OF_GROUP : 1),
  };
  return { loops, swapped, batch, ...cut, ...packing, ...ways };
}

/** Whether a factor's lines lie side by side, and their steps along k far apart. */
function isFar(
  loops: ProductPlan["loops"],
  role: "m" | "n",
  factor: 0 | 1,
  { bytes }: ProductElement,
): boolean {
  const apart = Math.abs(loops.k.at(-1)!.steps[factor] ?? 0) * bytes;
  return loops[role].at(-1)!.steps[factor] === 1 && apart >= FAR_BYTES;
}

/** Says what is packed, if anything. */
function waysOf(loops: ProductPlan["loops"], element: ProductElement, rows: Blocks, columns: Blocks) {
  const widened = element.bytes !== element.packedBytes;
  const along = loops.k.length === 1 ? loops.k[0]! : null;
  const runs = !widened && along?.steps[0] === 1 && along.steps[1] === 1;
  const results = rows.total * columns.total;
  const cells = tileCells(rows.total, columns.total, element);
  const thin = results > 0 && cells >= (runs ? EMPTY_OF_RUNS : EMPTY) * results;
  const inPlace = along !== null && loops.n.length === 1 && loops.n[0]!.steps[1] === 1;
  return { thin, runs, direct: !widened && inPlace && rows.block <= DIRECT_ROWS };
}
