/**
 * @file Large ops in WebAssembly: each is the program of a graph with one node, compiled once for its specs and attributes.
 */
import { WasmExecutable } from "../backends/wasm/executable.js";
import { renderedOps, renderOpaque } from "../backends/wasm/opaque.js";
import { fuse } from "../compile/fuse.js";
import { lower } from "../compile/lower.js";
import type { OpNode } from "../compile/program.js";
import { attrsKey } from "../core/attrsKey.js";
import { bytesOf } from "../core/dtype.js";
import type { Attrs, ContractionOp, Op, OpaqueOp, Runner } from "../core/op.js";
import type { Tensor } from "../core/tensor.js";
import { mayUseWasm } from "./mayUseWasm.js";
import { strips } from "./strips.js";

/** From so many elements on, copying to the heap and back costs less than JavaScript's loop. */
const LARGE_ARRAY = 32_768;
/** From so many products on. */
const LARGE_PRODUCT = 1 << 17;
/** Programs kept for each op. The oldest goes first. */
const KEPT = 64;

/** A runner that turns to WebAssembly where that is quicker. */
export function withLarge(op: Op, small: Runner): Runner {
  if (op.kind === "opaque") return renderedOps.includes(op.name) ? withLargeOpaque(op, small) : small;
  if (op.kind !== "elementwise" && op.kind !== "reduction" && op.kind !== "contraction") return small;
  const isLarge = op.kind === "contraction" ? largeProduct(op) : largeArray;
  const programs = new Map<string, WasmExecutable>();
  const stripped = op.kind === "elementwise" ? strips(op) : null;
  return (inputs, attrs) => {
    if (!isLarge(inputs, attrs) || !mayUseWasm()) return small(inputs, attrs);
    return (
      stripped?.(inputs, attrs) ??
      kept(programs, inputs, attrs, () => compileOne(nodeOf(op, inputs, attrs))).run(inputs)[0]!
    );
  };
}

function largeArray(inputs: readonly Tensor[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (inputs[i]!.spec.size >= LARGE_ARRAY) return true;
  return false;
}

const largeProduct =
  (op: ContractionOp) =>
  ([a, b]: readonly Tensor[], attrs: Attrs): boolean => {
    // Fewer than this many numbers cannot make a large product.
    if (a!.spec.size * b!.spec.size < LARGE_PRODUCT) return false;
    const loops = op.loops([a!.spec, b!.spec], attrs);
    return loops.reduce((product, { size }) => product * size, 1) >= LARGE_PRODUCT;
  };

/** The reference kernel takes about so many times as long as the routines. */
const REFERENCE_COST = 8;
/** Nanoseconds to copy a byte to the heap or from there. */
const COPY_COST = 0.15;

/** A runner of an opaque op. What opaque ops do to an element differs: their kernels' own estimates decide. */
function withLargeOpaque(op: OpaqueOp, small: Runner): Runner {
  const programs = new Map<string, WasmExecutable | null>();
  // Where no input holds elements, only the attributes say how many there will be.
  const sizeInAttrs = op.roles.every((role) => role !== "T" && role !== "any");
  const isLarge = (inputs: readonly Tensor[], attrs: Attrs): boolean =>
    largeArray(inputs) || (sizeInAttrs && op.infer([], attrs).some(({ size }) => size >= LARGE_ARRAY));
  return (inputs, attrs) => {
    if (!isLarge(inputs, attrs) || !mayUseWasm()) return small(inputs, attrs);
    const program = kept(programs, inputs, attrs, () => {
      const node = nodeOf(op, inputs, attrs);
      return isWorthCopying(node) ? compileOne(node) : null;
    });
    if (program === null) return small(inputs, attrs);
    const outputs = program.run(inputs);
    return op.multiple ? outputs : outputs[0]!;
  };
}

function isWorthCopying(node: OpNode): boolean {
  const rendered = renderOpaque(node);
  if (rendered === null) return false;
  const cost = rendered.routines.reduce((sum, { units, unitCost }) => sum + units * unitCost, 0);
  const bytes = [...node.inputs, ...node.outputs].reduce((sum, x) => sum + x.size * bytesOf(x.dtype), 0);
  return cost * REFERENCE_COST > bytes * COPY_COST;
}

/** What was made for inputs and attributes like these, or else is made now. */
function kept<T>(made: Map<string, T>, inputs: readonly Tensor[], attrs: Attrs, make: () => T): T {
  const key = `${inputs.map(({ spec }) => spec).join(" ")} ${attrsKey(attrs)}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  made.set(key, fresh);
  if (made.size > KEPT) made.delete(made.keys().next().value!);
  return fresh;
}

function nodeOf(op: Op, inputs: readonly Tensor[], attrs: Attrs): OpNode {
  const specs = inputs.map(({ spec }) => spec);
  const values = specs.map(({ shape, dtype, size }) => ({ shape, dtype, size }));
  return { op, attrs, inputs: values, outputs: op.infer(specs, attrs), line: null };
}

function compileOne(node: OpNode): WasmExecutable {
  const { op, inputs, outputs } = node;
  const graph = { inputs, constants: new Map(), nodes: [node], outputs };
  const task = { name: op.name, graph, variables: [], updated: [] };
  // Eager code often drops results within one task, in which nothing tells that they are gone.
  return new WasmExecutable(task, fuse(lower(graph)), { resultsStay: false });
}
