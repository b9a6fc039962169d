/** @file What a rewritten cell reaches beside its own text: imports, waiting, and the errors of names. */
import type { Interrupts } from "./interrupts.js";

/** Loads a module, as `import()` would from the notebook's folder. */
export type ImportModule = (specifier: string, options?: object) => Promise<object>;

/** The object of shared names. Its class keeps the engine's fast layout, which an object made without prototype lacks. */
export const SharedScope = function SharedScope() {} as unknown as new () => Record<string, unknown>;
SharedScope.prototype = Object.freeze(Object.create(null));

/** What cells call for. */
export class CellEnvironment {
  constructor(
    private readonly scope: Record<string, unknown>,
    readonly meta: object,
    private readonly importModule: ImportModule,
    private readonly interrupts: Interrupts,
  ) {}

  /** Loads a module. */
  import(specifier: unknown, options?: object): Promise<object> {
    return this.interrupts.waitInCell(this.importModule(String(specifier), options));
  }

  /** Ends a cell whose flag is set. */
  stop(): never {
    this.interrupts.stop();
  }

  /** What a guarded cell awaits. */
  wait<Value>(value: Value | PromiseLike<Value>): Promise<Value> {
    return this.interrupts.waitInCell(value);
  }

  /** What a guarded cell goes through by `for await`. */
  waitEach<Value>(values: AsyncIterable<Value> | Iterable<Value>): AsyncIterable<Value> {
    return this.interrupts.waitEach(values);
  }

  /** An export of a module, which must exist. */
  exported(module: object, specifier: string, name: string): unknown {
    if (name in module) return (module as Record<string, unknown>)[name];
    throw new SyntaxError(`The module '${specifier}' does not provide an export named '${name}'`);
  }

  /** Where an assignment to a name that no cell declared goes. */
  bound(name: string): object {
    if (name in this.scope) return this.scope;
    if (name in globalThis) return globalThis;
    throw new ReferenceError(`${name} is not defined: declare it with let or const`);
  }

  /** An assignment to a constant. */
  constant(name: string): never {
    throw new TypeError(`Assignment to constant variable '${name}'`);
  }

  /** A use of a name before its declaration in the same cell. */
  uninitialized(name: string): never {
    throw new ReferenceError(`Cannot access '${name}' before initialization`);
  }
}
