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
