/**
 * @file Sorts the loops of a product, and cuts it into blocks. All of it is run-time data for one and the same code.
 */
import type { ContractKernel, ProductLoop } from "../../ir/kernel.js";
import { LOW_ROWS, type ProductElement } from "./contractElement.js";

export type Role = ProductLoop["role"];

/** A loop, and the elements each array moves per step: a, b, then sources and targets. */
export interface PlannedLoop {
  readonly size: number;
  readonly steps: readonly number[];
}

/** Blocks along one role's loops: the work of one unit, or of one pass along k. */
export interface Blocks {
  /** All positions, those of one block (the last may have fewer), and how many blocks. */
  readonly total: number;
  readonly block: number;
  readonly count: number;
}

export interface ProductPlan {
  readonly loops: Readonly<Record<Role, readonly PlannedLoop[]>>;
  /** Whether a and b, m and n have changed places. */
  readonly swapped: boolean;
  readonly batch: number;
  readonly rows: Blocks;
  readonly columns: Blocks;
  readonly depth: Blocks;
  /** Parts that the passes along k are cut into, as units of their own, and the passes of each. */
  readonly splits: number;
  readonly passes: number;
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

/** Along k: the packed rows of a tile and one panel lie in the first-level cache together. */
const DEPTH = 256;
/** Along n: a block of panels lies in the second-level cache. */
const COLUMN_TILES = 32;
const ROWS = 256;
const FEWEST_ROWS = 32;
/** Products beyond so many multiplications are cut into so many units, so that threads can share them. */
const LARGE = 4e6;
const UNITS = 8;
/** Sums along k are cut into parts where there are too few units otherwise, each of so many passes or more. */
const PASSES_OF_PART = 4;
/** Instructions for a step of k of one row of a tile, of packing a row and of packing a panel; and for a result that lies apart. */
const ROW_COST = 7;
const FUSED_ROW_COST = 4;
const PACKING_COST = 1.5;
const PANEL_COST = 10;
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
  const [m, n, k] = [positions(loops.m), positions(loops.n), positions(loops.k)];
  const cost = (down: "m" | "n", across: "m" | "n"): number => {
    const rows = filledRows(positions(loops[down]), element);
    const panels = positions(loops[across]) / element.columns;
    const blocks = Math.ceil(panels / COLUMN_TILES);
    const rowCost = element.fused ? FUSED_ROW_COST : ROW_COST;
    const perStep = (rows * rowCost + PANEL_COST) * Math.ceil(panels) + rows * blocks * PACKING_COST;
    const contiguous = loops[across].at(-1)!.steps[target] === 1;
    return perStep * k + (contiguous ? 0 : m * n * SCATTER_COST);
  };
  return cost("n", "m") < 0.9 * cost("m", "n");
}

/** Rows of all the tiles that so many rows take, the last of which may be a lower one. */
function filledRows(rows: number, { rows: height }: ProductElement): number {
  const rest = rows % height;
  if (rest === 0) return rows;
  return rows - rest + (rest <= LOW_ROWS ? LOW_ROWS : height);
}

/** Cells that tiles have for some results. */
const tileCells = (rows: number, across: number, element: ProductElement): number =>
  filledRows(rows, element) * Math.ceil(across / element.columns) * element.columns;

/** Even blocks of at most `most`, in multiples of `multiple`. */
function blocksOf(total: number, most: number, multiple: number): Blocks {
  const block = Math.max(1, Math.ceil(total / Math.max(1, Math.ceil(total / most)) / multiple)) * multiple;
  return { total, block, count: Math.ceil(total / block) };
}

/** Blocks of rows, and parts of sums: large, since each packs for itself, but enough for several threads. */
function shareWork(m: number, others: number, columns: number, depth: Blocks, { rows }: ProductElement) {
  const whole = blocksOf(m, ROWS, rows);
  const few = others * whole.count;
  if (few >= UNITS || m * columns * depth.total <= LARGE) return { rows: whole, splits: 1 };
  const splits = Math.min(Math.ceil(UNITS / few), Math.floor(depth.count / PASSES_OF_PART));
  if (splits > 1) return { rows: whole, splits };
  const most = Math.max(FEWEST_ROWS, Math.ceil((m * others) / UNITS));
  return { rows: blocksOf(m, Math.min(ROWS, most), rows), splits: 1 };
}

/** Says how a product is done. */
export function planProduct(kernel: ContractKernel, element: ProductElement): ProductPlan {
  const target = 2 + kernel.sources.length;
  const given = sortedLoops(kernel);
  const swapped = prefersSwap(given, element, target);
  const loops = swapped ? swapLoops(given) : given;
  const batch = positions(loops.batch);
  const columns = blocksOf(positions(loops.n), COLUMN_TILES * element.columns, element.columns);
  // Sums of nothing take one pass too: it writes zeros.
  const along = blocksOf(positions(loops.k), DEPTH, 4);
  const depth = { ...along, count: Math.max(1, along.count) };
  const m = positions(loops.m);
  const { rows, splits: wanted } = shareWork(m, batch * columns.count, columns.block, depth, element);
  const passes = Math.ceil(depth.count / wanted);
  const splits = Math.ceil(depth.count / passes);
  const ways = waysOf(loops, element, rows, columns);
  const [rowsFar, columnsFar] = [isFar(loops, "m", 0, element), isFar(loops, "n", 1, element)];
  const packing = {
    rowSteps: rowsFar ? STEPS_AT_A_TIME : depth.block,
    columnSteps: columnsFar ? STEPS_AT_A_TIME : depth.block,
    rowGroup: element.rows * (rowsFar ? TILES_OF_GROUP : 1),
  };
  return { loops, swapped, batch, rows, columns, depth, splits, passes, ...packing, ...ways };
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
