/**
 * @file Attributes as text, for keys under which equal ones are found.
 */
import type { Graph } from "../ir/graph.js";
import { identityOf } from "./identity.js";
import type { Op } from "./op.js";
import { Spec } from "./spec.js";

type OpGraph = Graph<Op>;

const isGraph = (value: object): value is OpGraph => "nodes" in value && "constants" in value;

/** What has no own text counts by identity. */
const byIdentity = (value: object): string => `#${identityOf(value)}`;

/**
 * Attributes as text. Objects that are not plain data count by identity.
 *
 * @param graphKey  the text of a graph among them, such as a loop's body
 */
export function attrsKey(value: unknown, graphKey: (graph: OpGraph) => string = byIdentity): string {
  if (typeof value === "number" && Object.is(value, -0)) return "-0";
  if (typeof value === "function") return byIdentity(value);
  if (Array.isArray(value)) return `[${value.map((item) => attrsKey(item, graphKey)).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isGraph(value)) return graphKey(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return specKey(value) ?? byIdentity(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}:${attrsKey(item, graphKey)}`)
    .join()}}`;
}

/** Specs are made anew all the time, and equal by shape and dtype. */
const specKey = (value: object): string | null => (value instanceof Spec ? String(value) : null);
