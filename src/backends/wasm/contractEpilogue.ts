/**
 * @file What becomes of sums: the targets' lanes, computed from a strip of tiles that is still in the cache.
 */
import type { ContractKernel } from "../../ir/kernel.js";
import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "./assembler.js";
import { type ProductElement, TILE_ROW_BYTES, tileBytes } from "./contractElement.js";
import { pushIsRun } from "./contractOffsets.js";
import {
  type AttrPlaces,
  attrReader,
  elementBytes,
  emitLane,
  type Four,
  gatherFour,
  type LaneContext,
  loadFour,
  splatFour,
  storeFour,
  storeOne,
} from "./lanes.js";
import { VectorWriter } from "./vectors.js";

/** What the epilogue's code is made from. */
export interface EpilogueOptions {
  readonly kernel: ContractKernel;
  readonly element: ProductElement;
  readonly relaxed: boolean;
  readonly attrs: AttrPlaces;
  /** Byte offsets in the argument block of the sizes of tables: of rows' and columns' places, per array. */
  readonly rowTableBytes: number;
  readonly columnTableBytes: number;
  /** Byte offset of the word that says whether the targets are contiguous along the columns, and the sources so or standing still. */
  readonly even: number;
}

/** Writes into the function of an epilogue. */
interface Epilogue extends EpilogueOptions {
  readonly f: FunctionBuilder;
  readonly args: Local;
  readonly strip: Local;
  /** Tables of places of rows and columns, one array's after the other. */
  readonly rows: Local;
  readonly columns: Local;
  readonly rowCount: Local;
  readonly begin: Local;
  readonly end: Local;
}

/** One array of the epilogue within a group of four columns. */
interface Access {
  /** The table of the columns' offsets, at this group. */
  readonly columns: Local;
  /** Whether the four are contiguous, and may be read or written as a whole. */
  readonly run: Local;
  /** Where the present row begins. */
  readonly row: Local;
}

const arraysOf = ({ kernel }: EpilogueOptions): readonly { readonly dtype: ContractKernel["dtype"] }[] => [
  ...kernel.sources,
  ...kernel.targets,
];

/**
 * The function `(args, strip, rows, columns, rowCount, begin, end)`: writes columns `begin` to `end` of `rowCount` rows, from
 * the sums in the tiles at `strip`. `rows` and `columns` are the sources' and targets' tables of addresses and offsets.
 */
export function epilogueFunction(module: ModuleBuilder, options: EpilogueOptions): FunctionHandle {
  return module.function(null, Array(7).fill("i32"), [], (f) => {
    const [args, strip, rows, columns, rowCount, begin, end] = f.parameters as Local[];
    const epilogue = { ...options, f, args: args!, strip: strip!, rows: rows!, columns: columns! };
    const all: Epilogue = { ...epilogue, rowCount: rowCount!, begin: begin!, end: end! };
    f.get(args!)
      .memory("i32.load", options.even)
      .if(() => writeEvenGroups(all));
    writeGroups(all);
  });
}

/** Pushes the address of an array's table among those of rows or columns. */
function pushTable({ f, args, rows, columns, ...at }: Epilogue, kind: "row" | "column", array: number): void {
  f.get(kind === "row" ? rows : columns)
    .get(args)
    .memory("i32.load", kind === "row" ? at.rowTableBytes : at.columnTableBytes);
  f.i32(array).op("i32.mul").op("i32.add");
}

