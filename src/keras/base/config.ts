/**
 * @file Settings of the whole library: the float type, the small number that keeps logarithms finite.
 */
import { type DType, isFloat, standardizeDtype } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";

let currentFloatx: DType = "float32";
let currentEpsilon = 1e-7;

/** The default float type: "float32" unless set. */
export const floatx = (): DType => currentFloatx;

/**
 * Sets the default float type of layers, losses and metrics made from now on.
 *
 * @param value  "float32" or "float64"
 * @throws {ValueError} not a float type
 */
export function setFloatx(value: DType): void {
  const dtype = standardizeDtype(value, "setFloatx");
  if (!isFloat(dtype)) {
    throw new ValueError(`Unknown \`floatx\` value: ${value}. Expected one of float32, float64`);
  }
  currentFloatx = dtype;
}

/** The fuzz factor of logarithms and divisions: 1e-7 unless set. */
export const epsilon = (): number => currentEpsilon;

/** Sets the fuzz factor. */
export function setEpsilon(value: number): void {
  currentEpsilon = value;
}

/** The axis order of images: always "channels_last". */
export const imageDataFormat = (): "channels_last" => "channels_last";

/** The name of the engine behind Keras. */
export const backend = (): "nabla" => "nabla";
