/**
 * @file Views as maps: a fill where the copies leave gaps, then one map per copy.
 */
import type { Copy, ViewPlan } from "../core/op.js";
import { sizeOf } from "../core/shape.js";
import type { MapKernel } from "../ir/kernel.js";
import { copyLane, inputName, mapStep } from "./lowerMap.js";
import type { Buffer, KernelStep, OpNode } from "./program.js";

export function viewSteps(
  node: OpNode,
  number: number,
  plan: Exclude<ViewPlan, "alias">,
  inputs: readonly Buffer[],
  output: Buffer,
): KernelStep[] {
  if (plan === "repeat") {
    const all = { source: 0, shape: [output.size], from: 0, fromStrides: [0], to: 0, toStrides: [1] };
    return [mapStep(copyKernel(all, output, number), [inputs[0]!, output], node)];
  }
  const copies = plan.copies.filter((copy) => sizeOf(copy.shape) > 0);
  const covered = copies.reduce((count, copy) => count + sizeOf(copy.shape), 0);
  const steps = copies.map((copy) =>
    mapStep(copyKernel(copy, output, number), [inputs[copy.source]!, output], node),
  );
  return covered < output.size
    ? [mapStep(fillKernel(output, plan.fill ?? 0), [output], node), ...steps]
    : steps;
}

function copyKernel(
  { source, shape, from, fromStrides, to, toStrides }: Copy,
  { dtype }: Buffer,
  number: number,
): MapKernel {
  const name = inputName(number, source);
  return {
    kind: "map",
    shape,
    sources: [{ name, dtype, offset: from, strides: fromStrides }],
    targets: [{ dtype, offset: to, strides: toStrides, lane: copyLane(name, dtype) }],
    params: {},
  };
}

function fillKernel({ dtype, size }: Buffer, value: number): MapKernel {
  return {
    kind: "map",
    shape: [size],
    sources: [],
    targets: [{ dtype, offset: 0, strides: [1], lane: { kind: "const", dtype, value } }],
    params: {},
  };
}
