/**
 * @file The functions that WebAssembly kernels call lane by lane, where they have no vector form: those of the JavaScript kernels.
 */
import { floatFunctions, integerFunctions } from "../backends/js/mathFunctions.js";

type LaneFunctions = Readonly<Record<string, (...args: number[]) => number>>;

/** By the names under which kernels import them: those of integers end in "Int". */
export const laneFunctions: LaneFunctions = {
  ...floatFunctions,
  ...Object.fromEntries(Object.entries(integerFunctions).map(([name, fn]) => [`${name}Int`, fn])),
};
