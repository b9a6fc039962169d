/**
 * @file Room for what kernels need while they run: they run one after the other, so they share it.
 */
import { arrayConstructor, bytesOf, type DType, type TypedArray } from "../../core/dtype.js";

/** As much memory as the greediest of its users asked for, from the first use on. */
export class Scratch {
  #bytes = 0;
  #buffer: ArrayBuffer | null = null;

  /** Asks for `size` elements; the function that is returned gives them, with whatever the last user left there. */
  reserve(dtype: DType, size: number): () => TypedArray {
    this.#bytes = Math.max(this.#bytes, size * bytesOf(dtype));
    let view: TypedArray | null = null;
    return () => {
      this.#buffer ??= new ArrayBuffer(this.#bytes);
      view ??= new (arrayConstructor(dtype))(this.#buffer, 0, size);
      return view;
    };
  }
}
