/**
 * @file The gradient registry: from an op's name to the handler of its gradient. Listable, extensible, overridable.
 */

import { GradientError, KeyError, LookupError } from "./errors.js";
import { identityOf } from "./identity.js";
import type { Grad, Op } from "./op.js";
import { type SourceLine, userLine } from "./sourceLine.js";
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
interface Override {
  readonly handler: GradientHandler;
  readonly outer: Override | undefined;
}

/** The innermost override of each name. */
const overrides = new Map<string, Override>();

/** The live, ordered registry: built-in ops first, then the user's. */
export const gradientRegistry = {
  /** The names of all ops with an entry, in order of registration. */
  keys: (): string[] => [...registrations.keys()],
  has: (name: string): boolean => registrations.has(name),
  /** The handler in force; null for an op that is marked not differentiable. */
  get(name: string): GradientHandler | null {
    const entry = registrations.get(name);
    if (entry === undefined) throw missingGradient(name);
    return overrides.get(name)?.handler ?? entry.handler;
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
  checkName(name);
  checkHandler(name, handler);
  add(name, handler, callerPlace());
  return handler;
}

/** Marks an op as not differentiable: its inputs get no gradient. */
export function noGradient(name: string): void {
  checkName(name);
  add(name, null, callerPlace());
}

function add(name: string, handler: GradientHandler | null, where: string): void {
  const previous = registrations.get(name);
  if (previous !== undefined) {
    throw new KeyError(
      `Registering two gradients with name '${name}'! (Previous registration was in ${previous.where})`,
    );
  }
  registrations.set(name, { handler, where });
}

function checkName(name: unknown): void {
  if (typeof name !== "string")
    throw new TypeError(`the op type must be a string, got ${typeof name} ${String(name)}`);
}

function checkHandler(name: string, handler: unknown): void {
  if (typeof handler !== "function")
    throw new TypeError(`the gradient handler of ${name} must be a function, got ${typeof handler}`);
}

/** The caller's line, for the message about a second registration. */
function callerPlace(): string {
  const line = userLine();
  return line === null ? "an unknown place" : `${line.file}:${line.line}`;
}

/**
 * Replaces the gradient of an op until disposed: `using _ = tf.overrideGradient("Relu", handler)`. Ops recorded
 * meanwhile keep the handler.
 *
 * @throws {LookupError} no op has that name
 */
export function overrideGradient(name: string, handler: GradientHandler): Disposable {
  if (!registrations.has(name)) throw missingGradient(name);
  checkHandler(name, handler);
  const scope: Override = { handler, outer: overrides.get(name) };
  overrides.set(name, scope);
  let open = true;
  return {
    [Symbol.dispose](): void {
      if (!open) return;
      if (overrides.get(name) !== scope) {
        throw new GradientError(`overrideGradient("${name}"): scopes must be closed in reverse order`);
      }
      open = false;
      if (scope.outer === undefined) overrides.delete(name);
      else overrides.set(name, scope.outer);
    },
  };
}

/**
 * The user's handler for an op that is being recorded: null if the user marked it as not differentiable, undefined if
 * there is none and the op's own rule holds.
 */
export function userHandler(op: Op): GradientHandler | null | undefined {
  const override = overrides.size > 0 ? overrides.get(op.name) : undefined;
  if (override !== undefined || op.grad !== undefined) return override?.handler;
  return registrations.get(op.name)?.handler;
}

/** Which overrides are in force, as a part of a trace's key: "" for none. */
export function overridesKey(): string {
  if (overrides.size === 0) return "";
  return [...overrides].map(([name, { handler }]) => `${name}=${identityOf(handler)}`).join(",");
}

/** Lists the built-in ops. Called once by the main door. */
export function registerOps(ops: readonly Op[], handlerOf: (op: Op) => GradientHandler): void {
  for (const op of ops) {
    if (registrations.has(op.name)) continue;
    registrations.set(op.name, { handler: op.grad ? handlerOf(op) : null, where: "nabla's own ops" });
  }
}
