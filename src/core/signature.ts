/**
 * @file What a traced function's argument list is, for the choice of a trace: tensors count by dtype and shape, plain values by
 * value, objects by identity.
 */

import { toTensor } from "./convert.js";
import type { TypedArray } from "./dtype.js";
import { identityOf } from "./identity.js";
import { overridesKey } from "./registry.js";
import { Operand, Tensor } from "./tensor.js";
import { isPlainObject } from "./tree.js";

/** An argument list sorted out. */
export interface Signature {
  /** Equal keys share a trace. */
  readonly key: string;
  readonly tensors: readonly Tensor[];
}

/**
 * Sorts out an argument list. Typed arrays count as tensors.
 *
 * @param keyOf  by what tensors count; default dtype and shape
 */
export function signatureOf(
  args: readonly unknown[],
  keyOf: (tensor: Tensor) => string = ({ spec }) => String(spec),
): Signature {
  const tensors: Tensor[] = [];
  const parts: string[] = [overridesKey()];
  const visit = (node: unknown): void => {
    if (node instanceof Tensor) addTensor(node);
    else if (ArrayBuffer.isView(node)) addTensor(toTensor(node as TypedArray));
    else if (node instanceof Operand) parts.push(`v${identityOf(node)}`);
    else if (Array.isArray(node)) visitAll("[", node, "]");
    else if (isPlainObject(node)) {
      const keys = Object.keys(node).sort();
      visitAll(
        `{${JSON.stringify(keys)}:`,
        keys.map((key) => node[key]),
        "}",
      );
    } else parts.push(plainKey(node));
  };
  const visitAll = (open: string, nodes: readonly unknown[], close: string): void => {
    parts.push(open);
    nodes.forEach(visit);
    parts.push(close);
  };
  const addTensor = (tensor: Tensor): void => {
    tensors.push(tensor);
    parts.push(keyOf(tensor));
  };
  args.forEach(visit);
  return { key: parts.join(" "), tensors };
}

function plainKey(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "n-0" : `n${value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if ((typeof value === "object" && value !== null) || typeof value === "function")
    return `o${identityOf(value)}`;
  return `${typeof value} ${String(value)}`;
}

/** The same argument list with other tensors in the places of its own. */
export function withTensors(args: readonly unknown[], tensors: readonly Tensor[]): unknown[] {
  let next = 0;
  const visit = (node: unknown): unknown => {
    if (node instanceof Tensor || ArrayBuffer.isView(node)) return tensors[next++];
    if (node instanceof Operand) return node;
    if (Array.isArray(node)) return node.map(visit);
    if (!isPlainObject(node)) return node;
    // In the order in which the tensors were counted.
    const parts = new Map(
      Object.keys(node)
        .sort()
        .map((key) => [key, visit(node[key])]),
    );
    return Object.fromEntries(Object.keys(node).map((key) => [key, parts.get(key)]));
  };
  return args.map(visit);
}
