/**
 * @file One map kernel with scratch of its own, run again and again on strips of arrays that are elsewhere.
 */
import type { KernelStep } from "../../compile/program.js";
import { bytesOf, type DType, type TypedArray } from "../../core/dtype.js";
import { ArgumentBlocks } from "./arguments.js";
import { wasmFeatures } from "./features.js";
import { type Heap, processHeap } from "./heap.js";
import { type LoadedRoutine, processLibrary } from "./module.js";
import { renderKernel } from "./renderKernel.js";

export class StripProgram {
  readonly #heap: Heap = processHeap();
  readonly #addresses: readonly number[];
  readonly #calls: readonly {
    readonly routine: LoadedRoutine;
    readonly args: number;
    readonly units: number;
  }[];
  /** All that it has in the heap. */
  readonly #blocks: readonly number[];
  #views: readonly TypedArray[] = [];
  #version = -1;

  /** Null where the kernel calls JavaScript: that is no quicker here. */
  static of(step: KernelStep, name: string): StripProgram | null {
    const { routines, temporaries } = renderKernel(step.kernel, { relaxed: wasmFeatures().relaxed });
    if (temporaries.length > 0 || routines.some(({ imports }) => imports.length > 0)) return null;
    return new StripProgram(step, name, routines);
  }

  private constructor(
    private readonly step: KernelStep,
    name: string,
    routines: ReturnType<typeof renderKernel>["routines"],
  ) {
    const heap = this.#heap;
    this.#addresses = step.arrays.map(({ dtype, size }) =>
      heap.allocate(size * bytesOf(dtype), `a strip of ${name}`),
    );
    const blocks = new ArgumentBlocks<number>();
    const places = step.arrays.map((_, i) => i);
    const offsets = routines.map(({ args }) => blocks.add(args, places));
    const at = blocks.place(heap, `the arguments of ${name}`);
    this.#blocks = [...this.#addresses, at];
    blocks.bind(heap, (place) => this.#addresses[place]!);
    const loaded = processLibrary().load(routines);
    this.#calls = routines.map(({ units }, i) => ({ routine: loaded[i]!, args: at + offsets[i]!, units }));
  }

  /** The dtype of the result. */
  get output(): DType {
    return this.step.arrays.at(-1)!.dtype;
  }

  #fresh(): readonly TypedArray[] {
    if (this.#version !== this.#heap.version) {
      this.#views = this.step.arrays.map(({ dtype, size }, i) =>
        this.#heap.view(dtype, this.#addresses[i]!, size),
      );
      this.#version = this.#heap.version;
    }
    return this.#views;
  }

  /** Gives its blocks of the heap back; it cannot run any more. */
  free(): void {
    for (const address of this.#blocks) this.#heap.free(address);
  }

  /** Gives the i-th input its values. */
  put(i: number, values: TypedArray): void {
    this.#fresh()[i]!.set(values);
  }

  /** Runs the kernel, and gives the first elements of the result: good until the next run. */
  run(count: number): TypedArray {
    for (const { routine, args, units } of this.#calls) routine.run(args, 0, units, 0);
    return this.#fresh().at(-1)!.subarray(0, count);
  }
}
