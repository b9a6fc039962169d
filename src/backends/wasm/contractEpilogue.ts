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

/**
 * The function `(args, strip, rows, columns, rowCount, begin, end)`: writes columns `begin` to `end` of `rowCount` rows, from
 * the sums in the tiles at `strip`. `rows` and `columns` are the sources' and targets' tables of addresses and offsets.
 */
export function epilogueFunction(module: ModuleBuilder, options: EpilogueOptions): FunctionHandle {
  return module.function(null, Array(7).fill("i32"), [], (f) => writeEpilogue(f, options));
}

function writeEpilogue(f: FunctionBuilder, options: EpilogueOptions): void {
  const { kernel, element } = options;
  const [args, strip, rows, columns, rowCount, begin, end] = f.parameters as Local[];
  const arrays = [...kernel.sources, ...kernel.targets];
  const [tile, row, rowPlaces, left] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const accesses = arrays.map(
    (): Access => ({ columns: f.local("i32"), run: f.local("i32"), row: f.local("i32") }),
  );
  f.countTo(begin!, end!, 4, () => {
    pushTilePlace(f, element, strip!, begin!);
    f.set(tile);
    f.get(end!).get(begin!).op("i32.sub").set(left);
    accesses.forEach((access, i) => {
      f.get(columns!)
        .get(args!)
        .memory("i32.load", options.columnTableBytes)
        .i32(i)
        .op("i32.mul")
        .op("i32.add");
      f.get(begin!).i32(2).op("i32.shl").op("i32.add").set(access.columns);
      pushIsRun(f, access.columns, elementBytes(arrays[i]!.dtype));
      // Reading beyond the last column does no harm; writing would.
      if (i >= kernel.sources.length) f.get(left).i32(4).op("i32.ge_s").op("i32.and");
      f.set(access.run);
    });
    f.get(rows!).set(rowPlaces);
    f.i32(0).set(row);
    f.countTo(row, rowCount!, 1, () => {
      accesses.forEach((access, i) => {
        f.get(rowPlaces)
          .get(args!)
          .memory("i32.load", options.rowTableBytes)
          .i32(i)
          .op("i32.mul")
          .op("i32.add");
        f.memory("i32.load").set(access.row);
      });
      writeGroup(f, options, accesses, tile, left);
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

/** Four columns of one row: all lanes, and their results to all targets. */
function writeGroup(
  f: FunctionBuilder,
  { kernel, element, relaxed, attrs }: EpilogueOptions,
  accesses: readonly Access[],
  tile: Local,
  left: Local,
): void {
  const { sources, targets } = kernel;
  const context: LaneContext = {
    f,
    relaxed,
    memo: new Map(),
    attr: attrReader(f, f.parameters[0]!, attrs),
    input: (name) => {
      if (name === "sum") return loadSum(f, element, tile);
      const i = sources.findIndex((source) => source.name === name);
      return loadGroup(f, sources[i]!.dtype, accesses[i]!);
    },
  };
  // All before any is stored: a target may be the array of a source.
  const values = targets.map(({ lane }) => emitLane(lane, context));
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
  const result = (dtype === "float64" ? [0, 1] : [0]).map(() => f.local("v128"));
  const keep = (four: Four): void => {
    for (const [i, part] of four.entries()) f.get(part).set(result[i]!);
  };
  const places = [0, 1, 2, 3].map(() => f.local("i32"));
  const place = (column: number): void => {
    pushColumn(f, access, column);
    f.set(places[column]!);
  };
  f.get(access.run).if(
    () => {
      place(0);
      keep(loadFour(f, dtype, places[0]!, 0));
    },
    () => {
      for (const column of places.keys()) place(column);
      keep(gatherFour(f, dtype, places));
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
