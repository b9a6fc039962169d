/**
 * @file What a layer expects of its input, checked before it computes.
 */
import { ValueError } from "../../core/errors.js";
import { showPythonShape } from "../base/pythonText.js";

export interface InputSpecOptions {
  /** Exact number of axes. */
  ndim?: number;
  /** Fewest axes. */
  minNdim?: number;
  /** Most axes. */
  maxNdim?: number;
  /** Sizes of single axes; negative ones count from the end. */
  axes?: Readonly<Record<number, number | null>>;
  /** Exact shape; null for any size. */
  shape?: readonly (number | null)[];
}

/** A requirement on a layer's input: `this.inputSpec = new keras.layers.InputSpec({ minNdim: 2 })`. */
export class InputSpec {
  readonly ndim: number | null;
  readonly minNdim: number | null;
  readonly maxNdim: number | null;
  readonly axes: readonly (readonly [number, number | null])[];
  readonly shape: readonly (number | null)[] | null;

  constructor(options: InputSpecOptions = {}) {
    this.shape = options.shape ?? null;
    this.ndim = options.ndim ?? this.shape?.length ?? null;
    this.minNdim = options.minNdim ?? null;
    this.maxNdim = options.maxNdim ?? null;
    this.axes = Object.entries(options.axes ?? {}).map(([axis, size]) => [Number(axis), size]);
  }

  /**
   * Checks the shape of one input.
   *
   * @throws {ValueError} it is not what is required
   */
  check(shape: readonly (number | null)[], layerName: string): void {
    const rank = shape.length;
    const fail = (what: string): never => {
      throw new ValueError(
        `Input 0 with name 'None' of layer '${layerName}' is incompatible with the layer: ${what}`,
      );
    };
    const full = (): string => `Full shape received: ${showPythonShape(shape)}`;
    if (this.ndim !== null && rank !== this.ndim)
      fail(`expected ndim=${this.ndim}, found ndim=${rank}. ${full()}`);
    if (this.maxNdim !== null && rank > this.maxNdim)
      fail(`expected max_ndim=${this.maxNdim}, found ndim=${rank}`);
    if (this.minNdim !== null && rank < this.minNdim)
      fail(`expected min_ndim=${this.minNdim}, found ndim=${rank}. ${full()}`);
    for (const [axis, size] of this.axes) {
      const actual = shape[axis < 0 ? axis + rank : axis];
      if (size === null || actual === null || actual === size) continue;
      fail(
        `expected axis ${axis} of input shape to have value ${size}, but received input with shape ${showPythonShape(shape)}`,
      );
    }
    const expected = this.shape;
    if (expected?.some((size, axis) => size !== null && shape[axis] !== null && shape[axis] !== size)) {
      fail(`expected shape=${showPythonShape(expected)}, found shape=${showPythonShape(shape)}`);
    }
  }
}
