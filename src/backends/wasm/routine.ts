/**
 * @file What a kernel becomes here: routines, functions of WebAssembly that share work by units.
 */
import type { Flat } from "../../core/op.js";
import type { FunctionBuilder } from "./assembler.js";

/** One word of a routine's argument block, little-endian, at a multiple of its own size. */
export type Argument =
  | { readonly i32: number }
  | { readonly f32: number }
  | { readonly f64: number }
  /** The byte address of one of the kernel's arrays plus `bytes`. Takes the place of an i32. */
  | { readonly array: number; readonly bytes: number };

/**
 * A function `(args: i32, begin: i32, end: i32, worker: i32) → ()` that does the units from `begin` up to `end`. Units can be
 * done in any order and at the same time by several workers, with the same result; `worker` is a small number, different
 * for each of those at work at the same time.
 */
export interface Routine {
  /** The same key means the same code: it holds everything `write` depends on. */
  readonly key: string;
  /** Writes the body; parameters are the four locals. Imports of `env` must be asked for in `imports`. */
  write(f: FunctionBuilder): void;
  /** Functions of numbers (float64 in and out) from the table of lane functions that the body calls: on the host's thread only. */
  readonly imports: readonly string[];
  readonly args: readonly Argument[];
  readonly units: number;
  /** A rough number of nanoseconds for one unit on one thread. */
  readonly unitCost: number;
}

/**
 * A rendered kernel: routines that run one after the other. Arrays are numbered: for map kernels sources then targets; for
 * reductions sources, extras, targets; for products a, b, sources, targets; for opaque ops inputs, outputs; then the
 * kernel's temporaries.
 */
export interface Rendered {
  readonly routines: readonly Routine[];
  /** Sizes in bytes of scratch arrays that live while the kernel runs. */
  readonly temporaries: readonly number[];
  /** Asked on the host before the routines run: false for values that the op refuses, of which its own kernel tells. */
  accepts?(inputs: readonly Flat[]): boolean;
}

/** How many workers may be at work at the same time, at most: what private scratch must allow for. */
export const MAX_WORKERS = 16;

/** Every array may be read this far beyond its end. Nothing may be written there. */
export const READ_SLACK_BYTES = 64;
