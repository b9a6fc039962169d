/**
 * @file Reductions as WebAssembly, in the tree of backends/js/reductionKernel.ts: the same elements are combined in the same order, so
 * results are the same whatever the number of threads and however the work is cut.
 */
import type { ReduceKernel } from "../../ir/kernel.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { laneCost } from "./laneCost.js";
import { type Four, laneImports, lanesKey, storeFour, storeOne, storeSome } from "./lanes.js";
import { type ReduceWords, reduceWords, scratchSizes } from "./reduceArguments.js";
import {
  type BlockSetting,
  callCombineRows,
  writeColumnsBlock,
  writeRowsBlock,
  writeWholeBlocks,
} from "./reduceBlocks.js";
import { BLOCK, LANES, lanesOf, planReduce, type ReducePlan } from "./reducePlan.js";
import { combineRows, StateWriter } from "./reduceStates.js";
import { ReduceWalk } from "./reduceWalk.js";
import type { Rendered, Routine } from "./routine.js";

/** A rough number of nanoseconds that a unit costs beside its elements. */
const UNIT_COST = 20;
/** The same for one state of one element. */
const COMBINE_COST = 0.1;

/**
 * Renders a reduction. What is long is cut into runs of blocks, whose states a second routine combines.
 *
 * @throws {Error} nothing is reduced, and the reduction has no identity
 */
export function renderReduce(kernel: ReduceKernel, options: { readonly relaxed: boolean }): Rendered {
  if (kernel.shape.includes(0)) return { routines: [], temporaries: [] };
  const empty = kernel.reduced.includes(0);
  if (empty && kernel.identity === null) throw new Error("reduce: nothing to reduce, and no identity");
  const plan = planReduce(kernel);
  const blocks = Math.ceil(plan.count / BLOCK);
  const words = reduceWords(kernel, plan, blocks);
  const { rowBytes, allScratch } = scratchSizes(kernel, plan, blocks);
  const units = plan.outerSizes.reduce((n, size) => n * size, plan.strips);
  const { runs } = plan;
  const text = structureKey(kernel, plan, options.relaxed);
  const common = { imports: laneImports(lanesOf(kernel)), args: words.list };
  const positions = plan.mode === "rows" ? 1 : Math.min(plan.laneSize, plan.stripGroups * 4);
  const elementCost = laneCost([kernel.x]) + COMBINE_COST * Object.keys(kernel.states).length;
  const routine = (kind: Kind, number: number, turns: number): Routine => {
    const key = `reduce ${kind} ${text}`;
    const unitCost = UNIT_COST + turns * positions * elementCost;
    const write = (f: FunctionBuilder): void =>
      new RoutineWriter(f, { kernel, plan, words, relaxed: options.relaxed, kind, text }).write();
    return { ...common, key, units: number, unitCost, write };
  };
  if (empty) return { routines: [routine("nothing", units, 1)], temporaries: [allScratch] };
  if (runs === 1) return { routines: [routine("whole", units, plan.count)], temporaries: [allScratch] };
  const perRun = Math.min(plan.count, plan.runBlocks * BLOCK);
  return {
    routines: [routine("runs", units * runs, perRun), routine("join", units, runs)],
    temporaries: [allScratch, units * runs * rowBytes],
  };
}

/**
 * - `whole`: from the elements to the targets
 * - `runs`: from the elements to the states of runs
 * - `join`: from there to the targets
 * - `nothing`: there are no elements
 */
type Kind = "whole" | "runs" | "join" | "nothing";

/** Everything the code depends on beside its kind. */
function structureKey(kernel: ReduceKernel, plan: ReducePlan, relaxed: boolean): string {
  const arrays = [plan.sources, plan.extras, plan.targets].map((list) =>
    list.map(({ name, access, movement }) => `${name}:${access.dtype}:${movement}`).join(","),
  );
  const { x, identity, element, combine, finish, states, targets } = kernel;
  const lanes = [
    lanesKey([x]),
    ...[identity ?? {}, element, combine].map((each) =>
      lanesKey(Object.keys(states).flatMap((n) => each[n] ?? [])),
    ),
    lanesKey([finish]),
    lanesKey(targets.map(({ lane }) => lane)),
  ];
  const loops = `${plan.mode} ${plan.outerSizes.length} ${plan.reducedSizes.length}`;
  const types = Object.entries(states).map((entry) => entry.join(":"));
  return [loops, ...arrays, types.join(), ...lanes, relaxed ? "relaxed" : ""].join(" | ");
}

interface RoutineSetting {
  readonly kernel: ReduceKernel;
  readonly plan: ReducePlan;
  readonly words: ReduceWords;
  readonly relaxed: boolean;
  readonly kind: Kind;
  readonly text: string;
}

