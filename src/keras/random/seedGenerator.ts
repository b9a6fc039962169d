/**
 * @file Seeds that change with every draw, and are state that a model keeps.
 */
import { ShapeError, ValueError } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import { Tensor } from "../../core/tensor.js";
import { withoutTracing } from "../../core/tracer.js";
import { seedWords } from "../../ops/generator.js";
import { add, concat, constant, random as tfRandom } from "../../ops/public.js";
import { autoName } from "../base/naming.js";
import { withNameScope } from "../base/scope.js";
import type { Config } from "../base/serialization.js";
import { Variable } from "../base/variable.js";
import { makeDefaultSeed, seedGlobalRandom } from "./globalRandom.js";

/** What initializers and layers take as a seed: a number for the same draw every time, a generator, or none. */
export type SeedLike = number | SeedGenerator | null | undefined;

/** What random functions take as a seed: also what `SeedGenerator.next` gives, int32 [2]. */
export type DrawSeed = SeedLike | Tensor;

/** What is added to a generator's state after each draw. */
const ONE_DRAW = Int32Array.from([0, 1]);

/**
 * A source of seeds: each `next()` gives another pair, in an order fixed by the first seed.
 *
 * @example
 * const seeds = new keras.random.SeedGenerator(7);
 * seeds.next().array() // [ 7, 0 ]
 * seeds.next().array() // [ 7, 1 ]
 */
export class SeedGenerator {
  readonly name: string;
  readonly seed: number | null;
  /** The first seed and how many draws there were: int32, shape [2]. */
  readonly state: Variable;

  /**
   * @param seed     a whole number; without one, chosen at random
   * @param options  `name`
   * @throws {ValueError} not a whole number, or below 0
   */
  constructor(seed: number | null = null, options: { name?: string } = {}) {
    if (seed !== null && !Number.isInteger(seed)) {
      throw new ValueError(`Argument \`seed\` must be an integer. Received: seed=${seed}`);
    }
    if (seed !== null && seed < 0)
      throw new ValueError(`Argument \`seed\` cannot be negative. Received: seed=${seed}`);
    this.name = options.name ?? autoName("SeedGenerator");
    this.seed = seed;
    const first = seed ?? makeDefaultSeed();
    this.state = withNameScope(
      this.name,
      this,
      () => new Variable([first, 0], { dtype: "int32", trainable: false, name: "seed_generator_state" }),
    );
  }

  /** The next pair: the state before it is moved on, int32 [2]. Made of ops alone, so that it can be traced. */
  next(): Tensor {
    const pair = this.state.readValue();
    this.state.assign(add(pair, ONE_DRAW));
    return pair;
  }

  getConfig(): Config {
    return { seed: this.seed };
  }
}

let shared: SeedGenerator | null = null;

/** The upper half of the counter from which seeded draws start: no global generator ever comes there. */
const DRAW_START = Int32Array.from([0, 0, 0, 1]);

/**
 * The state of the random bits of one draw: int32 [6], the seed's two words last.
 *
 * @throws {ValueError} neither a number, a tensor, a generator nor nothing
 * @throws {ShapeError} a tensor of another shape than [2]
 */
export function drawState(seed: DrawSeed): Tensor {
  if (typeof seed === "number") return constant(Int32Array.from([...DRAW_START, ...seedWords(seed, "seed")]));
  return concat([DRAW_START, seedPair(seed)]);
}

const globalSeedGenerator = (): SeedGenerator => new SeedGenerator(null, { name: "global_seed_generator" });

function seedPair(seed: Exclude<DrawSeed, number>): Tensor {
  if (seed instanceof SeedGenerator) return seed.next();
  if (seed === null || seed === undefined) return (shared ??= withoutTracing(globalSeedGenerator)).next();
  if (!(seed instanceof Tensor)) {
    throw new ValueError(
      `Argument \`seed\` must be either an integer or an instance of \`SeedGenerator\`. Received: seed=${seed}`,
    );
  }
  if (seed.rank === 1 && seed.shape[0] === 2) return seed;
  throw new ShapeError(`seed: expected an int32 tensor of shape [2], got shape ${showShape(seed.shape)}`);
}

/** Makes every unseeded draw, initial weight and shuffle from now on repeatable. */
export function setRandomSeed(seed: number): void {
  seedGlobalRandom(seed);
  tfRandom.setSeed(seed);
  shared = null;
}
