/**
 * @file Kernels of every kind as routines.
 */
import type { Kernel } from "../../ir/kernel.js";
import { renderContract } from "./contract.js";
import { renderMap } from "./map.js";
import { renderReduce } from "./reduce.js";
import type { Rendered } from "./routine.js";

export function renderKernel(kernel: Kernel, options: { relaxed: boolean }): Rendered {
  switch (kernel.kind) {
    case "map":
      return renderMap(kernel, options);
    case "reduce":
      return renderReduce(kernel, options);
    case "contract":
      return renderContract(kernel, options);
  }
}
