/**
 * @file Map kernels as WebAssembly: units are boxes of a grid over the loops, walked row by row or tile by tile.
 */
import type { MapKernel } from "../../ir/kernel.js";
import type { TypedLane } from "../../ir/typedLane.js";
import { ArgumentBlock } from "./argumentBlock.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { laneCost } from "./laneCost.js";
import { type AttrPlaces, attrReader, elementBytes, laneImports, lanesKey, placeAttrs } from "./lanes.js";
import { type MapLoop, type MapPlan, planMap } from "./mapPlan.js";
import { type StripWriter, writeStrip } from "./mapStrip.js";
import { TILE, writeTile } from "./mapTile.js";
import type { Rendered } from "./routine.js";

/** A unit has at most about as many elements. */
const UNIT_ELEMENTS = 4096;
/** Long rows are cut at multiples of this, so that only the last piece has elements left over. */
const PIECE = 16;
/** Nanoseconds for an element below which a turn of the loop does two fours: beyond, the loop itself costs nothing. */
const CHEAP = 0.7;

/** A loop as the grid cuts it: a unit takes `step` positions of it, so that there are `pieces`. */
interface GridLoop extends MapLoop {
  readonly step: number;
  readonly pieces: number;
}

/** Byte offsets in the argument block. */
interface Places {
  readonly bases: readonly number[];
  readonly loops: readonly {
    readonly size: number;
    readonly step: number;
    readonly pieces: number;
    /** Of every array, in bytes. */
    readonly strides: readonly number[];
  }[];
  readonly attrs: AttrPlaces;
}

/** Renders a map kernel. */
export function renderMap(kernel: MapKernel, options: { relaxed: boolean }): Rendered {
  if (kernel.shape.includes(0)) return { routines: [], temporaries: [] };
  const plan = planMap(kernel);
  const grid = cutLoops(plan);
  const lanes = kernel.targets.map((target) => target.lane);
  const block = new ArgumentBlock();
  const places = placeArguments(block, kernel, grid, lanes);
  const units = grid.reduce((product, { pieces }) => product * pieces, 1);
  const elements = grid.reduce((product, { size }) => product * size, 1);
  const cost = laneCost(lanes);
  const routine = {
    key: mapKey(plan, lanes, options.relaxed),
    write: (f: FunctionBuilder) => writeMap(f, plan, lanes, places, options.relaxed),
    imports: laneImports(lanes),
    args: block.list,
    units,
    unitCost: Math.ceil((cost * elements) / units),
  };
  return { routines: [routine], temporaries: [] };
}

/** Everything that the code depends on. */
function mapKey(plan: MapPlan, lanes: readonly TypedLane[], relaxed: boolean): string {
  const arrays = plan.arrays.map(({ name, dtype, inner, outer }) =>
    [name ?? "→", dtype, inner, ...(plan.tiled ? [outer] : [])].join(" "),
  );
  const way = `${plan.tiled ? "tiles" : "rows"} in ${plan.loops.length} loops`;
  return `map ${way}; ${arrays.join(", ")}; ${lanesKey(lanes)}${relaxed ? "; relaxed" : ""}`;
}

/** Cuts the loops into units: whole inner loops first, as far as a unit's elements go. */
function cutLoops({ loops, tiled }: MapPlan): GridLoop[] {
  let left = UNIT_ELEMENTS;
  const cut = loops.toReversed().map((loop, i) => {
    const isWalkedInFours = i === 0 || (tiled && i === 1);
    const most = tiled && isWalkedInFours ? TILE : Math.max(left, 1);
    const pieces = Math.ceil(loop.size / most);
    const even = Math.ceil(loop.size / pieces);
    const step = pieces > 1 && isWalkedInFours ? Math.ceil(even / PIECE) * PIECE : even;
    left = Math.floor(left / step);
    return { ...loop, step, pieces: Math.ceil(loop.size / step) };
  });
  return cut.reverse();
}

