/**
 * @file Gives every node of a lane its dtype, once the dtypes of the inputs are known.
 */
import type { DType } from "./dtype.js";
import { LANE_FUNCTIONS, type Lane, type LaneFunction } from "./lane.js";

/** A lane in which every node knows its dtype; weak numbers have taken that of their neighbours. */
export type TypedLane = { readonly dtype: DType } & (
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "attr"; readonly name: string }
  | { readonly kind: "const"; readonly value: number }
  | { readonly kind: "limit"; readonly which: "lowest" | "highest" }
  | { readonly kind: "call"; readonly fn: LaneFunction; readonly args: readonly TypedLane[] }
  | {
      readonly kind: "select";
      readonly condition: TypedLane;
      readonly yes: TypedLane;
      readonly no: TypedLane;
    }
  | { readonly kind: "cast"; readonly x: TypedLane }
);

/** The dtype a lane has of itself, or null where it is a weak number that will take its neighbour's. */
function strongDtype(node: Lane, inputs: Readonly<Record<string, DType>>): DType | null {
  switch (node.kind) {
    case "input": {
      const dtype = inputs[node.name];
      if (dtype === undefined) throw new Error(`lane: no input is named "${node.name}"`);
      return dtype;
    }
    case "attr":
    case "const":
    case "limit":
      return null;
    case "cast":
      return node.to;
    case "select":
      return strongDtype(node.yes, inputs) ?? strongDtype(node.no, inputs);
    case "call":
      if (LANE_FUNCTIONS[node.fn] !== "same") return "bool";
      return firstStrong(node.args, inputs);
  }
}

function firstStrong(nodes: readonly Lane[], inputs: Readonly<Record<string, DType>>): DType | null {
  for (const node of nodes) {
    const dtype = strongDtype(node, inputs);
    if (dtype !== null) return dtype;
  }
  return null;
}

/**
 * Types a lane.
 *
 * @param node    the lane
 * @param inputs  dtype of each input by name
 * @param weak    dtype of a number that meets nothing typed
 * @throws {Error} arguments of one function differ in dtype: a cast is missing in the op's record
 */
export function typeLane(node: Lane, inputs: Readonly<Record<string, DType>>, weak: DType): TypedLane {
  switch (node.kind) {
    case "input":
      return { ...node, dtype: strongDtype(node, inputs)! };
    case "attr":
    case "const":
    case "limit":
      return { ...node, dtype: weak };
    case "cast":
      return { kind: "cast", dtype: node.to, x: typeLane(node.x, inputs, weak) };
    case "select": {
      const dtype = strongDtype(node, inputs) ?? weak;
      const condition = typeLane(node.condition, inputs, "bool");
      const [yes, no] = typeAll([node.yes, node.no], inputs, dtype, "select");
      return { kind: "select", dtype, condition, yes: yes!, no: no! };
    }
    case "call": {
      const rule = LANE_FUNCTIONS[node.fn];
      const shared = rule === "logic" ? "bool" : (firstStrong(node.args, inputs) ?? weak);
      const args = typeAll(node.args, inputs, shared, node.fn);
      return { kind: "call", fn: node.fn, args, dtype: rule === "same" ? shared : "bool" };
    }
  }
}

function typeAll(
  nodes: readonly Lane[],
  inputs: Readonly<Record<string, DType>>,
  dtype: DType,
  what: string,
): TypedLane[] {
  return nodes.map((node) => {
    const typed = typeLane(node, inputs, dtype);
    if (typed.dtype !== dtype) {
      throw new Error(`lane.${what}: arguments must share one dtype, got ${dtype} and ${typed.dtype}`);
    }
    return typed;
  });
}
