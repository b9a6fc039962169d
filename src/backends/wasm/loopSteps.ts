/**
 * @file Loops over slices as steps: the body is compiled once, and its routines are called for every round with other addresses.
 */
import { planMemory } from "../../compile/memory.js";
import { programOf } from "../../compile/pipeline.js";
import type { Buffer, OpGraph, OpNode, Program } from "../../compile/program.js";
import { bytesOf } from "../../core/dtype.js";
import type { Op } from "../../core/op.js";
import type { ConstantData } from "../../ir/graph.js";
import type { Loop } from "../../ir/loop.js";
import { type Place, placeIn, roomFor, scratchAt, within } from "./place.js";

const programs = new WeakMap<OpGraph, Program>();

function bodyProgram(body: OpGraph): Program {
  let program = programs.get(body);
  if (program === undefined) programs.set(body, (program = programOf(body)));
  return program;
}

const sizeOf = ({ size, dtype }: Buffer): number => size * bytesOf(dtype);

/** One loop while its rounds are laid out. */
class LoopLayout {
  readonly program: Program;
  readonly #loop: Loop<Op>;
  readonly #temporaries: ReadonlyMap<Buffer, number>;
  /** Two places for every state that nobody collects: rounds write them in turn. */
  readonly #turns: readonly number[];
  /** Scratch behind the loop's own. */
  readonly scratch: number;

  constructor(
    node: OpNode,
    private readonly inputs: readonly Place[],
    private readonly outputs: readonly Place[],
    scratchFrom: number,
  ) {
    this.#loop = node.attrs["loop"] as Loop<Op>;
    this.program = bodyProgram(this.#loop.body);
    const memory = planMemory(this.program, { external: new Set(this.program.outputs) });
    this.#temporaries = new Map(
      [...memory.offsets].map(([buffer, offset]) => [buffer, scratchFrom + offset]),
    );
    let free = scratchFrom + roomFor(memory.bytes);
    this.#turns = this.program.outputs.slice(0, this.#loop.states).map((buffer) => {
      const at = free;
      free += 2 * roomFor(sizeOf(buffer));
      return at;
    });
    this.scratch = free;
  }

  /** The number of a round's slices. */
  #slice(round: number): number {
    return this.#loop.reverse ? this.#loop.count - 1 - round : round;
  }

  /** Where a round finds what the body reads. */
  #inputPlace(i: number, round: number): Place {
    const { states, sliced } = this.#loop;
    const isUnchanged = this.program.outputs[i] === this.program.inputs[i];
    if (i < states) return round === 0 || isUnchanged ? this.inputs[i]! : this.statePlace(i, round - 1);
    if (i >= states + sliced) return this.inputs[i]!;
    return within(this.inputs[i]!, this.#slice(round) * sizeOf(this.program.inputs[i]!));
  }

  /** Where the k-th collection has its slice of a round. */
  collected(k: number, round: number): Place {
    return within(this.outputs[k]!, this.#slice(round) * sizeOf(this.program.outputs[k]!));
  }

  /** Where a round has an output: among the collections if it is one of them, else where the next round looks for it. */
  outputPlace(buffer: Buffer, round: number): Place {
    const input = this.program.inputs.indexOf(buffer);
    if (input !== -1) return this.#inputPlace(input, round);
    if (this.program.constants.has(buffer)) return placeIn(buffer);
    const { states } = this.#loop;
    const collection = this.program.outputs.indexOf(buffer, states);
    if (collection !== -1) return this.collected(collection, round);
    return this.#turn(this.program.outputs.indexOf(buffer), round);
  }

  /** Where a round has a state that nobody collects. */
  #turn(state: number, round: number): Place {
    if (round === this.#loop.count - 1) return this.outputs[state]!;
    return scratchAt(this.#turns[state]! + (round % 2) * roomFor(sizeOf(this.program.outputs[state]!)));
  }

  /** Whether a state's next value is what another state was: that one's place is written again a round later, so it is copied. */
  isHandedOn(state: number): boolean {
    const from = this.program.inputs.indexOf(this.program.outputs[state]!);
    return from !== -1 && from < this.#loop.states && from !== state;
  }

  /** Where a round has the next value of a state. */
  statePlace(state: number, round: number): Place {
    return this.isHandedOn(state)
      ? this.#turn(state, round)
      : this.outputPlace(this.program.outputs[state]!, round);
  }

  placeOf(buffer: Buffer, round: number): Place {
    const offset = this.#temporaries.get(buffer);
    return offset === undefined || this.program.outputs.includes(buffer)
      ? this.outputPlace(buffer, round)
      : scratchAt(offset);
  }
}

const samePlace = (a: Place, b: Place): boolean => a.buffer === b.buffer && a.bytes === b.bytes;

/** Takes the steps that a loop is laid out as. */
export interface StepTaker {
  placeConstant(buffer: Buffer, data: ConstantData): void;
  reserve(bytes: number): void;
  addProgram(program: Program, placeOf: (buffer: Buffer) => Place, scratchFrom: number): void;
  addCopy(from: Place, to: Place, bytes: number): void;
}

/** Adds all rounds of a loop. */
export function addLoop(
  builder: StepTaker,
  node: OpNode,
  inputs: readonly Place[],
  outputs: readonly Place[],
  scratchFrom: number,
): void {
  const { states, count } = node.attrs["loop"] as Loop<Op>;
  const layout = new LoopLayout(node, inputs, outputs, scratchFrom);
  const { program } = layout;
  for (const [buffer, data] of program.constants) builder.placeConstant(buffer, data);
  builder.reserve(layout.scratch);
  for (let round = 0; round < count; round++) {
    builder.addProgram(program, (buffer) => layout.placeOf(buffer, round), layout.scratch);
    for (let k = 0; k < outputs.length; k++) {
      if (k < states && !layout.isHandedOn(k)) continue;
      const buffer = program.outputs[k]!;
      const from = layout.outputPlace(buffer, round);
      const to = k < states ? layout.statePlace(k, round) : layout.collected(k, round);
      if (!samePlace(from, to)) builder.addCopy(from, to, sizeOf(buffer));
    }
  }
  for (let k = 0; k < states; k++) {
    const buffer = program.outputs[k]!;
    const from = layout.statePlace(k, count - 1);
    if (!samePlace(from, outputs[k]!)) builder.addCopy(from, outputs[k]!, sizeOf(buffer));
  }
}
