/**
 * @file `keras.random`.
 */
export { type DrawOptions, dropout, normal, randint, truncatedNormal, uniform } from "./draw.js";
export { type DrawSeed, SeedGenerator, type SeedLike } from "./seedGenerator.js";
