/**
 * @file How a product is cut into blocks: what is packed fits the caches, little is packed twice, and threads find enough units.
 */
import { LOW_ROWS, type ProductElement } from "./contractElement.js";

/** Blocks along one role's loops: the work of one unit, or of one pass along k. */
export interface Blocks {
  /** All positions, those of one block (the last may have fewer), and how many blocks. */
  readonly total: number;
  readonly block: number;
  readonly count: number;
}

/** Positions of each role. */
export type Extents = Readonly<Record<"batch" | "m" | "n" | "k", number>>;

export interface Cut {
  readonly rows: Blocks;
  readonly columns: Blocks;
  readonly depth: Blocks;
  /** Parts that the passes along k are cut into, as units of their own, and the passes of each. */
  readonly splits: number;
  readonly passes: number;
}

/**
 * Along k: the packed rows of a tile and one panel lie in the first-level cache together, and a block has panels enough that packed
 * rows serve often. Depends on nothing else, for in these blocks sums are added up: one row of a product is the same however
 * many there are.
 */
const DEEPEST = 256;
/** Steps of k of the panels of one block, of which 32 bytes each fill half of a usual second-level cache. */
const PANEL_STEPS = 8192;
/** Panels of a block, as parts of those that the cache holds, and rows of a block that are tried. */
const PANELS = [1, 0.75, 0.5, 0.25] as const;
const MOST_PANELS = 64;
const ROWS = [256, 128, 64, 32] as const;
/** Products beyond so many multiplications are cut into units for several threads. */
const LARGE = 4e6;
/** Sums along k are cut into parts where there are fewer units otherwise, each of so many passes or more. */
const UNITS = 8;
const PASSES_OF_PART = 4;
/**
 * Instructions for a step of k of one row of a tile, of packing a row and of packing a panel, counting what the memory takes; and for
 * a tile beside its steps.
 */
const ROW_COST = 7;
const FUSED_ROW_COST = 4;
const PACKING_COST = 8;
const PANEL_COST = 40;
const TILE_COST = 150;

/** Rows of all the tiles that so many rows take, the last of which may be a lower one. */
export function filledRows(rows: number, { rows: height }: ProductElement): number {
  const rest = rows % height;
  if (rest === 0) return rows;
  return rows - rest + (rest <= LOW_ROWS ? LOW_ROWS : height);
}

/** Even blocks of at most `most`, in multiples of `multiple`. */
function blocksOf(total: number, most: number, multiple: number): Blocks {
  const block = Math.max(1, Math.ceil(total / Math.max(1, Math.ceil(total / most)) / multiple)) * multiple;
  return { total, block, count: Math.ceil(total / block) };
}

type Blocked = Pick<Cut, "rows" | "columns" | "depth">;

/** Blocks of so many rows at most, and of a part of the panels that the cache holds. */
function blocksFor({ m, n, k }: Extents, element: ProductElement, most: number, part: number): Blocked {
  const along = blocksOf(k, DEEPEST, 4);
  const panels = Math.max(1, Math.floor((part * PANEL_STEPS) / along.block));
  return {
    rows: blocksOf(m, most, element.rows),
    columns: blocksOf(n, Math.min(panels, MOST_PANELS) * element.columns, element.columns),
    // Sums of nothing take one pass too: it writes zeros.
    depth: { ...along, count: Math.max(1, along.count) },
  };
}

/** Instructions of all units together. */
export function costOf({ rows, columns, depth }: Blocked, element: ProductElement): number {
  const panels = Math.ceil(columns.total / element.columns);
  const filled = filledRows(rows.total, element);
  const tiles = (filled * panels) / element.rows;
  const rowCost = element.fused ? FUSED_ROW_COST : ROW_COST;
  const perStep =
    filled * (rowCost * panels + PACKING_COST * columns.count) + PANEL_COST * panels * rows.count;
  return perStep * depth.total + TILE_COST * tiles * depth.count;
}

const unitsOf = ({ batch }: Extents, { rows, columns, splits }: Cut): number =>
  batch * rows.count * columns.count * splits;

/** The largest blocks. */
export const wholeBlocks = (extents: Extents, element: ProductElement): Blocked =>
  blocksFor(extents, element, ROWS[0], PANELS[0]);

/** Blocks whose sums along k are cut into so many parts, or a few less. */
function cutInto(parts: number, blocks: Blocked): Cut {
  const passes = Math.ceil(blocks.depth.count / parts);
  return { ...blocks, passes, splits: Math.max(1, Math.ceil(blocks.depth.count / passes)) };
}

/** The largest blocks, with as many parts as units are missing and sums along k allow. */
function cutAlongDepth(extents: Extents, element: ProductElement): Cut {
  const whole = wholeBlocks(extents, element);
  const units = unitsOf(extents, cutInto(1, whole));
  const most = Math.floor(whole.depth.count / PASSES_OF_PART);
  return cutInto(Math.max(1, Math.min(Math.ceil(UNITS / Math.max(units, 1)), most)), whole);
}

/** Cuts a product into blocks. */
export function cutProduct(extents: Extents, element: ProductElement): Cut {
  const { batch, m, n, k } = extents;
  const isLarge = batch * m * n * k > LARGE;
  const all = PANELS.flatMap((part) =>
    ROWS.map((rows) => cutInto(1, blocksFor(extents, element, rows, part))),
  );
  if (isLarge) all.push(cutAlongDepth(extents, element));
  const shared = all.filter((cut) => unitsOf(extents, cut) >= UNITS);
  // Towards the end of a step threads wait for the last units: the longer, the fewer there are.
  const timeOf = (cut: Cut): number => costOf(cut, element) * (isLarge ? 1 + 0.5 / unitsOf(extents, cut) : 1);
  const candidates = isLarge && shared.length > 0 ? shared : all;
  return candidates.reduce((one, other) => (timeOf(other) < timeOf(one) ? other : one));
}
