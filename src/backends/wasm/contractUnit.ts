/**
 * @file What the routines of a product share: the words of its argument block, and a unit's tables of places.
 */
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";
import { type EpilogueOptions, epilogueFunction } from "./contractEpilogue.js";
import { offsetFunction, stepPlace, tableFunction } from "./contractOffsets.js";

/** The words at the beginning of the argument block, in order; the addresses of sources and targets follow. */
export const WORDS = [
  ...["a", "b", "scratch", "scratchBytes"],
  ...["rows", "rowBlock", "rowBlocks", "columns", "columnBlock", "columnBlocks"],
  ...["depth", "depthBlock", "depthBlocks"],
  /** Parts of the sums along k that are units of their own, the passes of each, and where their sums go. */
  ...["splits", "passes", "partials", "unitBytes"],
  /** Whether b is read where it lies, and the bytes from one step of k to the next there. */
  ...["direct", "directStep"],
  /** Steps of k that lines are packed by before their neighbours' turn, and how many rows are packed at a time. */
  ...["rowSteps", "columnSteps", "rowGroup"],
  /** Whether each result is a dot product of its own, and whether both factors are contiguous along k. */
  ...["thin", "runs"],
  /** Whether all targets are contiguous along the columns, and sources too or standing still. */
  "even",
  /** Where things stand in a worker's scratch, after its packed rows. */
  ...["strips", "stripStep", "panels", "rowTables", "rowTableBytes", "columnTables", "columnTableBytes"],
  ...["depthTables", "depthTableBytes"],
  /** Where each role's loops stand in the argument block, and how many there are. */
  ...["batchLoops", "batchCount", "mLoops", "mCount", "nLoops", "nCount", "kLoops", "kCount"],
] as const;

export type Word = (typeof WORDS)[number];

const wordPlace = (word: Word): number => 4 * WORDS.indexOf(word);

/** What a routine's code is made from. */
export interface ProductCode extends Omit<EpilogueOptions, "rowTableBytes" | "columnTableBytes" | "even"> {
  /** Whether the sums themselves are the one target, as they are. */
  readonly plain: boolean;
}

/** Writes into one function; a routine of a product is a kind of it. */
export abstract class UnitWriter {
  /** Arrays that loops know the steps of: a, b, sources and targets. */
  protected readonly arrays: number;
  protected readonly offset: FunctionHandle;
  protected readonly tables: FunctionHandle;
  protected readonly epilogue: FunctionHandle;
  /** Named numbers of the unit at work. */
  readonly #locals = new Map<string, Local>();

  constructor(
    protected readonly f: FunctionBuilder,
    protected readonly code: ProductCode,
  ) {
    const { module } = f;
    const { kernel } = code;
    const [rowTableBytes, columnTableBytes] = [wordPlace("rowTableBytes"), wordPlace("columnTableBytes")];
    this.arrays = 2 + kernel.sources.length + kernel.targets.length;
    this.offset = offsetFunction(module, this.arrays);
    this.tables = tableFunction(module, this.arrays);
    const even = wordPlace("even");
    this.epilogue = epilogueFunction(module, { ...code, rowTableBytes, columnTableBytes, even });
  }

  /** Writes the units one after the other. */
  write(): void {
    const [, begin, end, worker] = this.f.parameters as [Local, Local, Local, Local];
    this.word("scratch").get(worker);
    this.word("scratchBytes").op("i32.mul").op("i32.add").set(this.local("scratch"));
    this.before();
    this.f.countTo(begin, end, 1, () => this.unit(begin));
  }

  /** What a call begins with. */
  protected before(): void {}

  protected abstract unit(unit: Local): void;

  protected local(name: string): Local {
    const known = this.#locals.get(name) ?? this.f.local("i32");
    this.#locals.set(name, known);
    return known;
  }

  /** Pushes a word of the argument block. */
  protected word(word: Word): FunctionBuilder {
    return this.f.get(this.f.parameters[0]!).memory("i32.load", wordPlace(word));
  }

  /** Pushes an address in the worker's scratch. */
  protected scratch(word: Word): FunctionBuilder {
    return this.word(word).get(this.local("scratch")).op("i32.add");
  }

  /** Pushes the address of one of the tables of rows, columns or depths. */
  protected table(kind: "row" | "column" | "depth", number: number): FunctionBuilder {
    this.scratch(`${kind}Tables`);
    return this.word(`${kind}TableBytes`).i32(number).op("i32.mul").op("i32.add");
  }

  /** Pushes the argument block's address of a role's loops, their number, and the place of an array's steps in them. */
  protected loops(role: "batch" | "m" | "n" | "k", array: number): FunctionBuilder {
    this.word(`${role}Loops`).get(this.f.parameters[0]!).op("i32.add");
    return this.word(`${role}Count`).i32(stepPlace(array));
  }

  /** Sets `first` and `here` of a role's block: where it begins, and how many positions it has. */
  protected blockOf(name: "row" | "column" | "depth", total: Word, block: Local): void {
    const [first, here] = [this.local(`${name}First`), this.local(`${name}Here`)];
    this.word(`${name}Block`).get(block).op("i32.mul").set(first);
    const left = this.local("left");
    this.word(total).get(first).op("i32.sub").set(left);
    this.word(`${name}Block`).set(here);
    this.f.get(left).get(here).get(left).get(here).op("i32.lt_s").op("select").set(here);
  }

  /** Tables of a block of rows or columns: of its factor, then of the epilogue's arrays. Batches count with the rows there. */
  protected sideTables(kind: "row" | "column", role: "m" | "n", factor: 0 | 1): void {
    const arrays = [factor, ...Array.from({ length: this.arrays - 2 }, (_, i) => i + 2)];
    arrays.forEach((array, number) => {
      this.loops(role, array);
      if (kind === "column" && array !== factor) this.f.i32(0);
      else {
        this.loops("batch", array).get(this.local("batch")).call(this.offset);
        const place = array < 2 ? wordPlace(array === 0 ? "a" : "b") : 4 * (WORDS.length + array - 2);
        this.f.get(this.f.parameters[0]!).memory("i32.load", place).op("i32.add");
      }
      this.f.get(this.local(`${kind}First`)).get(this.local(`${kind}Here`));
      this.table(kind, number).call(this.tables);
    });
  }

  /** Splits a number into the remainder by a word, set to a local, and the quotient, which replaces it. */
  protected splitOff(number: Local, word: Word, remainder: Local): void {
    this.f.get(number);
    this.word(word).op("i32.rem_u").set(remainder);
    this.f.get(number);
    this.word(word).op("i32.div_u").set(number);
  }

  /** Pushes the smaller of a local and a number. */
  protected pushAtMost(local: Local, most: number): void {
    this.f.get(local).i32(most).get(local).i32(most).op("i32.lt_s").op("select");
  }
}
