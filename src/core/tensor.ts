/**
 * @file Tensors: an immutable array of numbers with a shape and a dtype, owned by the garbage collector.
 */
import { arrayConstructor, type DType, type TypedArray } from "./dtype.js";
import { ReadError } from "./errors.js";
import { formatTensor, nestedValues } from "./format.js";
import type { Shape } from "./shape.js";
import type { Spec } from "./spec.js";

/** Nested lists of numbers or booleans. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** What `array()` gives back: a number for a scalar, nested lists otherwise. */
export type NestedArray = any;

/** Anything an op takes where it wants a tensor. Numbers and lists of them take the other operand's dtype. */
export type TensorLike = Operand | NestedNumbers | TypedArray | readonly TensorLike[];

let lastId = 0;

/** A new identity, by which tapes know tensors and variables. */
export const nextId = (): number => ++lastId;

/**
 * What tensors and variables have in common: a value that ops take, and (installed by the main door) the methods that
 * stand for operators.
 */
export abstract class Operand {
  abstract readonly id: number;
  abstract readonly shape: Shape;
  abstract readonly dtype: DType;

  /** The tensor that ops compute with; reading a variable makes the active tapes watch it. */
  abstract asTensor(): Tensor;

  /** The same tensor without a read: no tape starts to watch. */
  abstract current(): Tensor;

  /** The values without a copy. For kernels: never write to it. */
  abstract get storage(): TypedArray;

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.storage.length;
  }

  /**
   * The values as nested lists; a plain number (or boolean) for a scalar.
   *
   * @example tf.constant([[1, 2], [3, 4]]).array() // [ [ 1, 2 ], [ 3, 4 ] ]
   */
  array(): NestedArray {
    return nestedValues(this.storage, this.shape, this.dtype);
  }

  /** A copy of the values in row-major order, as a typed array. */
  data(): TypedArray {
    return this.storage.slice();
  }

  /**
   * The only value of a tensor of size 1.
   *
   * @throws {ReadError} the size is not 1
   * @example tf.constant([[7]]).item() // 7
   */
  item(): number {
    const { storage } = this;
    if (storage.length !== 1) {
      throw new ReadError(`item: expected a tensor of size 1, got shape [${this.shape.join(", ")}]`);
    }
    return storage[0]!;
  }

  /** The values, once they are there: the form that also works where reading is not instant. */
  async read(): Promise<NestedArray> {
    return this.array();
  }

  toJSON(): NestedArray {
    return this.array();
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(
      "A tensor is not a number: write x.mul(2), x.add(y), x.pow(2) … instead of x * 2, x + y, x ** 2 " +
        "(operators work in notebook cells and in files rewritten by nabla/operators), and x.item() to get a number out.",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.toString() };
  }
}

/** By which a tape finds the tensors it knows, without holding on to them or they to it. */
export interface Mark {
  /** Slots of tensors that another tape has marked since, by identity. */
  slots: Map<number, number> | null;
  /** The tape is used up: nobody will ask again. */
  done: boolean;
}

/** An immutable array of numbers with a shape and a dtype. Made by ops and `tf.constant`, never by `new`. */
export class Tensor extends Operand {
  // Declared, not defined: tensors are made by the million, and a defined field would be written twice.
  declare readonly id: number;
  declare readonly spec: Spec;
  /** The values; for a scalar the number itself until someone asks for an array. */
  declare protected values: TypedArray | number;
  /** The tape that marked the tensor last, and the tensor's slot there. */
  declare mark: Mark | null;
  declare slot: number;

  /**
   * @param values  from now on owned by the tensor; a number for a scalar
   * @param id      an identity to share, as successive reads of one variable do
   */
  constructor(values: TypedArray | number, spec: Spec, id: number = ++lastId) {
    super();
    this.id = id;
    this.spec = spec;
    this.values = values;
    this.mark = null;
    this.slot = -1;
  }

  /** The same values under another spec of the same size, with a new identity. */
  as(spec: Spec): Tensor {
    return new Tensor(this.values, spec);
  }

  /** The same values under another identity. */
  under(id: number): Tensor {
    return new Tensor(this.values, this.spec, id);
  }

  /** The first value: for scalars, without an array. */
  get first(): number {
    const { values } = this;
    return typeof values === "number" ? values : values[0]!;
  }

  get shape(): Shape {
    return this.spec.shape;
  }

  get dtype(): DType {
    return this.spec.dtype;
  }

  override get size(): number {
    return this.spec.size;
  }

  get storage(): TypedArray {
    const { values } = this;
    if (typeof values !== "number") return values;
    const storage = new (arrayConstructor(this.spec.dtype))(1);
    storage[0] = values;
    this.values = storage;
    return storage;
  }

  asTensor(): Tensor {
    return this;
  }

  current(): Tensor {
    return this;
  }

  /** The same tensor with its values at hand, before whoever holds them may change them. */
  settled(): Tensor {
    return this;
  }

  override toString(): string {
    return formatTensor(this);
  }
}