/** Writes one routine: for every unit the state of each position, then what is done with it. */
class RoutineWriter {
  readonly #walk: ReduceWalk;
  readonly #writer: StateWriter;
  readonly #block: BlockSetting;
  /** How many rows the stack of the tree holds, and the address behind them. */
  readonly #top: Local;
  readonly #bottom: Local;
  /** Of the state that was made last: it is of 2^level blocks. */
  readonly #level: Local;

  constructor(
    readonly f: FunctionBuilder,
    readonly setting: RoutineSetting,
  ) {
    const { kernel, plan, words, relaxed, text } = setting;
    this.#walk = new ReduceWalk(f, words, plan.mode);
    this.#writer = new StateWriter(f, kernel, words.places, relaxed);
    this.#top = f.local("i32");
    this.#bottom = f.local("i32");
    this.#level = f.local("i32");
    this.#block = {
      f,
      writer: this.#writer,
      walk: this.#walk,
      combineRows: combineRows(this.#writer, text),
      start: f.local("i32"),
      length: f.local("i32"),
      states: f.local("i32"),
      rowBytes: this.#walk.word(words.rowBytes),
      usedBytes: f.local("i32"),
    };
  }

  write(): void {
    const { f, setting } = this;
    const [, begin, end, worker] = f.parameters as [Local, Local, Local, Local];
    const { words, kind, plan } = setting;
    const { states, rowBytes } = this.#block;
    f.get(this.#walk.word(words.scratch)).get(worker).get(this.#walk.word(words.scratchBytes));
    f.op("i32.mul").op("i32.add").tee(states).get(rowBytes);
    f.i32(plan.mode === "rows" ? 1 : LANES)
      .op("i32.mul")
      .op("i32.add")
      .set(this.#bottom);
    const unit = f.local("i32");
    f.get(begin).set(unit);
    f.countTo(unit, end, 1, () => {
      this.#walk.toUnit(unit, kind === "runs");
      f.get(this.#walk.positions).i32(3).op("i32.add").i32(2).op("i32.shr_u").i32(this.#writer.bytes);
      f.op("i32.mul").set(this.#block.usedBytes);
      if (kind === "nothing") this.#writeIdentity();
      else if (kind === "join") this.#join();
      else this.#reduceBlocks();
      if (kind === "runs") this.#keepRun(unit);
      else this.#writeTargets();
    });
  }

  /** The state of the unit's elements, block by block. */
  #reduceBlocks(): void {
    const { f, setting } = this;
    const { words, kind, plan } = setting;
    const { start, length } = this.#block;
    const [first, block, last] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const blocks = this.#walk.word(words.blocks);
    if (kind === "runs") {
      const perRun = this.#walk.word(words.runBlocks);
      f.get(this.#walk.run).get(perRun).op("i32.mul").tee(first).get(perRun).op("i32.add").set(last);
      f.get(last).get(blocks).get(last).get(blocks).op("i32.lt_s").op("select").set(last);
    } else f.get(blocks).set(last);
    f.get(first).set(block);
    this.#inTree(first, block, last, () => {
      const rest = f.local("i32");
      f.get(block).i32(BLOCK).op("i32.mul").set(start);
      f.get(this.#walk.word(words.count)).get(start).op("i32.sub").set(rest);
      f.get(rest).i32(BLOCK).get(rest).i32(BLOCK).op("i32.lt_s").op("select").set(length);
      this.#walk.toElement(start);
      if (plan.mode === "columns") writeColumnsBlock(this.#block);
      else this.#writeRows(first, block, rest);
    });
  }

  /** The next block, or several where the tree has them as one. */
  #writeRows(first: Local, block: Local, rest: Local): void {
    const { f } = this;
    const { streams } = this.setting.plan;
    if (streams === 1) {
      writeRowsBlock(this.#block);
      return;
    }
    f.get(rest)
      .i32(streams * BLOCK)
      .op("i32.ge_s");
    f.get(block)
      .get(first)
      .op("i32.sub")
      .i32(streams - 1)
      .op("i32.and")
      .op("i32.eqz")
      .op("i32.and");
    f.get(this.#walk.word(this.setting.words.runBlocks)).i32(streams).op("i32.ge_s").op("i32.and");
    f.if(
      () => {
        writeWholeBlocks(this.#block, streams);
        f.i32(Math.log2(streams)).set(this.#level);
      },
      () => {
        writeRowsBlock(this.#block);
        f.i32(0).set(this.#level);
      },
    );
  }

  /** The state of the runs' states. */
  #join(): void {
    const { f, setting } = this;
    const [zero, run] = [f.local("i32"), f.local("i32")];
    f.i32(0).set(run);
    this.#inTree(zero, run, this.#walk.word(setting.words.runs), () => {
      const address = f.local("i32");
      f.get(this.#walk.keptUnit)
        .get(this.#walk.word(setting.words.runs))
        .op("i32.mul")
        .get(run)
        .op("i32.add");
      this.#rowOfRun(address);
      this.#copyRow(this.#block.states, address);
    });
  }

  /** The address of a row of the runs' states; its number is on the stack. */
  #rowOfRun(address: Local): void {
    const { f } = this;
    f.get(this.#block.rowBytes).op("i32.mul").get(this.#walk.word(this.setting.words.partial)).op("i32.add");
    f.set(address);
  }

  #keepRun(unit: Local): void {
    const address = this.f.local("i32");
    this.f.get(unit);
    this.#rowOfRun(address);
    this.#copyRow(address, this.#block.states);
  }

  #copyRow(to: Local, from: Local): void {
    const { f } = this;
    const [target, source] = [f.local("i32"), f.local("i32")];
    f.get(to).set(target).get(from).set(source);
    this.#walk.forGroups(
      "states",
      () => this.#writer.store(target, this.#writer.load(source)),
      [target, source],
      this.#writer.bytes,
    );
  }

  /**
   * Combines what `write` leaves in the first row of states for each number from `first` up to `last`: as soon as there are
   * two of one size, they become one; at the end the rest, from the smallest on.
   */
  #inTree(first: Local, number: Local, last: Local, write: () => void): void {
    const { f } = this;
    const { states, rowBytes } = this.#block;
    const bits = f.local("i32");
    f.get(this.#bottom).set(this.#top);
    const pop = (): void => {
      f.get(this.#top).get(rowBytes).op("i32.sub").set(this.#top);
      callCombineRows(this.#block, states, this.#top, states);
    };
    f.block((done) => {
      f.loop((next) => {
        write();
        f.get(number).get(first).op("i32.sub").get(this.#level).op("i32.shr_u").set(bits);
        f.block((enough) => {
          f.loop((again) => {
            f.get(bits).i32(1).op("i32.and").op("i32.eqz").branchIf(enough);
            pop();
            f.get(bits).i32(1).op("i32.shr_u").set(bits).branch(again);
          });
        });
        f.get(number)
          .i32(1)
          .get(this.#level)
          .op("i32.shl")
          .op("i32.add")
          .tee(number)
          .get(last)
          .op("i32.ge_s")
          .branchIf(done);
        this.#copyRow(this.#top, states);
        f.get(this.#top).get(rowBytes).op("i32.add").set(this.#top).branch(next);
      });
    });
    f.block((done) => {
      f.loop((again) => {
        f.get(this.#top).get(this.#bottom).op("i32.eq").branchIf(done);
        pop();
        f.branch(again);
      });
    });
  }

  #writeIdentity(): void {
    const { f } = this;
    const row = f.local("i32");
    const { kernel } = this.setting;
    const none = (name: string): Four => {
      throw new Error(`reduce: the identity reads ${name}`);
    };
    f.get(this.#block.states).set(row);
    this.#walk.forGroups(
      "states",
      () => this.#writer.store(row, this.#writer.states(kernel.identity!, none)),
      [row],
      this.#writer.bytes,
    );
  }

  /** From the first row of states to the targets. */
  #writeTargets(): void {
    const { f } = this;
    const row = f.local("i32");
    f.get(this.#block.states).set(row);
    this.#walk.forGroups(
      "results",
      () => {
        const value = this.#writer.finish(this.#writer.load(row), (name) =>
          this.#walk.inGroup("extras", name),
        );
        // All values are there before the first is stored: a target may be one of the extras.
        const values = this.setting.kernel.targets.map(({ lane }) => value(lane));
        values.forEach((each, i) => {
          this.#store(i, each);
        });
      },
      [row],
      this.#writer.bytes,
    );
  }

  #store(number: number, value: Four): void {
    const { f } = this;
    const { array, group, steps } = this.#walk.targets[number]!;
    const { dtype } = array.access;
    const { left } = this.#walk;
    if (array.movement === "stay") storeOne(f, dtype, group, 0, value);
    else if (array.movement === "run") {
      f.get(left).i32(4).op("i32.ge_s");
      f.if(
        () => storeFour(f, dtype, group, 0, value),
        () => storeSome(f, dtype, group, 0, left, value),
      );
    } else {
      const addresses = this.#walk.addresses(group, steps);
      addresses.forEach((address, lane) => {
        f.get(left).i32(lane).op("i32.gt_s");
        f.if(() => storeOne(f, dtype, address, lane, value));
      });
    }
  }
}
