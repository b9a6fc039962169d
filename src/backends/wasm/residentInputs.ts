/**
 * @file Large arguments that come again: a tensor never changes, so a copy of it in the heap serves every later run. Bounded: the
 * oldest copies make room.
 */
import { bytesOf } from "../../core/dtype.js";
import type { Tensor } from "../../core/tensor.js";
import type { Heap } from "./heap.js";

/** Copying less than this costs next to nothing. */
const SMALLEST_BYTES = 1 << 17;
/** The most that copies take together. */
const LARGEST_BYTES = 1 << 27;

interface Copy {
  readonly address: number;
  readonly bytes: number;
  /** The run that used it last. */
  run: number;
  isFreed: boolean;
}

export class ResidentInputs {
  /** Tensors that were arguments once: only the second time shows that they come again. */
  readonly #seen = new WeakSet<Tensor>();
  readonly #copies = new WeakMap<Tensor, Copy>();
  /** The oldest first. */
  readonly #queue: Copy[] = [];
  readonly #registry: FinalizationRegistry<Copy>;
  #bytes = 0;
  #run = 0;

  constructor(private readonly heap: Heap) {
    this.#registry = new FinalizationRegistry((copy) => this.#free(copy));
  }

  /** A program is about to ask for its arguments: what it is given stays until the next one begins. */
  beginRun(): void {
    this.#run++;
  }

  /** Where a copy of the tensor is; null if there is none. */
  addressOf(tensor: Tensor): number | null {
    const bytes = tensor.spec.size * bytesOf(tensor.spec.dtype);
    if (bytes < SMALLEST_BYTES) return null;
    const copy = this.#copies.get(tensor);
    if (copy !== undefined && !copy.isFreed) {
      copy.run = this.#run;
      return copy.address;
    }
    if (this.#seen.has(tensor)) return this.#makeCopy(tensor, bytes);
    this.#seen.add(tensor);
    return null;
  }

  #makeCopy(tensor: Tensor, bytes: number): number | null {
    while (this.#bytes + bytes > LARGEST_BYTES) {
      const oldest = this.#queue[0];
      if (oldest === undefined || oldest.run === this.#run) return null;
      this.#free(oldest);
    }
    const { dtype, size } = tensor.spec;
    const address = this.heap.allocate(bytes, `a copy of an argument (${tensor.spec})`);
    this.heap.view(dtype, address, size).set(tensor.storage);
    const copy: Copy = { address, bytes, run: this.#run, isFreed: false };
    this.#bytes += bytes;
    this.#queue.push(copy);
    this.#copies.set(tensor, copy);
    this.#registry.register(tensor, copy);
    return address;
  }

  #free(copy: Copy): void {
    if (copy.isFreed) return;
    copy.isFreed = true;
    this.#bytes -= copy.bytes;
    this.#queue.splice(this.#queue.indexOf(copy), 1);
    this.heap.free(copy.address);
  }
}
