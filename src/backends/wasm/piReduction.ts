/**
 * @file Large numbers modulo π/2, one at a time, exactly enough for any float64 (the method of Payne and Hanek): the number's 53 bits
 * times the 192 bits of 2/π that matter for its exponent.
 */
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";

/** The binary digits of 2/π, 64 in each, after 64 zeros. */
const TWO_OVER_PI = [
  ...[0n, 0xa2f9836e4e441529n, 0xfc2757d1f534ddc0n, 0xdb6295993c439041n, 0xfe5163abdebbc561n],
  ...[0xb7246e3a424dd2e0n, 0x06492eea09d1921cn, 0xfe1deb1cb129a73en, 0xe88235f52ebb4484n],
  ...[0xe99c7026b45f7e41n, 0x3991d639835339f4n, 0x9c845f8bbdf9283bn, 0x1ff897ffde05980fn],
  ...[0xef2f118b5a0a6d1fn, 0x6d367ecf27cb09b7n, 0x4f463f669e5fea2dn, 0x7527bac7ebe5f17bn],
  ...[0x3d0739f78a5292ean, 0x6bfb5fb11f8d5d08n, 0x56033046fc7b6babn],
];

/** `(i: i32) → i64`: one of the words. */
function wordFunction(f: FunctionBuilder): FunctionHandle {
  return f.module.shared("2/π", ["i32"], ["i64"], (g) => {
    TWO_OVER_PI.forEach((word, i) => {
      g.get(g.parameters[0]!).i32(i).op("i32.eq");
      g.if(() => g.i64(word).op("return"));
    });
    g.i64(0n);
  });
}

/** `(a: i64, b: i64) → i64`: the upper half of the product of two unsigned numbers, from products of their halves. */
function upperProduct(f: FunctionBuilder): FunctionHandle {
  return f.module.shared("upper product", ["i64", "i64"], ["i64"], (g) => {
    const [a, b] = g.parameters as [Local, Local];
    const low = (x: Local): FunctionBuilder => g.get(x).i64(0xffffffffn).op("i64.and");
    const high = (x: Local): FunctionBuilder => g.get(x).i64(32n).op("i64.shr_u");
    const middle = g.local("i64");
    high(a);
    low(b).op("i64.mul");
    low(a);
    low(b).op("i64.mul").i64(32n).op("i64.shr_u").op("i64.add").set(middle);
    high(a);
    high(b).op("i64.mul");
    high(middle).op("i64.add");
    low(a);
    high(b).op("i64.mul");
    low(middle).op("i64.add").i64(32n).op("i64.shr_u").op("i64.add");
  });
}

/**
 * `(x: f64) → (n: i64, r: f64)`: x = n·π/2 + r, n modulo 4 and |r| ≤ π/4, for x ≥ 2¹⁹. What is not finite becomes NaN.
 */
export function largeReduction(f: FunctionBuilder): FunctionHandle {
  const word = wordFunction(f);
  const upper = upperProduct(f);
  return f.module.shared("x modulo π/2", ["f64"], ["i64", "f64"], (g) => {
    const x = g.parameters[0]!;
    const significand = g.local("i64");
    const start = g.local("i32");
    // With x = significand·2ᵉ, the first bit of 2/π whose product is below 4 is number e + 62 of the table; 1075 = 1023 + 52.
    g.get(x).op("i64.reinterpret_f64").i64(52n).op("i64.shr_u").op("i32.wrap_i64");
    g.i32(1075 - 62)
      .op("i32.sub")
      .tee(start)
      .i32(2047 - 1075 + 62)
      .op("i32.eq");
    g.if(() => g.i64(0n).get(x).get(x).op("f64.sub").op("return"));
    g.get(x)
      .op("i64.reinterpret_f64")
      .i64((1n << 52n) - 1n)
      .op("i64.and");
    g.i64(1n << 52n)
      .op("i64.or")
      .set(significand);
    const words = [0, 1, 2].map((i) => shiftedWord(g, word, start, i));
    writeRemainder(g, significand, words, upper);
  });
}

/** 64 bits of the table, from bit `start` + 64·i on. */
function shiftedWord(g: FunctionBuilder, word: FunctionHandle, start: Local, i: number): Local {
  const result = g.local("i64");
  const load = (k: number): FunctionBuilder =>
    g.get(start).i32(6).op("i32.shr_u").i32(k).op("i32.add").call(word);
  const shift = (): FunctionBuilder => g.get(start).op("i64.extend_i32_u").i64(63n).op("i64.and");
  load(i);
  shift().op("i64.shl");
  // In two steps: a shift by 64 would be one by 0.
  load(i + 1)
    .i64(1n)
    .op("i64.shr_u")
    .i64(63n);
  shift().op("i64.sub").op("i64.shr_u").op("i64.or").set(result);
  return result;
}

/** The product's upper 128 bits are a quarter of the number of quarter turns, modulo 1. Leaves n and r on the stack. */
function writeRemainder(
  g: FunctionBuilder,
  significand: Local,
  words: readonly Local[],
  upper: FunctionHandle,
): void {
  const [high, low, n] = [g.local("i64"), g.local("i64"), g.local("i64")];
  g.get(significand).get(words[2]!).call(upper);
  g.get(significand).get(words[1]!).op("i64.mul").op("i64.add").set(low);
  g.get(significand).get(words[0]!).op("i64.mul");
  g.get(significand).get(words[1]!).call(upper).op("i64.add");
  g.get(low).get(significand).get(words[1]!).op("i64.mul").op("i64.lt_u");
  g.op("i64.extend_i32_u").op("i64.add").set(high);
  // The nearest multiple of a quarter is taken off.
  g.get(high)
    .i64(1n << 61n)
    .op("i64.add")
    .i64(62n)
    .op("i64.shr_u")
    .set(n);
  g.get(high).get(n).i64(62n).op("i64.shl").op("i64.sub").set(high);
  const sign = g.local("f64");
  g.f64((Math.PI / 2) * 2 ** -126).set(sign);
  g.get(high).i64(0n).op("i64.lt_s");
  g.if(() => {
    g.f64((-Math.PI / 2) * 2 ** -126).set(sign);
    g.i64(0n).get(low).op("i64.sub").set(low);
    g.get(high).i64(-1n).op("i64.xor");
    g.get(low).op("i64.eqz").op("i64.extend_i32_u").op("i64.add").set(high);
  });
  g.get(n);
  g.get(high)
    .op("f64.convert_i64_u")
    .f64(2 ** 64)
    .op("f64.mul");
  g.get(low).op("f64.convert_i64_u").op("f64.add").get(sign).op("f64.mul");
}
