/**
 * @file How a reduction moves through its arrays: to a unit, to an element of what is reduced, and from group to group of four.
 */
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, gatherFour, loadFour, splatFour } from "./lanes.js";
import type { ArrayWords, ReduceWords } from "./reduceArguments.js";

/** One array while it is walked. */
interface Walked {
  readonly array: ArrayWords;
  /** The address for the unit: of its first position. */
  readonly unit: Local;
  /** The address at the element of the reduced loops; sources only. */
  readonly row: Local;
  /** The address at the group of four. */
  readonly group: Local;
  /** Where an array goes by steps: from each of the four to the next; 0 beyond the last position. */
  readonly steps: readonly Local[];
}

/** Writes the address arithmetic of one routine. */
export class ReduceWalk {
  readonly sources: readonly Walked[];
  readonly extras: readonly Walked[];
  readonly targets: readonly Walked[];
  /** Positions from the group of four to the end of the strip. */
  readonly left: Local;
  /** Positions of the strip. */
  readonly positions: Local;
  readonly run: Local;
  /** Number of the unit among those of one run. */
  readonly keptUnit: Local;
  readonly #counters: readonly Local[];

  constructor(
    readonly f: FunctionBuilder,
    readonly words: ReduceWords,
    readonly mode: "rows" | "columns",
  ) {
    const walked = (array: ArrayWords): Walked => {
      const [unit, row, group] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const steps = array.movement === "step" ? [f.local("i32"), f.local("i32"), f.local("i32")] : [];
      return { array, unit, row, group, steps };
    };
    this.sources = words.sources.map(walked);
    this.extras = words.extras.map(walked);
    this.targets = words.targets.map(walked);
    this.left = f.local("i32");
    this.positions = f.local("i32");
    this.run = f.local("i32");
    this.keptUnit = f.local("i32");
    this.#counters = words.reducedSizes.slice(1).map(() => f.local("i32"));
  }

  /** A word of the arguments, loaded once. */
  word(offset: number): Local {
    const { f } = this;
    return f.hoist(`word ${offset}`, "i32", () => f.get(f.parameters[0]!).memory("i32.load", offset));
  }

