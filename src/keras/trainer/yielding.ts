/**
 * @file Lets the rest of the program live while a model trains, and lets it stop the training.
 */

/** How long work may go on before others get a turn, in milliseconds. */
const TURN = 40;

/** A new task: timers, input and drawing come first. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });

/**
 * The signal that ends a long job: the caller's, or that of the notebook cell that is running, so that interrupting the
 * cell ends the training in it too.
 */
export const signalOf = (options: { readonly signal?: AbortSignal | null }): AbortSignal | null =>
  options.signal ?? (globalThis as { [cellSignal]?: AbortSignal })[cellSignal] ?? null;

const cellSignal: unique symbol = Symbol.for("nabla.signal");

/** Says when it is time to give others a turn. */
export class Turns {
  readonly #signal: AbortSignal | null;
  #since = performance.now();

  constructor(signal: AbortSignal | null) {
    this.#signal = signal;
  }

  /** Whether the work has gone on long enough, or has been called off. */
  get isOver(): boolean {
    return this.#signal?.aborted || performance.now() - this.#since > TURN;
  }

  /**
   * Gives others a turn.
   *
   * @throws the signal's reason, if the work has been called off
   */
  async pass(): Promise<void> {
    this.#signal?.throwIfAborted();
    await nextTask();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
