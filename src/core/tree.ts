/**
 * @file Structures of tensors: a tensor, or lists and objects of structures.
 */
import { Operand } from "./tensor.js";

/** A leaf, or arrays and plain objects of structures. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [key: string]: Tree<L> };

/** The same structure with every leaf replaced by `T`. */
export type MapTree<S, T> = S extends Operand
  ? T
  : S extends readonly unknown[]
    ? { -readonly [K in keyof S]: MapTree<S[K], T> }
    : S extends object
      ? { -readonly [K in keyof S]: MapTree<S[K], T> }
      : T;

const isObject = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== "object" || x === null || x instanceof Operand || ArrayBuffer.isView(x)) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
};

/** The leaves, depth first; objects in the order of their keys. Everything that is no list or plain object is a leaf. */
export function flattenTree(tree: unknown): unknown[] {
  const leaves: unknown[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    else if (isObject(node)) for (const key of Object.keys(node)) visit(node[key]);
    else leaves.push(node);
  };
  visit(tree);
  return leaves;
}

/** The same structure with other leaves, given in the order of `flattenTree`. */
export function packTree<S, T>(tree: S, leaves: readonly T[]): MapTree<S, T> {
  let next = 0;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (isObject(node)) return Object.fromEntries(Object.keys(node).map((key) => [key, visit(node[key])]));
    return leaves[next++];
  };
  return visit(tree) as MapTree<S, T>;
}