  #add(target: Local, amount: () => void): void {
    this.f.get(target);
    amount();
    this.f.op("i32.add").set(target);
  }

  /** Takes the remainder of `rest` by a word into `digit`, and leaves the quotient in `rest`. */
  #digit(rest: Local, size: number, digit: Local): void {
    this.f.get(rest).get(this.word(size)).op("i32.rem_u").set(digit);
    this.f.get(rest).get(this.word(size)).op("i32.div_u").set(rest);
  }

  /** Goes to a unit: its run, its strip and its position in the outer loops. */
  toUnit(unit: Local, split: boolean): void {
    const { f, words } = this;
    const [rest, digit] = [f.local("i32"), f.local("i32")];
    const all = [...this.sources, ...this.extras, ...this.targets];
    f.get(unit).set(rest);
    if (split) this.#digit(rest, words.runs, this.run);
    f.get(rest).set(this.keptUnit);
    for (const { array, unit } of all) f.get(this.word(array.words.base)).set(unit);
    const move = (stride: (array: ArrayWords) => number): void => {
      for (const { array, unit } of all) {
        this.#add(unit, () =>
          f
            .get(digit)
            .get(this.word(stride(array)))
            .op("i32.mul"),
        );
      }
    };
    if (this.mode === "columns") {
      this.#digit(rest, words.strips, digit);
      move((array) => array.words.strip);
      this.#countPositions(digit);
    } else f.i32(1).set(this.positions);
    for (let loop = words.outerSizes.length - 1; loop > 0; loop--) {
      this.#digit(rest, words.outerSizes[loop]!, digit);
      move((array) => array.words.outer[loop]!);
    }
    if (words.outerSizes.length === 0) return;
    f.get(rest).set(digit);
    move((array) => array.words.outer[0]!);
  }

  #countPositions(strip: Local): void {
    const { f, words, positions } = this;
    const whole = this.word(words.stripPositions);
    f.get(this.word(words.laneSize)).get(strip).get(whole).op("i32.mul").op("i32.sub").set(positions);
    f.get(positions).get(whole).get(positions).get(whole).op("i32.lt_s").op("select").set(positions);
  }

  /** Goes to an element of the reduced loops. */
  toElement(index: Local): void {
    const { f, words } = this;
    const rest = f.local("i32");
    f.get(index).set(rest);
    for (let loop = this.#counters.length; loop > 0; loop--) {
      this.#digit(rest, words.reducedSizes[loop]!, this.#counters[loop - 1]!);
    }
    for (const { array, unit, row } of this.sources) {
      f.get(unit);
      [rest, ...this.#counters].forEach((digit, loop) => {
        f.get(digit).get(this.word(array.words.reduced[loop]!)).op("i32.mul").op("i32.add");
      });
      f.set(row);
    }
  }

  /** Goes on by `by` elements, which lie in one turn of the innermost loop. */
  advance(by: number): void {
    const { f, words } = this;
    const inner = words.reducedSizes.length - 1;
    for (const { array, row } of this.sources) {
      const stride = array.words.reduced[inner]!;
      if (this.mode === "columns") this.#add(row, () => f.get(this.word(stride)));
      else if (array.movement === "run") {
        this.#add(row, () => f.i32(by * elementBytes(array.access.dtype)));
      }
    }
    if (inner > 0) this.#carry(inner, by);
  }

  /** Counts a loop on, and if it is through, the one around it. */
  #carry(loop: number, by: number): void {
    const { f, words } = this;
    const counter = this.#counters[loop - 1]!;
    f.get(counter).i32(by).op("i32.add").tee(counter).get(this.word(words.reducedSizes[loop]!)).op("i32.eq");
    f.if(() => {
      f.i32(0).set(counter);
      for (const { array, row } of this.sources) {
        this.#add(row, () => f.get(this.word(array.words.jumps[loop - 1]!)));
      }
      if (loop > 1) this.#carry(loop - 1, 1);
    });
  }

  /** Four elements of a source at the present element, `ahead` elements further on. Rows only. */
  beside(name: string, ahead: number): Four {
    const { array, row } = this.#source(name);
    const { dtype } = array.access;
    if (array.movement === "stay") return splatFour(this.f, dtype, row, 0);
    return loadFour(this.f, dtype, row, ahead * elementBytes(dtype));
  }

  /** Four times the element of a source at the present element. */
  single(name: string): Four {
    const { array, row } = this.#source(name);
    return splatFour(this.f, array.access.dtype, row, 0);
  }

  #source(name: string): Walked {
    return this.sources.find(({ array }) => array.name === name)!;
  }

  /**
   * Goes through the strip group by group: moves the arrays of a kind along, and `moved` by `bytes`.
   *
   * @param kind  `states`: no arrays
   */
  forGroups(
    kind: "sources" | "results" | "states",
    body: () => void,
    moved: readonly Local[],
    bytes: number,
  ): void {
    const { f, left } = this;
    const walked = { sources: this.sources, results: [...this.extras, ...this.targets], states: [] }[kind];
    for (const { array, group, row, unit, steps } of walked) {
      f.get(kind === "sources" ? row : unit).set(group);
      for (const step of steps) f.get(this.word(array.words.lane)).set(step);
    }
    f.get(this.positions).set(left);
    const stepping = walked.filter(({ steps }) => steps.length > 0);
    f.loop((again) => {
      if (stepping.length > 0) this.#stopBeyondLast(stepping);
      body();
      for (const { array, group } of walked) {
        if (array.movement === "run") this.#add(group, () => f.i32(4 * elementBytes(array.access.dtype)));
        if (array.movement === "step") {
          this.#add(group, () => f.get(this.word(array.words.lane)).i32(2).op("i32.shl"));
        }
      }
      for (const pointer of moved) this.#add(pointer, () => f.i32(bytes));
      f.get(left).i32(4).op("i32.sub").tee(left).i32(0).op("i32.gt_s").branchIf(again);
    });
  }

  /** In the last group, lanes beyond the last position see that position again. */
  #stopBeyondLast(walked: readonly Walked[]): void {
    const { f, left } = this;
    f.get(left).i32(4).op("i32.lt_s");
    f.if(() => {
      for (const { array, steps } of walked) {
        steps.forEach((step, i) => {
          f.get(this.word(array.words.lane)).i32(0);
          f.get(left)
            .i32(i + 1)
            .op("i32.gt_s")
            .op("select")
            .set(step);
        });
      }
    });
  }

  /** Four positions of a source or an extra in the present group. */
  inGroup(kind: "sources" | "extras", name: string): Four {
    const { f } = this;
    const { array, group, steps } = this[kind].find((walked) => walked.array.name === name)!;
    const { dtype } = array.access;
    if (array.movement === "stay") return splatFour(f, dtype, group, 0);
    if (array.movement === "run") return loadFour(f, dtype, group, 0);
    return gatherFour(f, dtype, this.addresses(group, steps));
  }

  /** The addresses of four positions that lie steps apart. */
  addresses(first: Local, steps: readonly Local[]): Local[] {
    const { f } = this;
    const list = [first];
    for (const step of steps) {
      const next = f.local("i32");
      f.get(list.at(-1)!).get(step).op("i32.add").set(next);
      list.push(next);
    }
    return list;
  }
}
