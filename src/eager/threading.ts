/**
 * @file `tf.config.threading`: how many threads work on one program.
 */
import { processPool } from "../backends/wasm/pool.js";
import { hardwareThreads } from "../backends/wasm/poolHost.js";
import { ValueError } from "../core/errors.js";

let wanted = 0;

/**
 * Sets how many threads work on one compiled program, the caller's among them. Counts from the next run on; results are the same
 * with any number.
 *
 * @param numThreads  whole number ≥ 0; 0, the default, takes as many as the machine runs at a time
 * @throws {ValueError} it is no such number
 * @example
 * tf.config.threading.setIntraOpParallelismThreads(1);
 * tf.config.threading.getIntraOpParallelismThreads() // 1
 */
export function setIntraOpParallelismThreads(numThreads: number): void {
  if (!Number.isInteger(numThreads) || numThreads < 0) {
    throw new ValueError(
      `setIntraOpParallelismThreads: expected a whole number ≥ 0, got ${String(numThreads)}`,
    );
  }
  wanted = numThreads;
  processPool().threads = wanted === 0 ? hardwareThreads() : wanted;
}

/**
 * How many threads work on one program: what was set, or 0 where the machine decides.
 *
 * @example
 * tf.config.threading.setIntraOpParallelismThreads(0);
 * tf.config.threading.getIntraOpParallelismThreads() // 0
 */
export const getIntraOpParallelismThreads = (): number => wanted;
