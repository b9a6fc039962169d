/**
 * @file Kernels of every kind as routines.
 */
import { substitution } from "../../compile/fuseLane.js";
import type { Access, ContractKernel, Kernel } from "../../ir/kernel.js";
import type { TypedLane } from "../../ir/typedLane.js";
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
      return sumsNothing(kernel) ? renderZeros(kernel, options) : renderContract(kernel, options);
  }
}

const sumsNothing = ({ loops }: ContractKernel): boolean =>
  loops.some(({ role, size }) => role === "k" && size === 0);

/** A sum of no products: the targets of zero. Its factors are arrays that nobody reads. */
function renderZeros(kernel: ContractKernel, options: { relaxed: boolean }): Rendered {
  const kept = kernel.loops.map(({ role }) => role !== "k");
  const walk = <A extends Access>(access: A): A => ({
    ...access,
    strides: access.strides.filter((_, i) => kept[i]),
  });
  const still = kept.filter((keep) => keep).map(() => 0);
  const factors = [kernel.a, kernel.b].map((factor, i) => ({
    ...factor,
    name: `factor ${i}`,
    strides: still,
  }));
  const zero: TypedLane = { kind: "const", dtype: kernel.dtype, value: 0 };
  const zeroSum = substitution(new Map([["sum", zero]]));
  const sources = [...factors, ...kernel.sources.map(walk)];
  return renderMap(
    {
      kind: "map",
      shape: kernel.loops.filter((_, i) => kept[i]).map(({ size }) => size),
      sources,
      targets: kernel.targets.map((target) => ({ ...walk(target), lane: zeroSum(target.lane) })),
      params: kernel.params,
    },
    options,
  );
}
