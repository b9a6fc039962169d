/**
 * @file Large ops in WebAssembly: each is the program of a graph with one node, compiled once for its specs and attributes.
 */
import { WasmExecutable } from "../backends/wasm/executable.js";
import { attrsKey } from "../compile/attrsKey.js";
import { fuse } from "../compile/fuse.js";
import { lower } from "../compile/lower.js";
import type { Attrs, ContractionOp, Op, Runner } from "../core/op.js";
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
  if (op.kind !== "elementwise" && op.kind !== "reduction" && op.kind !== "contraction") return small;
  const isLarge = op.kind === "contraction" ? largeProduct(op) : largeArray;
  const programs = new Map<string, WasmExecutable>();
  const stripped = op.kind === "elementwise" ? strips(op) : null;
  return (inputs, attrs) => {
    if (!isLarge(inputs, attrs) || !mayUseWasm()) return small(inputs, attrs);
    return stripped?.(inputs, attrs) ?? programFor(op, programs, inputs, attrs).run(inputs)[0]!;
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

function programFor(
  op: Op,
  programs: Map<string, WasmExecutable>,
  inputs: readonly Tensor[],
  attrs: Attrs,
): WasmExecutable {
  const key = `${inputs.map(({ spec }) => spec).join(" ")} ${attrsKey(attrs)}`;
  let program = programs.get(key);
  if (program === undefined) {
    program = compileOne(op, inputs, attrs);
    programs.set(key, program);
    if (programs.size > KEPT) programs.delete(programs.keys().next().value!);
  }
  return program;
}

function compileOne(op: Op, inputs: readonly Tensor[], attrs: Attrs): WasmExecutable {
  const values = inputs.map(({ spec: { shape, dtype, size } }) => ({ shape, dtype, size }));
  const outputs = op.infer(
    inputs.map(({ spec }) => spec),
    attrs,
  );
  const graph = {
    inputs: values,
    constants: new Map(),
    nodes: [{ op, attrs, inputs: values, outputs, line: null }],
    outputs,
  };
  return new WasmExecutable({ name: op.name, graph, variables: [], updated: [] }, fuse(lower(graph)));
}
