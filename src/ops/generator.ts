/**
 * @file Random generators: a state in a variable, which every draw moves on.
 */
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { withoutTracing } from "../core/tracer.js";
import { Variable } from "../core/variable.js";
import { isAtMost } from "../ir/openSize.js";
import {
  type Draw,
  type NormalOptions,
  normalDraw,
  truncatedNormalDraw,
  type UniformOptions,
  uniformDraw,
} from "./draw.js";
import { gather } from "./gather.js";
import { blocksFor, randomBits, randomPermutation, skipBlocks } from "./randomBits.js";

const WORD = 2 ** 32;

/**
 * A whole number as two words.
 *
 * @throws {ValueError} not a whole number a double holds exactly
 */
export function seedWords(seed: number, who: string): [number, number] {
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${who}: a seed is a whole number, got ${String(seed)}`);
  return [seed | 0, Math.floor(seed / WORD) | 0];
}

/** The state at the beginning of a stream. */
const startOf = (key: readonly [number, number]): Int32Array => Int32Array.from([0, 0, 0, 0, ...key]);

/** A seed from the clock's noise, for programs that do not set one. */
const anySeed = (): number => Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);

/**
 * A source of random numbers with a state of its own: the same seed gives the same numbers, on every machine.
 *
 * @example
 * const a = tf.random.Generator.fromSeed(1);
 * const b = tf.random.Generator.fromSeed(1);
 * a.normal([3]).sub(b.normal([3])).array() // [ 0, 0, 0 ]
 */
export class Generator {
  /** Counter (four words, least significant first) and key (two): int32 [6]. */
  readonly state: Variable;

  /** @param key  the two words that choose the stream */
  constructor(key: readonly [number, number]) {
    this.state = new Variable(startOf(key), { trainable: false, name: "StateVar" });
  }

  /** A generator whose numbers follow from a seed. */
  static fromSeed(seed: number): Generator {
    return new Generator(seedWords(seed, "Generator.fromSeed"));
  }

  /** A generator whose numbers are different every time. */
  static fromNonDeterministicState(): Generator {
    return Generator.fromSeed(anySeed());
  }

  /** Starts again, from a seed. */
  resetFromSeed(seed: number): void {
    this.state.assign(startOf(seedWords(seed, "Generator.resetFromSeed")));
  }

  /** Normally distributed numbers. */
  normal(shape: readonly number[], options: NormalOptions = {}): Tensor {
    return this.#draw(normalDraw(shape, options, "Generator.normal"));
  }

  /** Normally distributed numbers, none further than two standard deviations from the mean. */
  truncatedNormal(shape: readonly number[], options: NormalOptions = {}): Tensor {
    return this.#draw(truncatedNormalDraw(shape, options, "Generator.truncatedNormal"));
  }

  /** Uniformly distributed numbers from `minval` up to `maxval`. */
  uniform(shape: readonly number[], options: UniformOptions = {}): Tensor {
    return this.#draw(uniformDraw(shape, options, "Generator.uniform"));
  }

  /** The elements along the first axis in random order. */
  shuffle(x: TensorLike): Tensor {
    const tensor = toTensor(x, undefined, "shuffle");
    if (tensor.rank === 0) throw new ShapeError("shuffle: expected a rank of at least 1, got a scalar");
    const count = tensor.shape[0]!;
    return gather(tensor, this.#draw({ blocks: count, from: (state) => randomPermutation(state, count) }));
  }

  /** New generators, independent of this one and of each other. */
  split(count = 1): Generator[] {
    const [high, low] = randomBits(this.state, [count], 2);
    this.skip(blocksFor(count, 2));
    return Array.from({ length: count }, (_, i) => new Generator([high!.storage[i]!, low!.storage[i]!]));
  }

  /** Moves on by some blocks of four words. */
  skip(blocks: number): void {
    if (isAtMost(1, blocks)) this.state.assign(skipBlocks(this.state, blocks));
  }

  #draw(draw: Draw): Tensor {
    const state = this.state.asTensor();
    const result = draw.from(state);
    this.skip(draw.blocks);
    return result;
  }
}

interface Current {
  seed: number | null;
  generator: Generator | null;
  /** The library's own: seeded anew in place, since traced functions go on drawing from it. */
  own: Generator | null;
  /** A stream for each `seed` that a call was given. */
  readonly perCall: Map<number, Generator>;
}

const current: Current = { seed: null, generator: null, own: null, perCall: new Map() };

/**
 * Makes the numbers of `tf.random` reproducible from here on.
 *
 * @param seed  any whole number
 * @throws {ValueError} not a whole number
 * @example
 * tf.random.setSeed(7);
 * const first = tf.random.uniform([2]);
 * tf.random.setSeed(7);
 * tf.random.uniform([2]).sub(first).array() // [ 0, 0 ]
 */
export function setSeed(seed: number): void {
  current.generator = ownGenerator();
  current.generator.resetFromSeed(seed);
  current.seed = seed;
  for (const [own, generator] of current.perCall) generator.state.assign(startOf(callKey(own)));
}

/** Made outside of any trace: it is no variable of the function that happens to draw first. */
const ownGenerator = (): Generator =>
  (current.own ??= withoutTracing(() => Generator.fromNonDeterministicState()));

/** The generator that `tf.random`'s functions draw from. */
export function getGlobalGenerator(): Generator {
  current.generator ??= ownGenerator();
  return current.generator;
}

/** Replaces the generator that `tf.random`'s functions draw from. */
export function setGlobalGenerator(generator: Generator): void {
  current.generator = generator;
}

/**
 * The generator for a call: the global one, or, for a call with a seed of its own, one that follows from that seed and
 * the global one. Like calls in turn get different numbers; the same program gets the same ones each time it runs.
 */
export function generatorFor(seed: number | undefined): Generator {
  if (seed === undefined) return getGlobalGenerator();
  let generator = current.perCall.get(seed);
  if (generator === undefined) {
    generator = withoutTracing(() => new Generator(callKey(seed)));
    current.perCall.set(seed, generator);
  }
  return generator;
}

/** The global seed where a call has one and the program none. */
const DEFAULT_SEED = 87654321;

/** The key of the calls with a seed of their own. */
function callKey(seed: number): [number, number] {
  const [own] = seedWords(seed, "seed");
  return [own, mix(seedWords(current.seed ?? DEFAULT_SEED, "seed"), seed)];
}

/** Two words of one seed and the upper part of another as one, so that no two pairs of small seeds share a key. */
function mix([low, high]: readonly [number, number], seed: number): number {
  return Math.imul(low ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(high + 1, 0x85ebca6b) ^ Math.floor(seed / WORD);
}
