/**
 * @file Seeds that change with every draw, and are state that a model keeps.
 */
import { ValueError } from "../../core/errors.js";
import { random as tfRandom } from "../../ops/public.js";
import { autoName } from "../base/naming.js";
import { withNameScope } from "../base/scope.js";
import type { Config } from "../base/serialization.js";
import { Variable } from "../base/variable.js";
import { makeDefaultSeed, seedGlobalRandom } from "./globalRandom.js";

/** Two whole numbers that fix one draw. */
export type Seed = readonly [number, number];

/** What random functions take as a seed: a number for the same draw every time, a generator, or none. */
export type SeedLike = number | SeedGenerator | null | undefined;

/**
 * A source of seeds: each `next()` gives another pair, in an order fixed by the first seed.
 *
 * @example
 * const seeds = new keras.random.SeedGenerator(7);
 * seeds.next() // [ 7, 0 ]
 * seeds.next() // [ 7, 1 ]
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

  /** The next pair. */
  next(): Seed {
    const [seed, draws] = this.state.storage;
    this.state.assign([seed!, draws! + 1]);
    return [seed!, draws!];
  }

  getConfig(): Config {
    return { seed: this.seed };
  }
}

let shared: SeedGenerator | null = null;

/**
 * The seeds of one draw.
 *
 * @throws {ValueError} neither a number, a generator nor nothing
 */
export function drawSeed(seed: SeedLike): Seed {
  if (seed instanceof SeedGenerator) return seed.next();
  if (typeof seed === "number") return [seed, 0];
  if (seed === null || seed === undefined)
    return (shared ??= new SeedGenerator(null, { name: "global_seed_generator" })).next();
  throw new ValueError(
    `Argument \`seed\` must be either an integer or an instance of \`SeedGenerator\`. Received: seed=${seed}`,
  );
}

/** Makes every unseeded draw, initial weight and shuffle from now on repeatable. */
export function setRandomSeed(seed: number): void {
  seedGlobalRandom(seed);
  tfRandom.setSeed(seed);
  shared = null;
}
