/**
 * @file Objects that are called like functions: `layer(x)`, `loss(yTrue, yPred)`, `initializer(shape)`.
 */

/**
 * The base of everything in Keras that is both an object and a function. `new` gives a function whose prototype is the
 * class's, so `instanceof`, methods, fields and private members work, and a call goes to `invoke`.
 */
export class CallableObject {
  constructor() {
    const call = (a: unknown, b: unknown, c: unknown): unknown =>
      (call as unknown as CallableObject).invoke(a, b, c);
    // A function's own `name` and `length` would hide the object's, and could not be written.
    Object.defineProperty(call, "name", { value: undefined, writable: true });
    Object.defineProperty(call, "length", { value: undefined, writable: true });
    // biome-ignore lint/correctness/noConstructorReturn: the function is the object.
    return Object.setPrototypeOf(call, new.target.prototype);
  }

  /** What a call of the object does. */
  protected invoke(_a: unknown, _b: unknown, _c: unknown): unknown {
    throw new TypeError(`${this.constructor.name} cannot be called`);
  }

  /** How it prints: as the object it is. */
  toString(): string {
    return `<${this.constructor.name}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.toString() };
  }
}

/** `CallableObject`, with the call signature `Call` in its type. */
export const callable = <Call extends object>(): (new () => CallableObject & Call) => CallableObject as never;
