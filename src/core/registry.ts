/**
 * @file The gradient registry: from an op's name to the handler of its gradient. Listable, extensible, overridable.
 */
import { GradientError, KeyError, LookupError, ValueError } from "./errors.js";
import type { Grad, Op } from "./op.js";
import type { SourceLine } from "./sourceLine.js";
import type { Tensor } from "./tensor.js";

/** What a gradient handler is told about the op it differentiates. */
export interface RecordedOp {
  /** The op's type: its key in the registry. */
  readonly type: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attrs: Readonly<Record<string, any>>;
  /** The user's line that made the op, where it is known. */
  readonly createdAt: SourceLine | null;
}

/**
 * One gradient per input from one gradient per output. A single gradient may be returned bare; null means "none".
 */
export type GradientHandler = (op: RecordedOp, ...dys: Tensor[]) => Grad | readonly Grad[];

interface Registration {
  /** Null: not differentiable, on purpose. */
  readonly handler: GradientHandler | null;
  readonly where: string;
}

const registrations = new Map<string, Registration>();
const overrides = new Map<string, GradientHandler>();

/** The live, ordered registry: built-in ops first, then the user's. */
export const gradientRegistry = {
  /** The names of all ops with an entry, in order of registration. */
  keys: (): string[] => [...registrations.keys()],
  has: (name: string): boolean => registrations.has(name),
  /** The handler in force; null for an op that is marked not differentiable. */
  get(name: string): GradientHandler | null {
    const entry = registrations.get(name);
    if (entry === undefined) throw missingGradient(name);
    return overrides.get(name) ?? entry.handler;
  },
  get size(): number {
    return registrations.size;
  },
  [Symbol.iterator]: (): IterableIterator<string> => registrations.keys(),
};

/** The error of an op without an entry. */
export const missingGradient = (name: string): LookupError =>
  new LookupError(`gradient registry has no entry for: ${name}`);

/**
 * Registers the gradient of an op.
 *
 * @param name     the op's type, such as "Sin"
 * @param handler  `(op, ...dys) => gradients`, one per input
 * @throws {KeyError} the name has a gradient already; says where it was registered
 */
export function registerGradient(name: string, handler: GradientHandler): GradientHandler {
  if (typeof handler !== "function") throw new ValueError(`registerGradient: the handler of ${name} is not a function`);
  add(name, handler, userFrame());
  return handler;
}

/** Marks an op as not differentiable: its inputs get no gradient. */
export function noGradient(name: string): void {
  add(name, null, userFrame());
}

function add(name: string, handler: GradientHandler | null, where: string): void {
  if (typeof name !== "string") throw new ValueError("the op type must be a string");
  const previous = registrations.get(name);
  if (previous !== undefined) {
    throw new KeyError(`Registering two gradients with name '${name}'! (Previous registration was in ${previous.where})`);
  }
  registrations.set(name, { handler, where });
}

/** The caller's line, for the message about a second registration. */
function userFrame(): string {
  const frame = (new Error().stack ?? "").split("\n")[3] ?? "";
  return frame.trim().replace(/^at /, "") || "an unknown place";
}

/**
 * Replaces the gradient of an op until disposed: `using _ = tf.overrideGradient("Relu", handler)`. Ops recorded
 * meanwhile keep the handler.
 *
 * @throws {LookupError} no op has that name
 */
export function overrideGradient(name: string, handler: GradientHandler): Disposable {
  if (!registrations.has(name)) throw missingGradient(name);
  const previous = overrides.get(name);
  overrides.set(name, handler);
  return {
    [Symbol.dispose](): void {
      if (overrides.get(name) !== handler) {
        throw new GradientError(`overrideGradient("${name}"): scopes must be closed in reverse order`);
      }
      if (previous === undefined) overrides.delete(name);
      else overrides.set(name, previous);
    },
  };
}

/** The user's handler for an op that is being recorded, if there is one. */
export function userHandler(op: Op): GradientHandler | undefined {
  const override = overrides.size > 0 ? overrides.get(op.name) : undefined;
  if (override !== undefined || op.grad !== undefined) return override;
  return registrations.get(op.name)?.handler ?? undefined;
}

/** Lists the built-in ops. Called once by the main door. */
export function registerOps(ops: readonly Op[], handlerOf: (op: Op) => GradientHandler): void {
  for (const op of ops) {
    if (registrations.has(op.name)) continue;
    registrations.set(op.name, { handler: op.grad ? handlerOf(op) : null, where: `nabla's own ops` });
  }
}
