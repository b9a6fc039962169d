/**
 * @file Every error the library throws on purpose, by what went wrong.
 */

/** Base of the library's errors: `catch (e) { if (e instanceof NablaError) … }`. */
export class NablaError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Sizes or ranks do not fit. */
export class ShapeError extends NablaError {}

/** An element type that the operation does not take. */
export class DtypeError extends NablaError {}

/** A value outside what the operation accepts. */
export class ValueError extends NablaError {}

/** A gradient was asked for that cannot be had: the tape is used up, a handler is missing or returned the wrong thing. */
export class GradientError extends NablaError {}

/** A name is not in a registry. */
export class LookupError extends NablaError {}

/** A name is in a registry already. */
export class KeyError extends NablaError {}

/** A value was read where there is none yet: inside a traced function, or from a variable that is not built. */
export class ReadError extends NablaError {}

/** There is no memory for an array. */
export class MemoryError extends NablaError {}
