/**
 * @file `tf.random`: random tensors and generators.
 */
export {
  categorical,
  Generator,
  getGlobalGenerator,
  type NormalOptions,
  normal,
  type Seeded,
  type StatelessSeed,
  setGlobalGenerator,
  setSeed,
  shuffle,
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
  truncatedNormal,
  type UniformOptions,
  uniform,
} from "../random.js";
