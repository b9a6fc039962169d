/**
 * @file States of a reduction, four at a time: from and to memory, and two made one.
 */
import type { DType } from "../../ir/dtype.js";
import type { ReduceKernel, StateLanes } from "../../ir/kernel.js";
import type { TypedLane } from "../../ir/typedLane.js";
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";
import { type AttrPlaces, attrReader, emitLane, type Four, type LaneContext } from "./lanes.js";
import { groupBytes } from "./reducePlan.js";

/** Four states, by state name. */
export type Fours = Readonly<Record<string, Four>>;

/** Writes the lanes of one reduction into one function, whose first parameter is the address of the arguments. */
export class StateWriter {
  readonly names: readonly string[];
  readonly bytes: number;
  readonly #attr: LaneContext["attr"];

  constructor(
    readonly f: FunctionBuilder,
    readonly kernel: ReduceKernel,
    readonly places: AttrPlaces,
    readonly relaxed: boolean,
  ) {
    this.names = Object.keys(kernel.states);
    this.bytes = groupBytes(kernel);
    this.#attr = attrReader(f, f.parameters[0]!, places);
  }

  /** Where lanes of one pass are written, with the inputs as given. */
  context(input: (name: string) => Four): LaneContext {
    return { f: this.f, relaxed: this.relaxed, attr: this.#attr, input, memo: new Map() };
  }

  /** The states that lanes make of their inputs. */
  states(lanes: StateLanes, input: (name: string) => Four): Fours {
    const context = this.context(input);
    return this.#each((name) => emitLane(lanes[name]!, context));
  }

  /** The states of four elements, from the sources and their numbers. */
  element(source: (name: string) => Four, index: () => Four): Fours {
    const sources = this.context(source);
    return this.states(this.kernel.element, (name) =>
      name === "x" ? emitLane(this.kernel.x, sources) : index(),
    );
  }

  combine(a: Fours, b: Fours): Fours {
    return this.states(this.kernel.combine, (name) => (name.startsWith("a_") ? a : b)[name.slice(2)]!);
  }

  /** Locals that hold states, to be set in a loop. */
  variables(): Fours {
    return this.#each((name) => this.parts(this.kernel.states[name]!).map(() => this.f.local("v128")));
  }

  /** Sets locals; all values are read before the first is set. */
  assign(target: Fours, value: Fours): void {
    for (const name of this.names) for (const part of value[name]!) this.f.get(part);
    for (const name of this.names.toReversed()) {
      for (const part of target[name]!.toReversed()) this.f.set(part);
    }
  }

  load(address: Local): Fours {
    let offset = 0;
    return this.#each((name) =>
      this.parts(this.kernel.states[name]!).map((bytes) => {
        const part = this.f.local("v128");
        this.f.get(address).memory("v128.load", offset).set(part);
        offset += bytes;
        return part;
      }),
    );
  }

  store(address: Local, value: Fours): void {
    let offset = 0;
    for (const name of this.names) {
      for (const part of value[name]!) {
        this.f.get(address).get(part).memory("v128.store", offset);
        offset += 16;
      }
    }
  }

  /** The bytes of the vectors that four values of a dtype are. */
  parts(dtype: DType): readonly number[] {
    return dtype === "float64" ? [16, 16] : [16];
  }

  /** What positions come to: the finished result, then each target's lane. */
  finish(state: Fours, extra: (name: string) => Four): (lane: TypedLane) => Four {
    const finishing = this.context((name) => state[name]!);
    const context = this.context((name) =>
      name === "result" ? emitLane(this.kernel.finish, finishing) : extra(name),
    );
    return (lane) => emitLane(lane, context);
  }

  #each(make: (name: string) => Four): Fours {
    return Object.fromEntries(this.names.map((name) => [name, make(name)]));
  }
}

/** A function (args, target, a, b, bytes): combines rows of states. `target` may be `a` or `b`. */
export function combineRows({ f, kernel, places, relaxed }: StateWriter, key: string): FunctionHandle {
  return f.module.shared(`${key} combine rows`, ["i32", "i32", "i32", "i32", "i32"], [], (g) => {
    const [, target, a, b, bytes] = g.parameters as [Local, Local, Local, Local, Local];
    const writer = new StateWriter(g, kernel, places, relaxed);
    const end = g.local("i32");
    g.get(target).get(bytes).op("i32.add").set(end);
    g.loop((again) => {
      writer.store(target, writer.combine(writer.load(a), writer.load(b)));
      for (const pointer of [a, b, target]) g.get(pointer).i32(writer.bytes).op("i32.add").set(pointer);
      g.get(target).get(end).op("i32.ne").branchIf(again);
    });
  });
}
