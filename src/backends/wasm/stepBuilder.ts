/**
 * @file Turns a program's steps into what the pool runs: routines with their arguments, calls of the host, loops laid out round by
 * round.
 */
import type { Buffer, HostStep, KernelStep, OpNode, Program } from "../../compile/program.js";
import type { Flat, OpaqueOp } from "../../core/op.js";
import type { ConstantData, GraphValue } from "../../ir/graph.js";
import { ArgumentBlocks } from "./arguments.js";
import { wasmFeatures } from "./features.js";
import type { Heap } from "./heap.js";
import { addLoop } from "./loopSteps.js";
import { processLibrary } from "./module.js";
import { renderOpaque } from "./opaque.js";
import { type Place, roomFor, scratchAt } from "./place.js";
import type { Step } from "./pool.js";
import { renderKernel } from "./renderKernel.js";
import type { Rendered, Routine } from "./routine.js";

/** An op that the host runs on views of the heap, which are made anew when addresses change. */
interface HostCall {
  readonly node: OpNode;
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  inputFlats: Flat[];
  outputFlats: Flat[];
}

/** Bytes copied from one place to another. */
interface Copy {
  readonly from: Place;
  readonly to: Place;
  readonly bytes: number;
  fromAddress: number;
  toAddress: number;
}

/** Where the buffers of a program lie. */
export type PlaceOf = (buffer: Buffer) => Place;

/** An array in the heap. Its view is taken anew when a program that the host runs in a step has made the heap grow. */
function viewOf(heap: Heap, { dtype, shape, size }: GraphValue, address: number): Flat {
  let data = heap.view(dtype, address, size);
  let { version } = heap;
  return {
    dtype,
    shape,
    get data() {
      if (version !== heap.version) {
        data = heap.view(dtype, address, size);
        version = heap.version;
      }
      return data;
    },
  };
}

/** Steps come again: in every round of a loop, in every instance of a model. */
const renderings = new WeakMap<KernelStep, Rendered>();

export class StepBuilder {
  /** Bytes of scratch that any step needs. */
  scratch = 0;
  readonly #blocks = new ArgumentBlocks<Place>();
  readonly #routines: { readonly routine: Routine; readonly args: number }[] = [];
  readonly #order: (number | (() => void))[] = [];
  readonly #calls: HostCall[] = [];
  readonly #copies: Copy[] = [];

  /** @param placeConstant  puts the constants of a loop's body where they stay */
  constructor(
    private readonly heap: Heap,
    readonly placeConstant: (buffer: Buffer, data: ConstantData) => void,
  ) {}

  /**
   * Adds all steps of a program.
   *
   * @param scratchFrom  where scratch is free for kernels
   */
  addProgram(program: Program, placeOf: PlaceOf, scratchFrom: number): void {
    for (const step of program.steps) {
      if (step.kind === "kernel") this.#addKernel(step, placeOf, scratchFrom);
      else this.#addHost(step, placeOf, scratchFrom);
    }
  }

  #addKernel(step: KernelStep, placeOf: PlaceOf, scratchFrom: number): void {
    let rendered = renderings.get(step);
    if (rendered === undefined) renderings.set(step, (rendered = renderKernel(step.kernel, wasmFeatures())));
    this.#addRendered(rendered, step.arrays.map(placeOf), scratchFrom);
  }

  #addRendered({ routines, temporaries }: Rendered, arrays: readonly Place[], scratchFrom: number): void {
    let free = scratchFrom;
    const scratch = temporaries.map((bytes) => {
      const place = scratchAt(free);
      free += roomFor(bytes);
      return place;
    });
    this.reserve(free);
    for (const routine of routines) {
      this.#order.push(this.#routines.length);
      this.#routines.push({ routine, args: this.#blocks.add(routine.args, [...arrays, ...scratch]) });
    }
  }

  /** Makes scratch reach so far. */
  reserve(bytes: number): void {
    this.scratch = Math.max(this.scratch, bytes);
  }

  #addHost({ node, inputs, outputs }: HostStep, placeOf: PlaceOf, scratchFrom: number): void {
    const op = node.op as OpaqueOp;
    const [from, to] = [inputs.map(placeOf), outputs.map(placeOf)];
    if (op.loop) {
      addLoop(this, node, from, to, scratchFrom);
      return;
    }
    const rendered = renderOpaque(node);
    if (rendered === null) this.#addCall(op, node, from, to);
    else {
      // What the routines must not be given, the op's own kernel is given: it throws.
      if (rendered.accepts) this.#addCall(op, node, from, to, rendered.accepts);
      this.#addRendered(rendered, [...from, ...to], scratchFrom);
    }
  }

  /** Adds a call of the op's own kernel; it is left out for inputs of which `unless` is true. */
  #addCall(
    op: OpaqueOp,
    node: OpNode,
    inputs: readonly Place[],
    outputs: readonly Place[],
    unless: (inputs: readonly Flat[]) => boolean = () => false,
  ): void {
    const call: HostCall = { node, inputs, outputs, inputFlats: [], outputFlats: [] };
    this.#calls.push(call);
    this.#order.push(() => {
      if (unless(call.inputFlats)) return;
      for (const { data } of call.outputFlats) data.fill(0);
      op.kernel(call.inputFlats, call.outputFlats, node.attrs);
    });
  }

  /** Adds a copy of bytes. */
  addCopy(from: Place, to: Place, bytes: number): void {
    const copy: Copy = { from, to, bytes, fromAddress: 0, toAddress: 0 };
    this.#copies.push(copy);
    this.#order.push(() => {
      new Uint8Array(this.heap.memory.buffer).copyWithin(
        copy.toAddress,
        copy.fromAddress,
        copy.fromAddress + bytes,
      );
    });
  }

  /** Compiles the routines and puts their arguments in the heap. Gives the steps, and the block they need. */
  finish(name: string): { steps: Step[]; block: number } {
    const loaded = processLibrary().load(this.#routines.map(({ routine }) => routine));
    const block = this.#blocks.place(this.heap, `the arguments of ${name}`);
    const steps = this.#order.map((item): Step => {
      if (typeof item !== "number") return { host: item };
      const { routine, args } = this.#routines[item]!;
      return { routine: loaded[item]!, args: block + args, units: routine.units, unitCost: routine.unitCost };
    });
    return { steps, block };
  }

  /** Writes all addresses, and takes views where the host works. */
  bind(addressOf: (place: Place) => number): void {
    this.#blocks.bind(this.heap, addressOf);
    for (const copy of this.#copies) {
      copy.fromAddress = addressOf(copy.from);
      copy.toAddress = addressOf(copy.to);
    }
    const flat = (value: GraphValue, place: Place): Flat => viewOf(this.heap, value, addressOf(place));
    for (const call of this.#calls) {
      call.inputFlats = call.inputs.map((place, i) => flat(call.node.inputs[i]!, place));
      call.outputFlats = call.outputs.map((place, i) => flat(call.node.outputs[i]!, place));
    }
  }
}
