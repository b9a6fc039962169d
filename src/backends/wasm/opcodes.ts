/**
 * @file WebAssembly's instructions by their names in its text format. Only the numbers: what an instruction takes and gives
 * is WebAssembly's affair, checked when a module is compiled.
 */

/** Names in the order of consecutive codes; "" leaves one out. */
const run = (first: number, names: string): [string, number][] =>
  names
    .split(" ")
    .map((name, i): [string, number] => [name, first + i])
    .filter(([name]) => name !== "-");

const family = (type: string, first: number, names: string): [string, number][] =>
  run(first, names).map(([name, code]) => [`${type}.${name}`, code]);

const INTEGER = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOAT = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign";
const ORDER = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const FLOAT_ORDER = "eq ne lt gt le ge";

/** Instructions of one byte. */
const PLAIN: readonly [string, number][] = [
  ...run(0x00, "unreachable nop"),
  ...run(0x0f, "return"),
  ...run(0x1a, "drop select"),
  ...family("i32", 0x45, `eqz ${ORDER}`),
  ...family("i64", 0x50, `eqz ${ORDER}`),
  ...family("f32", 0x5b, FLOAT_ORDER),
  ...family("f64", 0x61, FLOAT_ORDER),
  ...family("i32", 0x67, INTEGER),
  ...family("i64", 0x79, INTEGER),
  ...family("f32", 0x8b, FLOAT),
  ...family("f64", 0x99, FLOAT),
  ...run(0xa7, "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u"),
  ...run(0xac, "i64.extend_i32_s i64.extend_i32_u"),
  ...run(0xb2, "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64"),
  ...run(0xb7, "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32"),
  ...run(0xbc, "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"),
  ...run(0xc0, "i32.extend8_s i32.extend16_s"),
];

/** Instructions after the byte 0xfc. */
const SATURATING: readonly [string, number][] = [
  ...run(0, "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
  ...run(6, "i64.trunc_sat_f64_s"),
];

const SHIFTS = "shl shr_s shr_u";
const VECTOR_FLOAT = "abs neg - sqrt add sub mul div min max pmin pmax";

/** Instructions after the byte 0xfd. */
const SIMD: readonly [string, number][] = [
  ...run(14, "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"),
  ...family("i8x16", 35, ORDER),
  ...family("i16x8", 45, ORDER),
  ...family("i32x4", 55, ORDER),
  ...family("f32x4", 65, FLOAT_ORDER),
  ...family("f64x2", 71, FLOAT_ORDER),
  ...family("v128", 77, "not and andnot or xor bitselect any_true"),
  ...run(94, "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"),
  ...family("i8x16", 96, "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u"),
  ...family("f32x4", 103, "ceil floor trunc nearest"),
  ...family("i8x16", 107, `${SHIFTS} add add_sat_s add_sat_u sub sub_sat_s sub_sat_u`),
  ...family("f64x2", 116, "ceil floor"),
  ...family("i8x16", 118, "min_s min_u max_s max_u"),
  ...run(122, "f64x2.trunc"),
  ...family("i16x8", 128, "abs neg - all_true bitmask narrow_i32x4_s narrow_i32x4_u"),
  ...family("i16x8", 135, "extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u"),
  ...family("i16x8", 139, `${SHIFTS} add add_sat_s add_sat_u sub`),
  ...run(148, "f64x2.nearest i16x8.mul"),
  ...family("i32x4", 160, "abs neg - all_true bitmask"),
  ...family(
    "i32x4",
    167,
    `extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u ${SHIFTS} add - - sub`,
  ),
  ...family("i32x4", 181, "mul min_s min_u max_s max_u dot_i16x8_s"),
  ...family("i64x2", 192, "abs neg - all_true bitmask"),
  ...family(
    "i64x2",
    199,
    `extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u ${SHIFTS} add - - sub`,
  ),
  ...family("i64x2", 213, "mul eq ne lt_s gt_s le_s ge_s"),
  ...run(222, "i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u"),
  ...family("f32x4", 224, VECTOR_FLOAT),
  ...family("f64x2", 236, VECTOR_FLOAT),
  ...run(248, "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"),
  ...run(252, "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero"),
  ...run(254, "f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u"),
  // Relaxed SIMD: only where the engine has it.
  ...run(0x105, "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"),
];

/** Memory instructions, with the power of two they are aligned to at most. */
const MEMORY: readonly [name: string, prefix: number, code: number, align: number][] = [
  ["i32.load", 0, 0x28, 2],
  ["i64.load", 0, 0x29, 3],
  ["f32.load", 0, 0x2a, 2],
  ["f64.load", 0, 0x2b, 3],
  ["i32.load8_s", 0, 0x2c, 0],
  ["i32.load8_u", 0, 0x2d, 0],
  ["i32.store", 0, 0x36, 2],
  ["i64.store", 0, 0x37, 3],
  ["f32.store", 0, 0x38, 2],
  ["f64.store", 0, 0x39, 3],
  ["i32.store8", 0, 0x3a, 0],
  ["v128.load", 0xfd, 0, 4],
  ["v128.load8x8_u", 0xfd, 2, 3],
  ["v128.load32x2_s", 0xfd, 5, 3],
  ["v128.load8_splat", 0xfd, 7, 0],
  ["v128.load32_splat", 0xfd, 9, 2],
  ["v128.load64_splat", 0xfd, 10, 3],
  ["v128.store", 0xfd, 11, 4],
  ["v128.load32_zero", 0xfd, 92, 2],
  ["v128.load64_zero", 0xfd, 93, 3],
  ["memory.atomic.notify", 0xfe, 0, 2],
  ["memory.atomic.wait32", 0xfe, 1, 2],
  ["i32.atomic.load", 0xfe, 0x10, 2],
  ["i32.atomic.store", 0xfe, 0x17, 2],
  ["i32.atomic.rmw.add", 0xfe, 0x1e, 2],
];

/** Memory instructions on one lane of a vector. */
const LANE_MEMORY: readonly [name: string, code: number, align: number][] = [
  ["v128.load8_lane", 84, 0],
  ["v128.load32_lane", 86, 2],
  ["v128.load64_lane", 87, 3],
  ["v128.store8_lane", 88, 0],
  ["v128.store32_lane", 90, 2],
  ["v128.store64_lane", 91, 3],
];

/** Instructions that name a lane. */
const LANE: readonly [string, number][] = [
  ...run(21, "i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane"),
  ...run(27, "i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane"),
  ...run(31, "f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane"),
];

/** What an instruction is written as: a prefix (0 for none), a code, and what follows. */
export interface Opcode {
  readonly prefix: number;
  readonly code: number;
  readonly follows: "nothing" | "memory" | "lane" | "memory and lane";
  readonly align: number;
}

const entry = (
  [name, code]: readonly [string, number],
  prefix: number,
  follows: Opcode["follows"] = "nothing",
  align = 0,
): [string, Opcode] => [name, { prefix, code, follows, align }];

/** Every instruction that needs no label, local or constant. */
export const OPCODES: ReadonlyMap<string, Opcode> = new Map([
  ...PLAIN.map((op) => entry(op, 0)),
  ...SATURATING.map((op) => entry(op, 0xfc)),
  ...SIMD.map((op) => entry(op, 0xfd)),
  ...LANE.map((op) => entry(op, 0xfd, "lane")),
  ...MEMORY.map(([name, prefix, code, align]) => entry([name, code], prefix, "memory", align)),
  ...LANE_MEMORY.map(([name, code, align]) => entry([name, code], 0xfd, "memory and lane", align)),
]);
