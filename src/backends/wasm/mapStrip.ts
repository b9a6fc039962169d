/**
 * @file The innermost loop of a map kernel: arrays walked four elements at a time, and the few that are left.
 */
import type { TypedLane } from "../../ir/typedLane.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import {
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
import type { MapArray } from "./mapPlan.js";

/** What strips of a kernel are written with. */
export interface StripWriter {
  readonly f: FunctionBuilder;
  readonly relaxed: boolean;
  readonly arrays: readonly MapArray[];
  /** Lanes of the targets, which are the last of the arrays. */
  readonly lanes: readonly TypedLane[];
  /** Bytes from one element to the next of arrays that go farther than one. */
  readonly strides: readonly Local[];
  readonly attr: LaneContext["attr"];
}

const isSource = (array: MapArray): boolean => array.name !== null;

/**
 * Writes a strip: `remaining` elements (0 or more) from the pointers on. Moves the pointers and uses `remaining` up.
 *
 * @param unroll  how many fours one turn of the loop does
 */
export function writeStrip(
  writer: StripWriter,
  pointers: readonly Local[],
  remaining: Local,
  unroll: number,
): void {
  const { f } = writer;
  const fixed = loadFixed(writer, pointers);
  for (const fours of unroll === 1 ? [1] : [unroll, 1]) {
    f.block((done) => {
      f.loop((again) => {
        f.get(remaining)
          .i32(4 * fours)
          .op("i32.lt_s")
          .branchIf(done);
        for (let i = 0; i < fours; i++) writeFour(writer, pointers, fixed, i);
        moveNext(writer, pointers, 4 * fours);
        f.get(remaining)
          .i32(4 * fours)
          .op("i32.sub")
          .set(remaining)
          .branch(again);
      });
    });
  }
  f.get(remaining).if(() => writeRest(writer, pointers, fixed, remaining));
}

/** Values of the sources that stay where they are. */
export function loadFixed(writer: StripWriter, pointers: readonly Local[]): ReadonlyMap<string, Four> {
  const fixed = new Map<string, Four>();
  writer.arrays.forEach(({ name, dtype, inner }, k) => {
    if (name !== null && inner === "stay") fixed.set(name, splatFour(writer.f, dtype, pointers[k]!, 0));
  });
  return fixed;
}

/** Computes the targets' lanes for four positions. */
export function emitTargets(
  writer: StripWriter,
  fixed: ReadonlyMap<string, Four>,
  load: (k: number) => Four,
): Four[] {
  const { f, relaxed, attr } = writer;
  const input = (name: string): Four =>
    fixed.get(name) ?? load(writer.arrays.findIndex((a) => a.name === name));
  const context: LaneContext = { f, relaxed, attr, input, memo: new Map() };
  return writer.lanes.map((lane) => emitLane(lane, context));
}

/** The fours number `group` from the pointers on. Arrays that go far are moved, since their steps are no constants. */
function writeFour(
  writer: StripWriter,
  pointers: readonly Local[],
  fixed: ReadonlyMap<string, Four>,
  group: number,
): void {
  const { f, arrays } = writer;
  const far = new Map<number, Local[]>();
  arrays.forEach(({ inner }, k) => {
    if (inner === "far") far.set(k, fourAddresses(writer, pointers[k]!, k));
  });
  const values = emitTargets(writer, fixed, (k) => {
    const addresses = far.get(k);
    const { dtype } = arrays[k]!;
    if (addresses !== undefined) return gatherFour(f, dtype, addresses);
    return loadFour(f, dtype, pointers[k]!, 4 * group * elementBytes(dtype));
  });
  values.forEach((value, i) => {
    const k = arrays.length - values.length + i;
    const { dtype, inner } = arrays[k]!;
    if (inner === "next") storeFour(f, dtype, pointers[k]!, 4 * group * elementBytes(dtype), value);
    else {
      const addresses = far.get(k) ?? [0, 1, 2, 3].map(() => pointers[k]!);
      for (const [lane, address] of addresses.entries()) storeOne(f, dtype, address, lane, value);
    }
  });
}

/** Addresses of four elements that lie apart; the pointer goes on to the fifth. */
function fourAddresses({ f, strides }: StripWriter, pointer: Local, k: number): Local[] {
  const addresses = [0, 1, 2, 3].map(() => f.local("i32"));
  for (const address of addresses) {
    f.get(pointer).tee(address).get(strides[k]!).op("i32.add").set(pointer);
  }
  return addresses;
}

/** Moves the pointers of contiguous arrays. */
function moveNext({ f, arrays }: StripWriter, pointers: readonly Local[], count: number): void {
  arrays.forEach(({ dtype, inner }, k) => {
    if (inner !== "next") return;
    f.get(pointers[k]!)
      .i32(count * elementBytes(dtype))
      .op("i32.add")
      .set(pointers[k]!);
  });
}

/** The last one to three elements. Lanes beyond them repeat the first, so that no function meets what is no element. */
export function writeRest(
  writer: StripWriter,
  pointers: readonly Local[],
  fixed: ReadonlyMap<string, Four>,
  count: Local,
): void {
  const { f, arrays } = writer;
  const addresses = arrays.map((array, k) =>
    array.inner === "stay" && isSource(array) ? [] : clampedAddresses(writer, pointers[k]!, k, count),
  );
  const values = emitTargets(writer, fixed, (k) => gatherFour(f, arrays[k]!.dtype, addresses[k]!));
  values.forEach((value, i) => {
    const k = arrays.length - values.length + i;
    for (const lane of [0, 1, 2]) {
      f.get(count)
        .i32(lane)
        .op("i32.gt_s")
        .if(() => storeOne(f, arrays[k]!.dtype, addresses[k]![lane]!, lane, value));
    }
  });
}

function clampedAddresses(writer: StripWriter, pointer: Local, k: number, count: Local): Local[] {
  const { f, arrays, strides } = writer;
  const { dtype, inner } = arrays[k]!;
  const lanes = [1, 2].map((lane) => {
    const address = f.local("i32");
    f.get(count).i32(lane).op("i32.gt_s");
    if (inner === "far") f.get(strides[k]!).op("i32.mul");
    else f.i32(inner === "next" ? elementBytes(dtype) : 0).op("i32.mul");
    f.i32(lane).op("i32.mul").get(pointer).op("i32.add").set(address);
    return address;
  });
  return [pointer, ...lanes, pointer];
}
