/**
 * @file Large tensors that have a place in the heap: copies of arguments that come again, and results that nobody has read
 * yet. A tensor never changes, so what is there serves every later run. Bounded: those not used for longest make room.
 */
import { bytesOf, copyOfArray, type TypedArray } from "../../core/dtype.js";
import { type Home, ResidentTensor } from "../../core/residentTensor.js";
import type { Spec } from "../../core/spec.js";
import type { Tensor } from "../../core/tensor.js";
import type { Heap } from "./heap.js";

/** Copying less than this costs next to nothing. */
export const SMALLEST_BYTES = 1 << 17;
/** The most that they take together. */
const LARGEST_BYTES = 1 << 28;

/** A tensor's block of the heap. */
export interface Resident {
  readonly spec: Spec;
  readonly address: number;
  readonly bytes: number;
  /** Runs at work that read or write it: until they are done it stays. */
  uses: number;
  /** The run that used it last. */
  lastRun: number;
  isFreed: boolean;
  /** What the tensor asks for its values, as long as they are nowhere else. */
  result: Result | null;
}

/**
 * What a result's tensor holds on to. Once the values had to leave the heap it alone has them: a block that waits for its
 * finalizer must not keep them, for in a synchronous loop no finalizer runs.
 */
class Result implements Home {
  #values: TypedArray | null = null;

  constructor(
    private readonly owner: Residents,
    private readonly resident: Resident,
  ) {}

  read(tensor: Tensor): TypedArray {
    this.owner.lighten(tensor);
    this.leave();
    const values = this.#values!;
    this.#values = null;
    return values;
  }

  /** Copies the values out of the heap. */
  leave(): void {
    this.#values ??= this.owner.copyOf(this.resident);
    this.resident.result = null;
    if (this.resident.uses === 0) this.owner.free(this.resident);
  }
}

/**
 * Memory that nobody touches, and that therefore costs none: by it the collector knows what a tensor weighs, and looks for those
 * that are gone. Null where an engine would fill it with zeros.
 */
function weightOf(bytes: number): ArrayBuffer | null {
  if (!("resizable" in ArrayBuffer.prototype)) return null;
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer;
  return new Resizable(bytes, { maxByteLength: bytes });
}

export class Residents {
  /** Tensors that were arguments once: only the second time shows that they come again. */
  readonly #seen = new WeakSet<Tensor>();
  readonly #of = new WeakMap<Tensor, Resident>();
  readonly #all = new Set<Resident>();
  readonly #registry: FinalizationRegistry<Resident>;
  /** See `weightOf`. */
  readonly #weights = new WeakMap<Tensor, ArrayBuffer>();
  #bytes = 0;
  #run = 0;

  constructor(private readonly heap: Heap) {
    this.#registry = new FinalizationRegistry((resident) => this.free(resident));
    heap.whenFull(() => this.#makeRoom(Infinity));
  }

  /** A program is about to ask for its arguments. */
  beginRun(): void {
    this.#run++;
  }

  /** The tensor's place, taken for a run; null if there is none. */
  take(tensor: Tensor): Resident | null {
    const bytes = tensor.spec.size * bytesOf(tensor.spec.dtype);
    if (bytes < SMALLEST_BYTES) return null;
    const known = this.#of.get(tensor);
    if (known !== undefined && !known.isFreed) return this.#use(known);
    if (this.#seen.has(tensor)) return this.#copyIn(tensor, bytes);
    this.#seen.add(tensor);
    return null;
  }

  /** A place for a result, taken for a run that writes it. */
  takeNew(spec: Spec, what: string): Resident {
    return this.#add(spec, spec.size * bytesOf(spec.dtype), what);
  }

  /** The tensor of a result that a run wrote. */
  tensorOf(resident: Resident): Tensor {
    resident.result = new Result(this, resident);
    const tensor = new ResidentTensor(resident.result, resident.spec);
    this.#of.set(tensor, resident);
    this.#registry.register(tensor, resident);
    const weight = weightOf(resident.bytes);
    if (weight !== null) this.#weights.set(tensor, weight);
    return tensor;
  }

  /** The tensor has an array of its own now. */
  lighten(tensor: Tensor): void {
    this.#weights.delete(tensor);
  }

  copyOf({ spec, address }: Resident): TypedArray {
    return copyOfArray(spec.dtype, this.heap.view(spec.dtype, address, spec.size));
  }

  free(resident: Resident): void {
    if (resident.isFreed) return;
    resident.isFreed = true;
    this.#bytes -= resident.bytes;
    this.#all.delete(resident);
    this.heap.free(resident.address);
  }

  #copyIn(tensor: Tensor, bytes: number): Resident {
    const { spec, storage } = tensor;
    const resident = this.#add(spec, bytes, `a copy of an argument (${spec})`);
    this.heap.view(spec.dtype, resident.address, spec.size).set(storage);
    this.#of.set(tensor, resident);
    this.#registry.register(tensor, resident);
    return resident;
  }

  #add(spec: Spec, bytes: number, what: string): Resident {
    if (this.#bytes + bytes > LARGEST_BYTES) this.#makeRoom(this.#bytes + bytes - LARGEST_BYTES);
    const address = this.heap.allocate(bytes, what);
    const resident = { spec, address, bytes, uses: 0, lastRun: 0, isFreed: false, result: null };
    this.#bytes += bytes;
    this.#all.add(resident);
    return this.#use(resident);
  }

  #use(resident: Resident): Resident {
    resident.uses++;
    resident.lastRun = this.#run;
    return resident;
  }

  /** Sends away those not used for longest, until so many bytes are free; says whether any went. */
  #makeRoom(bytes: number): boolean {
    const idle = [...this.#all].filter(({ uses }) => uses === 0).sort((a, b) => a.lastRun - b.lastRun);
    let freed = 0;
    for (const resident of idle) {
      if (freed >= bytes) break;
      freed += resident.bytes;
      if (resident.result === null) this.free(resident);
      else resident.result.leave();
    }
    return freed > 0;
  }
}
