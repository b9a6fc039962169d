/**
 * @file A small assembler: functions written instruction by instruction, put together as a WebAssembly module.
 *
 * Instructions have their names in WebAssembly's text format; nesting, locals and calls are by handle, so that generators
 * can be composed without counting.
 */
import { OPCODES } from "./opcodes.js";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const TYPE_CODE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A local of one function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Where a branch may go: the end of a block or the head of a loop. */
export interface Label {
  readonly depth: number;
}

/** A function that can be called. */
export interface FunctionHandle {
  readonly index: number;
}

const BLOCK_VOID = 0x40;
const scratch = new DataView(new ArrayBuffer(16));

function unsigned(out: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

function signed(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

/** The body of one function while it is written. Every method appends an instruction and gives the builder back. */
export class FunctionBuilder {
  readonly #prologue: number[] = [];
  readonly #hoisted = new Map<string, Local>();
  #code: number[] = [];
  readonly #locals: ValueType[] = [];
  #depth = 0;
  /** The parameters, as locals. */
  readonly parameters: readonly Local[];

  constructor(
    /** The module it belongs to: for imports and functions to call. */
    readonly module: ModuleBuilder,
    parameters: readonly ValueType[],
  ) {
    this.parameters = parameters.map((type, index) => ({ index, type }));
  }

  /** A new local, zero at first. */
  local(type: ValueType): Local {
    this.#locals.push(type);
    return { index: this.parameters.length + this.#locals.length - 1, type };
  }

  /**
   * A local that is set once, at the function's beginning, wherever it is asked for: `write` leaves its value on the
   * stack, from parameters alone. The same key gives the same local.
   */
  hoist(key: string, type: ValueType, write: () => void): Local {
    const known = this.#hoisted.get(key);
    if (known !== undefined) return known;
    const local = this.local(type);
    const body = this.#code;
    this.#code = this.#prologue;
    write();
    this.set(local);
    this.#code = body;
    this.#hoisted.set(key, local);
    return local;
  }

  /** An instruction by name, without a label, local or constant. */
  op(name: string): this {
    this.#opcode(name, "nothing");
    return this;
  }

  /** An instruction on a lane of a vector: `f32x4.extract_lane`. */
  lane(name: string, lane: number): this {
    this.#opcode(name, "lane");
    this.#code.push(lane);
    return this;
  }

  /** A load or store; the address (and the value) are on the stack, `offset` bytes are added to it. */
  memory(name: string, offset = 0): this {
    const { align } = this.#opcode(name, "memory");
    unsigned(this.#code, align);
    unsigned(this.#code, offset);
    return this;
  }

  /** A load or store of one lane of a vector. */
  memoryLane(name: string, lane: number, offset = 0): this {
    const { align } = this.#opcode(name, "memory and lane");
    unsigned(this.#code, align);
    unsigned(this.#code, offset);
    this.#code.push(lane);
    return this;
  }

  #opcode(name: string, follows: string): { align: number } {
    const opcode = OPCODES.get(name);
    if (opcode?.follows !== follows) throw new Error(`assembler: no instruction ${name} with ${follows}`);
    if (opcode.prefix === 0) this.#code.push(opcode.code);
    else {
      this.#code.push(opcode.prefix);
      unsigned(this.#code, opcode.code);
    }
    return opcode;
  }

  get(local: Local): this {
    this.#code.push(0x20);
    unsigned(this.#code, local.index);
    return this;
  }

  set(local: Local): this {
    this.#code.push(0x21);
    unsigned(this.#code, local.index);
    return this;
  }

  /** Sets a local and leaves the value on the stack. */
  tee(local: Local): this {
    this.#code.push(0x22);
    unsigned(this.#code, local.index);
    return this;
  }

  i32(value: number): this {
    this.#code.push(0x41);
    signed(this.#code, BigInt(value | 0));
    return this;
  }

  i64(value: bigint): this {
    this.#code.push(0x42);
    signed(this.#code, BigInt.asIntN(64, value));
    return this;
  }

  f32(value: number): this {
    scratch.setFloat32(0, value, true);
    this.#code.push(0x43);
    this.#bytes(4);
    return this;
  }

  f64(value: number): this {
    scratch.setFloat64(0, value, true);
    this.#code.push(0x44);
    this.#bytes(8);
    return this;
  }

  /** A vector of four equal float32 values. */
  f32x4(value: number): this {
    for (let i = 0; i < 4; i++) scratch.setFloat32(4 * i, value, true);
    return this.#vector();
  }

  /** A vector of two equal float64 values. */
  f64x2(value: number): this {
    for (let i = 0; i < 2; i++) scratch.setFloat64(8 * i, value, true);
    return this.#vector();
  }

  /** A vector of four int32 values; one given stands for all. */
  i32x4(...values: readonly number[]): this {
    for (let i = 0; i < 4; i++) scratch.setInt32(4 * i, values[i % values.length]!, true);
    return this.#vector();
  }

  /** A vector of two int64 values, both the same. */
  i64x2(value: bigint): this {
    for (let i = 0; i < 2; i++) scratch.setBigInt64(8 * i, value, true);
    return this.#vector();
  }

  #vector(): this {
    this.#code.push(0xfd, 12);
    this.#bytes(16);
    return this;
  }

  #bytes(count: number): void {
    for (let i = 0; i < count; i++) this.#code.push(scratch.getUint8(i));
  }

  /** Bytes of two vectors in a new order: 0 … 15 of the first, 16 … 31 of the second. */
  shuffle(order: readonly number[]): this {
    this.#code.push(0xfd, 13, ...order);
    return this;
  }

  /** A block; a branch to its label leaves it. */
  block(body: (end: Label) => void): this {
    return this.#nested(0x02, body);
  }

  /** A loop; a branch to its label starts it again. */
  loop(body: (again: Label) => void): this {
    return this.#nested(0x03, body);
  }

  /** What happens if the number on the stack is not zero, and otherwise. */
  if(yes: () => void, no?: () => void): this {
    return this.#nested(0x04, () => {
      yes();
      if (no !== undefined) {
        this.#code.push(0x05);
        no();
      }
    });
  }

  #nested(opcode: number, body: (label: Label) => void): this {
    this.#code.push(opcode, BLOCK_VOID);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#code.push(0x0b);
    return this;
  }

  branch(label: Label): this {
    this.#code.push(0x0c);
    unsigned(this.#code, this.#depth - label.depth);
    return this;
  }

  branchIf(label: Label): this {
    this.#code.push(0x0d);
    unsigned(this.#code, this.#depth - label.depth);
    return this;
  }

  call(target: FunctionHandle): this {
    this.#code.push(0x10);
    unsigned(this.#code, target.index);
    return this;
  }

  /** Counts `local` from its present value while it is below `end`, by `step`; both are left on no stack. */
  countTo(local: Local, end: Local, step: number, body: () => void): this {
    return this.block((done) => {
      this.loop((again) => {
        this.get(local).get(end).op("i32.ge_s").branchIf(done);
        body();
        this.get(local).i32(step).op("i32.add").set(local).branch(again);
      });
    });
  }

  /** The bytes of the body, with its locals. */
  bytes(): number[] {
    const out: number[] = [];
    unsigned(out, this.#locals.length);
    for (const type of this.#locals) out.push(1, TYPE_CODE[type]);
    // Bodies are long: no spreading onto the argument stack.
    for (const byte of this.#prologue) out.push(byte);
    for (const byte of this.#code) out.push(byte);
    out.push(0x0b);
    return out;
  }
}

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A module while it is put together: one imported memory, imported and own functions. */
export class ModuleBuilder {
  readonly #types: string[] = [];
  readonly #typeBytes: number[][] = [];
  readonly #imports: { module: string; name: string; type: number }[] = [];
  readonly #functions: { name: string | null; type: number; body: FunctionBuilder }[] = [];
  readonly #known = new Map<string, FunctionHandle>();

  constructor(private readonly memory: { readonly shared: boolean; readonly maximumPages: number }) {}

  /** Imports a function of numbers; must come before the module's own functions. Asked twice, it is imported once. */
  import(module: string, name: string, parameters: readonly ValueType[], results: readonly ValueType[]) {
    const key = `import ${module}.${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#functions.length > 0) throw new Error(`assembler: ${name} is imported after a function`);
    this.#imports.push({ module, name, type: this.#type({ parameters, results }) });
    return this.#remember(key, this.#imports.length - 1);
  }

  /** Adds a function; with a name it is exported. */
  function(
    name: string | null,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    write: (f: FunctionBuilder) => void,
  ): FunctionHandle {
    const body = new FunctionBuilder(this, parameters);
    write(body);
    this.#functions.push({ name, type: this.#type({ parameters, results }), body });
    return { index: this.#imports.length + this.#functions.length - 1 };
  }

  /** A function shared by those that ask for the same key, such as a polynomial. Not exported. */
  shared(
    key: string,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    write: (f: FunctionBuilder) => void,
  ): FunctionHandle {
    return this.#known.get(key) ?? this.#remember(key, this.function(null, parameters, results, write).index);
  }

  #remember(key: string, index: number): FunctionHandle {
    const handle = { index };
    this.#known.set(key, handle);
    return handle;
  }

  #type({ parameters, results }: Signature): number {
    const bytes = [0x60, parameters.length, ...parameters.map((t) => TYPE_CODE[t])];
    bytes.push(results.length, ...results.map((t) => TYPE_CODE[t]));
    const key = bytes.join();
    const known = this.#types.indexOf(key);
    if (known !== -1) return known;
    this.#types.push(key);
    this.#typeBytes.push(bytes);
    return this.#types.length - 1;
  }

  /** The module's bytes. Its memory is imported as `env.memory`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out: number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    section(out, 1, this.#typeBytes);
    section(out, 2, [this.#memoryImport(), ...this.#imports.map(functionImport)]);
    section(
      out,
      3,
      this.#functions.map(({ type }) => number(type)),
    );
    const exported = this.#functions.flatMap(({ name }, i) =>
      name === null ? [] : [[...text(name), 0x00, ...number(this.#imports.length + i)]],
    );
    section(out, 7, exported);
    section(
      out,
      10,
      this.#functions.map(({ body }) => sized(body.bytes())),
    );
    return Uint8Array.from(out);
  }

  #memoryImport(): number[] {
    const { shared, maximumPages } = this.memory;
    return [...text("env"), ...text("memory"), 0x02, shared ? 0x03 : 0x01, 0x00, ...number(maximumPages)];
  }
}

const functionImport = (f: { module: string; name: string; type: number }): number[] => [
  ...text(f.module),
  ...text(f.name),
  0x00,
  ...number(f.type),
];

function number(value: number): number[] {
  const out: number[] = [];
  unsigned(out, value);
  return out;
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...number(bytes.length), ...bytes];
}

function sized(bytes: number[]): number[] {
  const out = number(bytes.length);
  for (const byte of bytes) out.push(byte);
  return out;
}

function section(out: number[], id: number, items: readonly number[][]): void {
  if (items.length === 0) return;
  const body = number(items.length);
  for (const item of items) for (const byte of item) body.push(byte);
  out.push(id);
  unsigned(out, body.length);
  for (const byte of body) out.push(byte);
}
