/**
 * @file Large elementwise ops strip by strip: a strip of each input is copied to the heap, the kernel runs, the result is copied
 * out. The scratch fits a processor's cache, however large the arrays are.
 */
import { StripProgram } from "../backends/wasm/stripProgram.js";
import { lower } from "../compile/lower.js";
import type { KernelStep } from "../compile/program.js";
import { attrsKey } from "../core/attrsKey.js";
import { unwrittenArray } from "../core/dtype.js";
import type { Attrs, ElementwiseOp } from "../core/op.js";
import { sameShape } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import { Tensor } from "../core/tensor.js";

/** Programs kept for each op. The oldest goes first. */
const KEPT = 16;
/** Elements of a strip. */
const STRIP = 16_384;

/**
 * Runs an op whose inputs have one shape, or are scalars; null for others, and for those whose kernel calls JavaScript.
 */
export function strips(op: ElementwiseOp): (inputs: readonly Tensor[], attrs: Attrs) => Tensor | null {
  const programs = new Map<string, StripProgram | null>();
  return (inputs, attrs) => {
    const whole = inputs.find(({ spec }) => spec.size > 1)!.spec;
    if (!inputs.every(({ spec }) => spec.shape.length === 0 || sameShape(spec.shape, whole.shape)))
      return null;
    const types = inputs.map(({ spec }) => `${spec.dtype}${spec.shape.length === 0 ? "" : "s"}`);
    const key = `${types.join()} ${attrsKey(attrs)}`;
    let program = programs.get(key);
    if (program === undefined) {
      program = programOf(op, inputs, attrs);
      programs.set(key, program);
      if (programs.size > KEPT) forgetOldest(programs);
    }
    return program === null ? null : run(program, inputs, whole);
  };
}

/** Attributes may be other numbers at every call. */
function forgetOldest(programs: Map<string, StripProgram | null>): void {
  const [key, program] = programs.entries().next().value!;
  programs.delete(key);
  program?.free();
}

function programOf(op: ElementwiseOp, inputs: readonly Tensor[], attrs: Attrs): StripProgram | null {
  const specs = inputs.map(({ spec }) => specOf(spec.shape.length === 0 ? [] : [STRIP], spec.dtype));
  const values = specs.map(({ shape, dtype, size }) => ({ shape, dtype, size }));
  const outputs = op.infer(specs, attrs);
  const nodes = [{ op, attrs, inputs: values, outputs, line: null }];
  const [step] = lower({ inputs: values, constants: new Map(), nodes, outputs }).steps;
  return StripProgram.of(step as KernelStep, op.name);
}

function run(program: StripProgram, inputs: readonly Tensor[], { shape, size }: Spec): Tensor {
  const spec = specOf(shape, program.output);
  const out = unwrittenArray(spec.dtype, size);
  for (let from = 0; from < size; from += STRIP) {
    const to = Math.min(from + STRIP, size);
    for (const [i, input] of inputs.entries()) {
      if (input.spec.shape.length === 0) program.put(i, input.storage);
      else program.put(i, input.storage.subarray(from, to));
    }
    out.set(program.run(to - from), from);
  }
  return new Tensor(out, spec);
}
