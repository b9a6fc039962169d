/** @file What the parts of the rewrite need of the walk that calls them. */
import type { AnyNode, Identifier } from "acorn";
import type { Writer } from "./writer.js";

/** The names by which rewritten code reaches what it is given; none of them occurs in the source. */
export interface Names {
  readonly scope: string;
  readonly operators: string;
  readonly marker: string;
  readonly cell: string;
  readonly file: string;
  /** The flag that says that the cell is to stop. */
  readonly flag: string;
  readonly temporary: string;
}

/** How code reaches one name. */
export interface Access {
  readonly read: string;
  readonly write: string;
  /** What to call, so that `this` is undefined in the callee. */
  readonly call: string;
  readonly typeof: string;
  /** A plain variable: reading it twice costs nothing and has no effect. */
  readonly plain: boolean;
  /** A plain variable that never changes. */
  readonly constant: boolean;
  /** Reading it has no effect and does not throw. */
  readonly pure: boolean;
}

/** The temporaries of one function: how many are in use, and the most that ever were; whether its loops count. */
export interface Frame {
  used: number;
  most: number;
  counts: boolean;
}

/** The walk over a syntax tree, as the parts that write operators and resources see it. */
export interface CodeWriter {
  /** The code that is rewritten. */
  readonly code: string;
  readonly out: Writer;
  readonly names: Names;
  /** Null where temporaries cannot be declared: parameter defaults and class fields. */
  readonly frame: Frame | null;
  /** The line of an offset, from 1. */
  lineOf(offset: number): number;
  /** How code reaches the name of an identifier that stands here. */
  access(node: Identifier): Access;
  /** Writes a node. */
  visit(node: AnyNode): void;
  /** Writes a node where a comma would end it. */
  visitArgument(node: AnyNode): void;
  /** Copies a node, writing its children with `write`. */
  walk(node: AnyNode, write?: (child: AnyNode) => void): void;
  /** Writes a pattern that is assigned to, or declared. */
  writeTarget(node: AnyNode, declaring: boolean): void;
  /** Writes the body of a loop. */
  writeLoopBody(body: AnyNode): void;
}
