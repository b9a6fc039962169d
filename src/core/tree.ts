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

/** A leaf is anything but lists and these. */
export const isPlainObject = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== "object" || x === null || x instanceof Operand || ArrayBuffer.isView(x)) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
};

/** Keys in alphabetical order, in which TensorFlow flattens dictionaries. */
const sortedKeys = (node: object): string[] => Object.keys(node).sort();

/** Lists of tensors are what tapes are asked for all the time: they are their own leaves. */
export function isOperandList(tree: unknown): tree is Operand[] {
  if (!Array.isArray(tree)) return false;
  for (let i = 0; i < tree.length; i++) if (!(tree[i] instanceof Operand)) return false;
  return true;
}

/** The leaves, depth first; objects in alphabetical order of their keys. Everything that is no list or plain object is a leaf. */
export function flattenTree(tree: unknown): unknown[] {
  if (tree instanceof Operand) return [tree];
  if (isOperandList(tree)) return tree;
  const leaves: unknown[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    else if (isPlainObject(node)) for (const key of sortedKeys(node)) visit(node[key]);
    else leaves.push(node);
  };
  visit(tree);
  return leaves;
}

/** What stands in `values` where `structure` has its leaves; null if the two are built differently. */
export function flattenLike(structure: unknown, values: unknown): unknown[] | null {
  const parts: unknown[] = [];
  const visit = (node: unknown, value: unknown): boolean => {
    if (Array.isArray(node)) {
      return (
        Array.isArray(value) && value.length === node.length && node.every((item, i) => visit(item, value[i]))
      );
    }
    if (isPlainObject(node)) {
      return (
        isPlainObject(value) && sortedKeys(node).every((key) => key in value && visit(node[key], value[key]))
      );
    }
    parts.push(value);
    return true;
  };
  return visit(structure, values) ? parts : null;
}

/** The same structure with other leaves, given in the order of `flattenTree`. */
export function packTree<S, T>(tree: S, leaves: readonly T[]): MapTree<S, T> {
  if (tree instanceof Operand) return leaves[0] as MapTree<S, T>;
  if (isOperandList(tree)) return leaves as MapTree<S, T>;
  let next = 0;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (isPlainObject(node)) {
      const parts = new Map(sortedKeys(node).map((key) => [key, visit(node[key])]));
      return Object.fromEntries(Object.keys(node).map((key) => [key, parts.get(key)]));
    }
    return leaves[next++];
  };
  return visit(tree) as MapTree<S, T>;
}
