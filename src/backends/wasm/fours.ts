/**
 * @file Four elements of any dtype: how they lie in vectors, and their way from memory and back.
 */
import { bytesOf as elementBytes } from "../../core/dtype.js";
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";

/**
 * Four elements. float32 and int32: one vector. float64: two, elements 0 and 1, then 2 and 3. uint8: one vector of int32, 0 to
 * 255. bool: one vector of int32, 0 or −1.
 */
export type Four = readonly Local[];

/** The shuffle that moves the second half of a vector to the first. */
const SECOND_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

export { elementBytes };

const isByte = (dtype: DType): boolean => dtype === "bool" || dtype === "uint8";

/** Runs `push`, which leaves a vector on the stack, and keeps it. */
function kept(f: FunctionBuilder, push: () => void): Local {
  const result = f.local("v128");
  push();
  f.set(result);
  return result;
}

/** Spreads the four bytes on the stack's vector over int32 lanes. */
function widenBytes(f: FunctionBuilder, dtype: DType): void {
  f.op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
  if (dtype === "bool") f.op("i32x4.neg");
}

/** Puts four int32 lanes of bytes side by side into the lowest lane of the stack's vector. */
function narrowBytes(f: FunctionBuilder, dtype: DType, value: Local): void {
  f.get(value);
  if (dtype === "bool") f.op("i32x4.neg");
  f.get(value).op("i16x8.narrow_i32x4_s").get(value).op("i8x16.narrow_i16x8_u");
}

/** Loads the four elements at `address + byteOffset`. */
export function loadFour(f: FunctionBuilder, dtype: DType, address: Local, byteOffset: number): Four {
  if (isByte(dtype)) {
    return [kept(f, () => widenBytes(f.get(address).memory("v128.load32_zero", byteOffset), dtype))];
  }
  const first = kept(f, () => f.get(address).memory("v128.load", byteOffset));
  if (dtype !== "float64") return [first];
  return [first, kept(f, () => f.get(address).memory("v128.load", byteOffset + 16))];
}

/** Four times the element at `address + byteOffset`. */
export function splatFour(f: FunctionBuilder, dtype: DType, address: Local, byteOffset: number): Four {
  if (isByte(dtype)) {
    return [kept(f, () => widenBytes(f.get(address).memory("v128.load8_splat", byteOffset), dtype))];
  }
  if (dtype !== "float64") {
    return [kept(f, () => f.get(address).memory("v128.load32_splat", byteOffset))];
  }
  const both = kept(f, () => f.get(address).memory("v128.load64_splat", byteOffset));
  return [both, both];
}

/** Loads four elements from four addresses. */
export function gatherFour(f: FunctionBuilder, dtype: DType, addresses: readonly Local[]): Four {
  if (dtype === "float64") {
    return [0, 2].map((first) =>
      kept(f, () => {
        f.get(addresses[first + 1]!);
        f.get(addresses[first]!).memory("v128.load64_zero").memoryLane("v128.load64_lane", 1);
      }),
    );
  }
  const width = isByte(dtype) ? 8 : 32;
  const load = width === 8 ? "v128.load8_splat" : "v128.load32_zero";
  return [
    kept(f, () => {
      for (const address of [3, 2, 1].map((lane) => addresses[lane]!)) f.get(address);
      f.get(addresses[0]!).memory(load);
      for (const lane of [1, 2, 3]) f.memoryLane(`v128.load${width}_lane`, lane);
      if (width === 8) widenBytes(f, dtype);
    }),
  ];
}

/** Stores four elements at `address + byteOffset`. */
export function storeFour(
  f: FunctionBuilder,
  dtype: DType,
  address: Local,
  byteOffset: number,
  value: Four,
): void {
  if (isByte(dtype)) {
    f.get(address);
    narrowBytes(f, dtype, value[0]!);
    f.memoryLane("v128.store32_lane", 0, byteOffset);
    return;
  }
  value.forEach((part, i) => {
    f.get(address)
      .get(part)
      .memory("v128.store", byteOffset + 16 * i);
  });
}

/** Stores one of four elements at an address. */
export function storeOne(f: FunctionBuilder, dtype: DType, address: Local, lane: number, value: Four): void {
  f.get(address);
  if (isByte(dtype)) {
    narrowBytes(f, dtype, value[0]!);
    f.memoryLane("v128.store8_lane", lane);
  } else if (dtype === "float64") f.get(value[lane >> 1]!).memoryLane("v128.store64_lane", lane & 1);
  else f.get(value[0]!).memoryLane("v128.store32_lane", lane);
}

/** Stores the first `count` (1 to 3) of four elements at `address + byteOffset`. */
export function storeSome(
  f: FunctionBuilder,
  dtype: DType,
  address: Local,
  byteOffset: number,
  count: Local,
  value: Four,
): void {
  const place = f.local("i32");
  f.get(address).i32(byteOffset).op("i32.add").set(place);
  f.block((done) => {
    for (const lane of [0, 1, 2]) {
      storeOne(f, dtype, place, lane, value);
      if (lane === 2) return;
      f.get(count)
        .i32(lane + 1)
        .op("i32.le_s")
        .branchIf(done);
      f.get(place).i32(elementBytes(dtype)).op("i32.add").set(place);
    }
  });
}

/** The second half of a vector, moved to the first. */
export function secondHalf(f: FunctionBuilder, value: Local): Local {
  return kept(f, () => f.get(value).get(value).shuffle(SECOND_HALF));
}
