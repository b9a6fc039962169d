/**
 * @file Text without loops: a local variable for every value that is not a name or a number already.
 */
import type { Buffer, Program } from "../../compile/program.js";
import { compileText } from "../../core/compileText.js";
import { arrayConstructor, type TypedArray } from "../../core/dtype.js";
import { arrayOf, type ProgramRunner } from "./program.js";
import { type LaneWords, numberText } from "./renderLane.js";

/** Text that costs nothing to repeat: a name or a number. */
const isPlain = (text: string): boolean => /^\w+$/.test(text) || Number.isFinite(Number(text));

/** A program as it is written down, element by element. */
export class StraightLine {
  readonly helpers: LaneWords["helpers"] = new Map();
  readonly #statements: string[] = [];
  /** Locals by what they hold: the same text is never computed twice. */
  readonly #locals = new Map<string, string>();
  /** Text of every element that has a value. */
  readonly #elements = new Map<Buffer, string[]>();
  /** Names of arrays that exist as such. */
  readonly #arrays = new Map<Buffer, string>();
  readonly #constants: TypedArray[] = [];

  constructor({ inputs, constants }: Program) {
    inputs.forEach((buffer, k) => {
      const name = `i${k}`;
      this.#statements.push(`const ${name} = inputs[${k}];`);
      this.#arrays.set(buffer, name);
      const elements = Array.from({ length: buffer.size }, (_, at) => `${name}[${at}]`);
      this.#elements.set(buffer, buffer.size === 1 ? [name] : elements);
    });
    for (const [buffer, values] of constants) {
      const array = arrayOf(values, buffer);
      this.#arrays.set(buffer, `constants[${this.#constants.length}]`);
      this.#constants.push(array);
      this.#elements.set(buffer, Array.from(array, numberText));
    }
  }

  /** The name of a value. */
  assign(text: string): string {
    if (isPlain(text)) return text;
    let local = this.#locals.get(text);
    if (local === undefined) {
      local = `v${this.#locals.size}`;
      this.#locals.set(text, local);
      this.#statements.push(`const ${local} = ${text};`);
    }
    return local;
  }

  /** The name of an element. */
  read(buffer: Buffer, at: number): string {
    return this.assign(this.#elements.get(buffer)![at]!);
  }

  write(buffer: Buffer, at: number, text: string): void {
    let elements = this.#elements.get(buffer);
    if (elements === undefined) {
      elements = new Array<string>(buffer.size).fill("0");
      this.#elements.set(buffer, elements);
    }
    elements[at] = text;
  }

  /** The function that gives some buffers' values, or null where the host forbids text. */
  compile(outputs: readonly Buffer[]): ProgramRunner | null {
    const results = outputs.map((buffer) => this.#result(buffer));
    const { helpers } = this;
    const factory = compileText<(...args: unknown[]) => ProgramRunner>(
      ["fround", "constants", ...[...helpers.keys()].map((name) => `h_${name}`)],
      `return function (inputs) {\n${this.#statements.join("\n")}\nreturn [${results.join(", ")}];\n};`,
    );
    return factory === null ? null : factory(Math.fround, this.#constants, ...helpers.values());
  }

  /** Text of a buffer's values: its number, or an array that is there already or is made now. */
  #result(buffer: Buffer): string {
    if (buffer.size === 1) return this.read(buffer, 0);
    const known = this.#arrays.get(buffer);
    if (known !== undefined) return known;
    const name = `o${this.#arrays.size}`;
    this.#arrays.set(buffer, name);
    this.#statements.push(`const ${name} = new ${arrayConstructor(buffer.dtype).name}(${buffer.size});`);
    for (let at = 0; at < buffer.size; at++)
      this.#statements.push(`${name}[${at}] = ${this.read(buffer, at)};`);
    return name;
  }
}