function placeArguments(
  block: ArgumentBlock,
  kernel: MapKernel,
  grid: readonly GridLoop[],
  lanes: readonly TypedLane[],
): Places {
  const arrays = [...kernel.sources, ...kernel.targets];
  const word = (i32: number): number => block.add({ i32: i32 | 0 });
  const bases = arrays.map(({ dtype, offset }, array) =>
    block.add({ array, bytes: offset * elementBytes(dtype) }),
  );
  const loops = grid.map(({ size, step, pieces, strides }) => ({
    size: word(size),
    step: word(step),
    pieces: word(pieces),
    strides: strides.map((stride, k) => word(stride * elementBytes(arrays[k]!.dtype))),
  }));
  return { bases, loops, attrs: placeAttrs(block, lanes, kernel.params) };
}

function writeMap(
  f: FunctionBuilder,
  plan: MapPlan,
  lanes: readonly TypedLane[],
  places: Places,
  relaxed: boolean,
): void {
  const [args, begin, end] = f.parameters as [Local, Local, Local, Local];
  const word = (offset: number): Local =>
    f.hoist(`word ${offset}`, "i32", () => f.get(args).memory("i32.load", offset));
  const strides = places.loops.map((loop) => loop.strides.map(word));
  const writer: StripWriter = {
    f,
    relaxed,
    arrays: plan.arrays,
    lanes,
    strides: strides.at(-1)!,
    attr: attrReader(f, args, places.attrs),
  };
  const unroll = laneCost(lanes) < CHEAP ? 2 : 1;
  f.countTo(begin, end, 1, () => {
    const { pointers, extents } = writeUnitStart(f, begin, places, strides, word);
    const walked = plan.loops.length - (plan.tiled ? 2 : 1);
    writeBox(f, pointers, extents.slice(0, walked), strides, (inner) => {
      const counts = extents.slice(walked).map((extent) => copied(f, extent));
      if (plan.tiled) writeTile(writer, inner, strides.at(-2)!, counts[0]!, counts[1]!);
      else writeStrip(writer, inner, counts[0]!, unroll);
    });
  });
}

/** Where a unit's box begins in every array, and how many positions of each loop it has. */
function writeUnitStart(
  f: FunctionBuilder,
  unit: Local,
  places: Places,
  strides: readonly (readonly Local[])[],
  word: (offset: number) => Local,
): { pointers: Local[]; extents: Local[] } {
  const pointers = places.bases.map((base) => copied(f, word(base)));
  const rest = copied(f, unit);
  const extents = places.loops.map(() => f.local("i32"));
  for (let d = places.loops.length - 1; d >= 0; d--) {
    const { size, step, pieces } = places.loops[d]!;
    const start = f.local("i32");
    f.get(rest).get(word(pieces)).op("i32.rem_u").get(word(step)).op("i32.mul").set(start);
    f.get(rest).get(word(pieces)).op("i32.div_u").set(rest);
    const left = f.local("i32");
    f.get(word(size)).get(start).op("i32.sub").set(left);
    f.get(left).get(word(step)).get(left).get(word(step)).op("i32.lt_u").op("select").set(extents[d]!);
    pointers.forEach((pointer, k) => {
      f.get(start).get(strides[d]![k]!).op("i32.mul").get(pointer).op("i32.add").set(pointer);
    });
  }
  return { pointers, extents };
}

function copied(f: FunctionBuilder, local: Local): Local {
  const copy = f.local("i32");
  f.get(local).set(copy);
  return copy;
}

/** Nested loops over the outer loops of a box; `inner` has pointers of its own, which it may move. */
function writeBox(
  f: FunctionBuilder,
  pointers: readonly Local[],
  extents: readonly Local[],
  strides: readonly (readonly Local[])[],
  inner: (pointers: readonly Local[]) => void,
): void {
  const [extent, ...others] = extents;
  if (extent === undefined) {
    inner(pointers);
    return;
  }
  const counter = f.local("i32");
  f.i32(0).set(counter);
  f.countTo(counter, extent, 1, () => {
    writeBox(
      f,
      pointers.map((pointer) => copied(f, pointer)),
      others,
      strides.slice(1),
      inner,
    );
    pointers.forEach((pointer, k) => {
      f.get(pointer).get(strides[0]![k]!).op("i32.add").set(pointer);
    });
  });
}
