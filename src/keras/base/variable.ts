/**
 * @file Keras's variables: a tensor that can be replaced, with a path, an initializer, a regularizer, a constraint.
 */
import { toTensor, typedArrayDtype } from "../../core/convert.js";
import { type DType, standardizeDtype } from "../../core/dtype.js";
import { ShapeError, ValueError } from "../../core/errors.js";
import { formatValues } from "../../core/format.js";
import { type Shape, sameShape, showShape } from "../../core/shape.js";
import { Operand, type Tensor, type TensorLike } from "../../core/tensor.js";
import { Variable as CoreVariable } from "../../core/variable.js";
import { floatx } from "./config.js";
import { autoName } from "./naming.js";
import { scopedPath } from "./scope.js";

/** Makes the first value of a variable. */
export type InitializerFunction = (shape: Shape, dtype: DType) => TensorLike;

export interface KerasVariableOptions {
  /** Shape; needed when the value comes from an initializer function. */
  shape?: readonly number[];
  /** Element type; default `keras.config.floatx()`. */
  dtype?: DType;
  /** Whether training changes it; default true. */
  trainable?: boolean;
  /** Last part of its path; default "variable", "variable_1", … */
  name?: string;
}

/**
 * A variable of a layer, an optimizer or a metric.
 *
 * @example
 * const v = new keras.Variable([1, 2], { name: "v" });
 * v.assignAdd([1, 1]);
 * v.array() // [ 2, 3 ]
 */
export class Variable extends CoreVariable {
  declare trainable: boolean;
  /** Names of the layers around it, then its own: `sequential/dense/kernel`. */
  readonly path: string;
  /** A penalty on its value, added to the loss. */
  regularizer: ((x: TensorLike) => Tensor) | null = null;
  /** What its value is put through after each update. */
  constraint: ((x: Tensor) => Tensor) | null = null;

  /**
   * @param initializer  a value, or a function that makes one from a shape and a dtype
   * @throws {ValueError} a function came without a shape
   */
  constructor(initializer: TensorLike | InitializerFunction, options: KerasVariableOptions = {}) {
    const name = options.name ?? autoName("variable");
    if (name.includes("/")) {
      throw new ValueError(
        `Argument \`name\` must be a string and cannot contain character \`/\`. Received: name=${name}`,
      );
    }
    const dtype =
      options.dtype === undefined ? ownDtype(initializer) : standardizeDtype(options.dtype, "Variable");
    super(() => initialValue(initializer, options.shape, dtype), {
      dtype,
      trainable: options.trainable ?? true,
      name,
    });
    this.path = scopedPath(name);
  }

  override toString(): string {
    const values = formatValues(this.storage, this.shape, this.dtype);
    return `<Variable path=${this.path}, shape=${showShape(this.shape)}, dtype=${this.dtype}, value=${values}>`;
  }
}

/** Tensors and typed arrays have a dtype; numbers, lists and functions make floats. */
const ownDtype = (initializer: unknown): DType =>
  initializer instanceof Operand ? initializer.dtype : (typedArrayDtype(initializer) ?? floatx());

function initialValue(
  initializer: TensorLike | InitializerFunction,
  shape: readonly number[] | undefined,
  dtype: DType,
): TensorLike {
  if (typeof initializer !== "function") return initializer;
  if (shape === undefined) {
    throw new ValueError(
      "When creating a Variable from an initializer, the `shape` argument should be specified.",
    );
  }
  const value = toTensor((initializer as InitializerFunction)(shape, dtype), dtype, "Variable");
  if (sameShape(value.shape, shape)) return value;
  throw new ShapeError(
    `Variable: the initializer was asked for shape ${showShape(shape)} and gave ${showShape(value.shape)}`,
  );
}
