/**
 * @file The ops that random numbers are made of: bits from a generator's state, and what turns bits into numbers.
 *
 * A state is six words: a counter of four, least significant first, and a key of two.
 */
import { apply, applyMany } from "../core/apply.js";
import type { DType } from "../core/dtype.js";
import { elementwise, opaque } from "../core/kinds.js";
import type { Flat } from "../core/op.js";
import { philox } from "../core/philox.js";
import { type Shape, sizeOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";
import { ceilDivSize, mulSizes } from "../ir/openSize.js";

/** Words that one call of Philox gives. */
const WORDS_PER_BLOCK = 4;
const WORD = 2 ** 32;

interface BitsAttrs {
  readonly shape: Shape;
  /** How many words each element gets: one output each. */
  readonly words: number;
}

/** Adds to the four words of a counter, with carries. */
function advance(counter: Int32Array, delta: number): void {
  let carry = delta;
  for (let i = 0; i < 4 && carry > 0; i++) {
    const sum = (counter[i]! >>> 0) + (carry % WORD);
    counter[i] = sum;
    carry = Math.floor(carry / WORD) + (sum >= WORD ? 1 : 0);
  }
}

/** How many blocks `randomBits` uses. */
export const blocksFor = (elements: number, words: number): number =>
  ceilDivSize(mulSizes(elements, words), WORDS_PER_BLOCK);

/** Full 32-bit integers: one tensor of the shape for each word per element. */
export const randomBits = (state: TensorLike, shape: Shape, words: number): Tensor[] =>
  applyMany(randomBitsOp, [state], { shape, words });
export const randomBitsOp = opaque({
  name: "StatelessRandomUniformFullInt",
  inputs: ["state"],
  roles: { state: "int32" },
  multiple: true,
  infer: (_, { shape, words }: BitsAttrs): readonly Spec[] =>
    Array.from({ length: words }, () => specOf(shape, "int32")),
  kernel: ([state], outputs, { shape, words }) => {
    const [k0, k1] = [state!.data[4]!, state!.data[5]!];
    const counter = Int32Array.from(state!.data.subarray(0, 4));
    const block = new Int32Array(WORDS_PER_BLOCK);
    const total = sizeOf(shape) * words;
    for (let next = 0; next < total; next += WORDS_PER_BLOCK) {
      philox(counter[0]!, counter[1]!, counter[2]!, counter[3]!, k0, k1, block);
      const end = Math.min(total - next, WORDS_PER_BLOCK);
      for (let i = 0; i < end; i++) {
        const place = next + i;
        outputs[place % words]!.data[Math.floor(place / words)] = block[i]!;
      }
      advance(counter, 1);
    }
  },
  grad: null,
});

/** The state after `blocks` blocks have been used. */
export const skipBlocks = (state: TensorLike, blocks: number): Tensor =>
  apply(rngSkipOp, [state], { blocks });
export const rngSkipOp = opaque({
  name: "RngSkip",
  inputs: ["state"],
  roles: { state: "int32" },
  infer: ([state]) => state!,
  kernel: ([state], [next], { blocks }: { blocks: number }) => {
    next!.data.set(state!.data);
    advance(next!.data.subarray(0, 4) as Int32Array, blocks);
  },
  grad: null,
});

interface IntegerAttrs {
  readonly shape: Shape;
  readonly low: number;
  /** How many values: low … low + count − 1. */
  readonly count: number;
  readonly dtype: DType;
}

/** A source of unbiased whole numbers below `count`: words that would favour some values are drawn again. */
function integerSource(state: Flat): (index: number, count: number) => number {
  const [c0, c1, c2, c3, k0, k1] = state.data as Int32Array;
  const block = new Int32Array(WORDS_PER_BLOCK);
  const counter = new Int32Array(4);
  return (index, count) => {
    const limit = WORD - (WORD % count);
    // Element `index` has a block of its own; where its four words do not do, further ones in a stream aside.
    for (let attempt = 0; ; attempt++) {
      counter.set([c0!, c1!, c2!, c3! ^ (attempt << 16)]);
      advance(counter, index);
      philox(counter[0]!, counter[1]!, counter[2]!, counter[3]!, k0!, k1!, block);
      for (let i = 0; i < WORDS_PER_BLOCK; i++) {
        const word = block[i]! >>> 0;
        if (word < limit) return word % count;
      }
    }
  };
}

/** Whole numbers from `low` on, `count` different ones, all equally likely. Uses one block per element. */
export const randomIntegers = (state: TensorLike, attrs: IntegerAttrs): Tensor =>
  apply(randomIntegersOp, [state], attrs as never);
export const randomIntegersOp = opaque({
  name: "StatelessRandomUniformInt",
  inputs: ["state"],
  roles: { state: "int32" },
  infer: (_, { shape, dtype }: IntegerAttrs) => specOf(shape, dtype),
  kernel: ([state], [out], { low, count }) => {
    const draw = integerSource(state!);
    for (let i = 0; i < out!.data.length; i++) out!.data[i] = low + draw(i, count);
  },
  grad: null,
});

/** The numbers 0 … count − 1 in random order (Fisher and Yates). Uses one block per number. */
export const randomPermutation = (state: TensorLike, count: number): Tensor =>
  apply(randomPermutationOp, [state], { count });
export const randomPermutationOp = opaque({
  name: "StatelessRandomPermutation",
  inputs: ["state"],
  roles: { state: "int32" },
  infer: (_, { count }: { count: number }) => specOf([count], "int32"),
  kernel: ([state], [out], { count }) => {
    const { data } = out!;
    const draw = integerSource(state!);
    for (let i = 0; i < count; i++) {
      const place = draw(i, i + 1);
      data[i] = data[place]!;
      data[place] = i;
    }
  },
  grad: null,
});

/** A word as a number in [0, 1): its upper 24 bits. Every step is exact. */
const unitOfWord = (bits: Lane): Lane =>
  lane.add(lane.mul(lane.cast(lane.floordiv(bits, 256), "float32"), 2 ** -24), 0.5);

/** float32 numbers in [0, 1), multiples of 2⁻²⁴, from one word each. */
export const unitFromWord = (bits: Tensor): Tensor => apply(unitFromWordOp, [bits]);
export const unitFromWordOp = elementwise({
  name: "UnitFromWord",
  inputs: ["bits"],
  roles: { bits: "int32" },
  lane: ({ bits }) => unitOfWord(bits),
  grad: null,
});

/** float64 numbers in [0, 1), multiples of 2⁻⁵³, from two words each. */
export const unitFromWords = (high: Tensor, low: Tensor): Tensor => apply(unitFromWordsOp, [high, low]);
export const unitFromWordsOp = elementwise({
  name: "UnitFromWords",
  inputs: ["high", "low"],
  roles: { high: "int32", low: "int32" },
  lane: ({ high, low }) => {
    const upper = lane.add(lane.mul(lane.cast(high, "float64"), 2 ** -32), 0.5);
    // 21 bits, counted from 0.
    const rest = lane.add(lane.cast(lane.floordiv(low, 2048), "float64"), 2 ** 20);
    return lane.add(upper, lane.mul(rest, 2 ** -53));
  },
  grad: null,
});

/** Normal numbers from two uniform ones: √(−2 ln(1 − u)) · cos(2πv) (Box and Muller). */
export const boxMuller = (u: Tensor, v: Tensor): Tensor => apply(boxMullerOp, [u, v]);
export const boxMullerOp = elementwise({
  name: "BoxMuller",
  inputs: ["u", "v"],
  accepts: "float",
  lane: ({ u, v }) =>
    lane.mul(lane.sqrt(lane.mul(-2, lane.log(lane.sub(1, u)))), lane.cos(lane.mul(2 * Math.PI, v))),
  grad: null,
});
