/** @file Stopping a cell from outside, be it in an endless loop or waiting for something that never comes. */

/** How many copies of the flag there are: guarded loops look at another one each time round. */
const copies = 8;

/**
 * A flag by which a cell can be stopped, for `CellExecutorOptions.interruptFlag`. Its memory is shared, so that a thread
 * other than the one that runs the cell can set it; where shared memory is not available, it is plain.
 *
 * @example createInterruptFlag().length // 8
 */
export function createInterruptFlag(): Int32Array {
  const bytes = copies * Int32Array.BYTES_PER_ELEMENT;
  return new Int32Array(
    typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes),
  );
}

/**
 * Tells the cell that runs to stop at its next loop or function, or that it need not: whoever sets the flag takes it
 * back before asking for another cell.
 *
 * @example
 * const flag = createInterruptFlag();
 * setInterruptFlag(flag, true);
 * flag[0] // 1
 */
export function setInterruptFlag(flag: Int32Array, raised: boolean): void {
  for (let index = 0; index < flag.length; index++) Atomics.store(flag, index, raised ? 1 : 0);
}

/** What ends a cell that was told to stop. */
export class CellInterrupt extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("the cell was stopped");
  }
}

type Reject = (error: CellInterrupt) => void;

/** What guarded cells wait through, and what ends their waits. */
export class Interrupts {
  private readonly waiting = new Set<Reject>();
  private controller = new AbortController();

  constructor(readonly flag: Int32Array) {}

  /** Called where a cell finds its flag set. */
  stop(): never {
    throw new CellInterrupt();
  }

  /** Stops what runs: the waits now, loops and functions when they look at the flag. */
  interrupt(): void {
    setInterruptFlag(this.flag, true);
    this.controller.abort(new CellInterrupt());
    for (const reject of [...this.waiting]) reject(new CellInterrupt());
  }

  /** Ends what the stopped cell started and left behind, and lets the next cell run. */
  clear(): void {
    if (this.flag[0] !== 0) this.controller.abort(new CellInterrupt());
    setInterruptFlag(this.flag, false);
  }

  /** A signal for the cell that starts now. */
  signal(): AbortSignal {
    this.controller = new AbortController();
    return this.controller.signal;
  }

  /** The value of a promise, or an error when cells are told to stop. */
  wait<Value>(value: Value | PromiseLike<Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      this.waiting.add(reject);
      const done = (): boolean => this.waiting.delete(reject);
      Promise.resolve(value).then(resolve, reject).finally(done);
    });
  }

  /** What `await` in a cell waits for: not at all where the cell is to stop. */
  waitInCell<Value>(value: Value | PromiseLike<Value>): Promise<Value> {
    const result = this.wait(value);
    if (this.flag[0] === 0) return result;
    // Nobody is left to hear that it failed.
    result.catch(() => {});
    this.stop();
  }

  /** The values of an iterable, each waited for so. */
  async *waitEach<Value>(values: AsyncIterable<Value> | Iterable<Value>): AsyncGenerator<Value> {
    const iterator = iteratorOf(values);
    let finished = false;
    try {
      for (;;) {
        const { done, value } = await this.waitInCell(iterator.next());
        finished = done === true;
        if (finished) return;
        yield value;
      }
    } finally {
      if (!finished) await iterator.return?.();
    }
  }
}

function iteratorOf<Value>(
  values: AsyncIterable<Value> | Iterable<Value>,
): AsyncIterator<Value> | Iterator<Value> {
  return Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
}