/** Whole groups of four columns where all arrays lie even: row by row, by addresses that move on. Leaves `begin` at the rest. */
function writeEvenGroups(epilogue: Epilogue): void {
  const { f, element, rowCount, begin, end, strip, kernel } = epilogue;
  const [row, column, wholeEnd, tile] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const places = arraysOf(epilogue).map(() => f.local("i32"));
  const stays = kernel.sources.map(() => f.local("i32"));
  const still = kernel.sources.map(({ dtype }) => newFour(f, dtype));
  f.get(end).i32(-4).op("i32.and").set(wholeEnd);
  stays.forEach((stay, i) => {
    pushTable(epilogue, "column", i);
    f.memory("i32.load", 4);
    pushTable(epilogue, "column", i);
    f.memory("i32.load").op("i32.eq").set(stay);
  });
  f.countTo(row, rowCount, 1, () => {
    places.forEach((place, i) => {
      pushTable(epilogue, "row", i);
      f.get(row).i32(2).op("i32.shl").op("i32.add").memory("i32.load");
      pushTable(epilogue, "column", i);
      f.get(begin).i32(2).op("i32.shl").op("i32.add").memory("i32.load").op("i32.add").set(place);
    });
    stays.forEach((stay, i) => {
      f.get(stay).if(() => keep(f, still[i]!, splatFour(f, kernel.sources[i]!.dtype, places[i]!, 0)));
    });
    f.get(begin).set(column);
    f.countTo(column, wholeEnd, 4, () => {
      pushTilePlace(f, element, strip, column);
      f.get(row).i32(TILE_ROW_BYTES).op("i32.mul").op("i32.add").set(tile);
      writeEvenGroup(epilogue, places, stays, still, tile);
    });
  });
  f.get(wholeEnd).set(begin);
}

/** Four columns of one row, whose arrays' places move on. */
function writeEvenGroup(
  epilogue: Epilogue,
  places: readonly Local[],
  stays: readonly Local[],
  still: readonly Four[],
  tile: Local,
): void {
  const { f, kernel } = epilogue;
  const { sources, targets } = kernel;
  const load = (i: number): Four => {
    const { dtype } = sources[i]!;
    const result = newFour(f, dtype);
    f.get(stays[i]!).if(
      () => keep(f, result, still[i]!),
      () => keep(f, result, loadFour(f, dtype, places[i]!, 0)),
    );
    return result;
  };
  const values = emitTargets(epilogue, tile, load);
  targets.forEach(({ dtype }, i) => {
    storeFour(f, dtype, places[sources.length + i]!, 0, values[i]!);
  });
  arraysOf(epilogue).forEach(({ dtype }, i) => {
    const place = places[i]!;
    f.get(place)
      .i32(4 * elementBytes(dtype))
      .op("i32.add")
      .set(place);
  });
}

const newFour = (f: FunctionBuilder, dtype: ContractKernel["dtype"]): Four =>
  (dtype === "float64" ? [0, 1] : [0]).map(() => f.local("v128"));

function keep(f: FunctionBuilder, result: Four, four: Four): void {
  for (const [i, part] of four.entries()) f.get(part).set(result[i]!);
}

/** Groups of four columns, all rows of each: columns may lie anywhere. */
function writeGroups(epilogue: Epilogue): void {
  const { f, kernel, element, strip, rows, rowCount, begin, end } = epilogue;
  const arrays = arraysOf(epilogue);
  const [tile, row, rowPlaces, left] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const accesses = arrays.map(
    (): Access => ({ columns: f.local("i32"), run: f.local("i32"), row: f.local("i32") }),
  );
  f.countTo(begin, end, 4, () => {
    pushTilePlace(f, element, strip, begin);
    f.set(tile);
    f.get(end).get(begin).op("i32.sub").set(left);
    accesses.forEach((access, i) => {
      pushTable(epilogue, "column", i);
      f.get(begin).i32(2).op("i32.shl").op("i32.add").set(access.columns);
      pushIsRun(f, access.columns, elementBytes(arrays[i]!.dtype));
      // Reading beyond the last column does no harm; writing would.
      if (i >= kernel.sources.length) f.get(left).i32(4).op("i32.ge_s").op("i32.and");
      f.set(access.run);
    });
    f.get(rows).set(rowPlaces);
    f.i32(0).set(row);
    f.countTo(row, rowCount, 1, () => {
      accesses.forEach((access, i) => {
        pushTable({ ...epilogue, rows: rowPlaces }, "row", i);
        f.memory("i32.load").set(access.row);
      });
      writeGroup(epilogue, accesses, tile, left);
      f.get(tile).i32(TILE_ROW_BYTES).op("i32.add").set(tile);
      f.get(rowPlaces).i32(4).op("i32.add").set(rowPlaces);
    });
  });
}

