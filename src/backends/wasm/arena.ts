/**
 * @file The arena: one block of the heap for what programs need only while they run. Programs run one after the other, so all
 * share it.
 */
import type { Heap } from "./heap.js";

export class Arena {
  /** Where it begins; another place after it had to grow. */
  address = 0;
  #bytes = 0;

  constructor(private readonly heap: Heap) {}

  /** Makes it at least so large; what was in it is lost. */
  ensure(bytes: number, what: string): void {
    if (bytes <= this.#bytes) return;
    if (this.#bytes > 0) this.heap.free(this.address);
    this.#bytes = 0;
    this.address = this.heap.allocate(bytes, what);
    this.#bytes = bytes;
  }
}
