/**
 * @file The words by which the threads of a pool agree: a block in the heap, in which every word that is written often has a
 * cache line of its own.
 */

/** Places of the words, counted in int32. */
export const CONTROL = {
  /** Odd while a step is open to all, even while it is not. Every change is a new number. */
  phase: 0,
  /** The first unit that nobody has taken. */
  next: 16,
  /** How many workers are inside the open step. */
  active: 32,
  /** How many workers wait for `phase` to change without looking. */
  sleepers: 48,
  /** 1 while the main thread waits for `active` to change without looking. */
  joining: 49,
  /** The open step. */
  routine: 64,
  args: 65,
  units: 66,
  grain: 67,
  /** Workers with higher numbers take no part. */
  helpers: 68,
  /** The chain of modules. */
  firstModule: 69,
  moduleCount: 70,
  /** How many workers have come up. */
  ready: 80,
  /** The number of the worker whose error is told, and how many characters it has; 0 is none. */
  failed: 81,
  messageLength: 82,
  message: 96,
} as const;

/** Characters of an error that are told. */
export const MESSAGE_CHARACTERS = 200;

export const CONTROL_WORDS = CONTROL.message + MESSAGE_CHARACTERS;

/** How often a thread looks at a word before it goes to sleep: some 50 µs. */
export const SPINS = 20_000;