/** Pushes where the sums of a group of four columns stand in a strip. */
function pushTilePlace(f: FunctionBuilder, element: ProductElement, strip: Local, column: Local): void {
  f.get(column).i32(element.columns).op("i32.div_u").i32(tileBytes(element)).op("i32.mul");
  f.get(column).i32(element.columns).op("i32.rem_u").i32(element.packedBytes).op("i32.mul");
  f.op("i32.add").get(strip).op("i32.add");
}

/** All lanes' values for four columns of one row. None is stored yet: a target may be the array of a source. */
function emitTargets(
  { f, kernel, element, relaxed, args, attrs }: Epilogue,
  tile: Local,
  load: (source: number) => Four,
): Four[] {
  const context: LaneContext = {
    f,
    relaxed,
    memo: new Map(),
    attr: attrReader(f, args, attrs),
    input: (name) =>
      name === "sum"
        ? loadSum(f, element, tile)
        : load(kernel.sources.findIndex((source) => source.name === name)),
  };
  return kernel.targets.map(({ lane }) => emitLane(lane, context));
}

/** Four columns of one row, wherever they lie. */
function writeGroup(epilogue: Epilogue, accesses: readonly Access[], tile: Local, left: Local): void {
  const { f, kernel } = epilogue;
  const { sources, targets } = kernel;
  const values = emitTargets(epilogue, tile, (i) => loadGroup(f, sources[i]!.dtype, accesses[i]!));
  targets.forEach(({ dtype }, i) => {
    storeGroup(f, dtype, accesses[sources.length + i]!, left, values[i]!);
  });
}

function loadSum(f: FunctionBuilder, { dtype }: ProductElement, tile: Local): Four {
  if (dtype !== "uint8") return loadFour(f, dtype, tile, 0);
  const v = new VectorWriter(f, "f32x4", false);
  return [v.and(loadFour(f, "int32", tile, 0)[0]!, v.bits(255n))];
}

/** Pushes the address of one of a group's columns. */
function pushColumn(f: FunctionBuilder, { columns, row }: Access, column: number): void {
  f.get(columns).memory("i32.load", 4 * column);
  f.get(row).op("i32.add");
}

function loadGroup(f: FunctionBuilder, dtype: ContractKernel["dtype"], access: Access): Four {
  const result = newFour(f, dtype);
  const places = [0, 1, 2, 3].map(() => f.local("i32"));
  const place = (column: number): void => {
    pushColumn(f, access, column);
    f.set(places[column]!);
  };
  f.get(access.run).if(
    () => {
      place(0);
      keep(f, result, loadFour(f, dtype, places[0]!, 0));
    },
    () => {
      for (const column of places.keys()) place(column);
      keep(f, result, gatherFour(f, dtype, places));
    },
  );
  return result;
}

/** Stores a group, or those of its columns that there are. */
function storeGroup(
  f: FunctionBuilder,
  dtype: ContractKernel["dtype"],
  access: Access,
  left: Local,
  value: Four,
): void {
  const place = f.local("i32");
  f.get(access.run).if(
    () => {
      pushColumn(f, access, 0);
      f.set(place);
      storeFour(f, dtype, place, 0, value);
    },
    () => {
      f.block((done) => {
        for (const column of [0, 1, 2, 3]) {
          f.get(left).i32(column).op("i32.le_s").branchIf(done);
          pushColumn(f, access, column);
          f.set(place);
          storeOne(f, dtype, place, column, value);
        }
      });
    },
  );
}
