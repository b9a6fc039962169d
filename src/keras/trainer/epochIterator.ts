/**
 * @file Batches of an epoch, in order or shuffled.
 */
import { ValueError } from "../../core/errors.js";
import { randomPermutation } from "../random/globalRandom.js";
import { type Batch, mapLeaves, pickRows, sampleCount, sliceRows } from "./data.js";

export interface EpochOptions {
  /** Samples in a batch; default 32, or what fills `stepsPerEpoch` batches. */
  batchSize?: number | null;
  /** Batches in an epoch; default all of the data. Fewer go on where the last epoch ended. */
  stepsPerEpoch?: number | null;
  /** Samples in another order each time; "batch": only inside each batch. */
  shuffle?: boolean | "batch";
}

/** Goes through the data, epoch after epoch. */
export class EpochIterator {
  readonly #data: Batch;
  readonly #count: number;
  readonly #batchSize: number;
  readonly #stepsPerEpoch: number | null;
  readonly #shuffle: boolean | "batch";
  readonly #batchesInData: number;
  /** Null: in order. */
  #order: Int32Array | null = null;
  /** Batches taken since the data was begun; null before it is. */
  #taken: number | null = null;

  /** @throws {ValueError} inputs and labels disagree in number, a batch size below 1 */
  constructor(data: Batch, options: EpochOptions = {}) {
    this.#data = data;
    this.#count = sampleCount(data);
    const { stepsPerEpoch = null, batchSize } = options;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#batchSize = batchSize ?? (stepsPerEpoch === null ? 32 : Math.ceil(this.#count / stepsPerEpoch));
    if (!Number.isInteger(this.#batchSize) || this.#batchSize < 1) {
      throw new ValueError(
        `Expected \`batch_size\` to be a whole number above 0. Received: batch_size=${this.#batchSize}`,
      );
    }
    this.#shuffle = options.shuffle ?? false;
    this.#batchesInData = Math.ceil(this.#count / this.#batchSize);
  }

  /** Batches in an epoch. */
  get numBatches(): number {
    return this.#stepsPerEpoch ?? this.#batchesInData;
  }

  /** The first batch, in order: to build a model for. */
  firstBatch(): Batch {
    const end = Math.min(this.#batchSize, this.#count);
    return mapLeaves(this.#data, (x) => sliceRows(x, 0, end));
  }

  /** The batches of one epoch. */
  *epoch(): Generator<Batch, void> {
    if (this.#taken === null || this.#stepsPerEpoch === null) this.#begin();
    for (let step = 0; step < this.numBatches; step++) {
      if (this.#taken! >= this.#batchesInData) {
        warnOutOfData();
        break;
      }
      yield this.#batch(this.#taken!++);
    }
    if (this.#taken! >= this.#batchesInData) this.#taken = null;
  }

  #begin(): void {
    this.#taken = 0;
    this.#order = null;
    if (this.#shuffle === true) this.#order = randomPermutation(this.#count);
    else if (this.#shuffle === "batch") this.#order = shuffledInBatches(this.#count, this.#batchSize);
  }

  #batch(index: number): Batch {
    const from = index * this.#batchSize;
    const to = Math.min(from + this.#batchSize, this.#count);
    const order = this.#order;
    return mapLeaves(this.#data, (x) =>
      order === null ? sliceRows(x, from, to) : pickRows(x, order, from, to),
    );
  }
}

function shuffledInBatches(count: number, batchSize: number): Int32Array {
  const order = new Int32Array(count);
  for (let from = 0; from < count; from += batchSize) {
    const inside = randomPermutation(Math.min(batchSize, count - from));
    for (let i = 0; i < inside.length; i++) order[from + i] = from + inside[i]!;
  }
  return order;
}

function warnOutOfData(): void {
  console.warn(
    "Your input ran out of data; interrupting training. Make sure that your dataset or generator can generate at least " +
      "`steps_per_epoch * epochs` batches. You may need to use the `.repeat()` function when building your dataset.",
  );
}
