/**
 * @file Opaque ops that have kernels here, by name. All others the host runs with their own reference kernels.
 */
import type { OpNode } from "../../compile/program.js";
import { renderCumulative } from "./opaqueCumulative.js";
import { renderGather } from "./opaqueGather.js";
import {
  renderAvgPool,
  renderAvgPoolGrad,
  renderMaxPool,
  renderMaxPoolGrad,
  renderMaxPoolGradGrad,
} from "./opaquePool.js";
import { renderRandomBits } from "./opaqueRandom.js";
import { renderSegmentSum } from "./opaqueSegments.js";
import { renderArgsort } from "./opaqueSort.js";
import type { Rendered } from "./routine.js";

/** Renders one op, or null for dtypes and attributes that it has no kernel for. */
type Renderer = (node: OpNode) => Rendered | null;

const RENDERERS: ReadonlyMap<string, Renderer> = new Map([
  ["MaxPool", renderMaxPool],
  ["MaxPoolGrad", renderMaxPoolGrad],
  ["MaxPoolGradGrad", renderMaxPoolGradGrad],
  ["MaxPool3D", renderMaxPool],
  ["MaxPool3DGrad", renderMaxPoolGrad],
  ["MaxPool3DGradGrad", renderMaxPoolGradGrad],
  ["AvgPool", renderAvgPool],
  ["AvgPoolGrad", renderAvgPoolGrad],
  ["AvgPool3D", renderAvgPool],
  ["AvgPool3DGrad", renderAvgPoolGrad],
  ["Gather", renderGather],
  ["UnsortedSegmentSum", renderSegmentSum],
  ["StatelessRandomUniformFullInt", renderRandomBits],
  ["Cumsum", (node) => renderCumulative(node, "add")],
  ["Cumprod", (node) => renderCumulative(node, "mul")],
  ["ArgSort", renderArgsort],
]);

/** The names of the ops that have kernels. */
export const renderedOps: readonly string[] = [...RENDERERS.keys()];

/** An opaque op as routines; null: it has no kernel for these dtypes and attributes. */
export const renderOpaque = (node: OpNode): Rendered | null => RENDERERS.get(node.op.name)?.(node) ?? null;
