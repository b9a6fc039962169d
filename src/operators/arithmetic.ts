/**
 * @file Operators. An expression such as `x ** 2 - 6 * x` becomes one test of its operands and two forms: if all of
 * them are numbers, JavaScript's own arithmetic, else calls of the operator helper:
 *
 *     (typeof x === "number" ? ((x ** 2) - (6 * x)) : $op.sub($op.pow(x, 2, 1), $op.mul(6, x, 1), 1))
 *
 * Operands with effects are evaluated once, into temporaries, in JavaScript's order.
 */
import type {
  AnyNode,
  AssignmentExpression,
  BinaryExpression,
  MemberExpression,
  UnaryExpression,
} from "acorn";
import type { CodeWriter } from "./codeWriter.js";

type OperatorNode = BinaryExpression | UnaryExpression;

const binaryNames: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "**": "pow",
  "%": "mod",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};
const unaryNames: Readonly<Record<string, string>> = { "-": "neg", "+": "plus" };
const isComparison = (operator: string): boolean => operator.startsWith("<") || operator.startsWith(">");

/** A number written in the source. */
interface Constant {
  readonly kind: "constant";
  readonly text: string;
  readonly node: AnyNode;
}

/** An operand that is not itself arithmetic. */
interface Leaf {
  readonly kind: "leaf";
  readonly node: AnyNode;
  /** How to refer to it; set to a temporary's name where it is kept in one. */
  text: string;
  /** What to write for it, where that is not simply the node. */
  readonly custom: string | null;
  readonly plain: boolean;
  readonly constant: boolean;
  readonly pure: boolean;
  readonly neverNumber: boolean;
}

interface Operation {
  readonly kind: "operation";
  readonly operator: string;
  readonly method: string;
  readonly operands: readonly Plan[];
  readonly node: AnyNode;
}

type Plan = Constant | Leaf | Operation;

/** Whether a node is an operator that tensors take part in. */
export function isOperatorNode(node: AnyNode): node is OperatorNode {
  if (node.type === "UnaryExpression") return Object.hasOwn(unaryNames, node.operator);
  return node.type === "BinaryExpression" && Object.hasOwn(binaryNames, node.operator);
}

/** Writes an arithmetic expression or a comparison. */
export function writeOperation(writer: CodeWriter, node: OperatorNode): void {
  writePlan(writer, planOperation(writer, node), node.start, node.end);
}

function planOperation(writer: CodeWriter, node: OperatorNode): Operation {
  const { operator } = node;
  if (node.type === "UnaryExpression") {
    const operands = [planOperand(writer, node.argument as AnyNode)];
    return { kind: "operation", operator, method: unaryNames[operator]!, operands, node };
  }
  const right = planOperand(writer, node.right as AnyNode);
  const left = planBefore(writer, node.left as AnyNode, right);
  return { kind: "operation", operator, method: binaryNames[operator]!, operands: [left, right], node };
}

/** A left operand. Arithmetic in it must be done before anything with an effect on the right: then it is a leaf. */
function planBefore(writer: CodeWriter, node: AnyNode, right: Plan): Plan {
  const plan = planOperand(writer, node);
  return plan.kind === "operation" && !leavesOf(right).every((leaf) => leaf.pure)
    ? planLeaf(writer, node)
    : plan;
}

function planOperand(writer: CodeWriter, node: AnyNode): Plan {
  if (node.type === "Literal" && typeof node.value === "number") {
    return { kind: "constant", text: node.raw!, node };
  }
  if (isOperatorNode(node) && !isComparison(node.operator)) {
    const plan = planOperation(writer, node);
    const [only] = plan.operands;
    if (plan.method === "neg" && only!.kind === "constant")
      return { kind: "constant", text: `(-${only!.text})`, node };
    return plan;
  }
  return planLeaf(writer, node);
}

function planLeaf(writer: CodeWriter, node: AnyNode): Leaf {
  const base = { kind: "leaf", node, custom: null, neverNumber: isNeverNumber(node) } as const;
  if (node.type === "Identifier") {
    const { read, plain, constant, pure } = writer.access(node);
    return { ...base, text: read, plain, constant, pure };
  }
  return {
    ...base,
    text: "",
    plain: false,
    constant: false,
    pure: base.neverNumber && node.type === "Literal",
  };
}

function isNeverNumber(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value !== "number";
    case "TemplateLiteral":
    case "ArrayExpression":
    case "ObjectExpression":
      return true;
    default:
      return false;
  }
}

function leavesOf(plan: Plan): Leaf[] {
  if (plan.kind === "leaf") return [plan];
  return plan.kind === "constant" ? [] : plan.operands.flatMap(leavesOf);
}

function writePlan(writer: CodeWriter, plan: Operation, start: number, end: number): void {
  const leaves = leavesOf(plan);
  if (leaves.length === 0) {
    writer.out.insert(nativeText(plan), start);
    return;
  }
  if (writer.frame === null || leaves.some((leaf) => leaf.neverNumber)) {
    writeDirect(writer, plan, start, end);
    return;
  }
  const { frame, out } = writer;
  const outer = frame.used;
  out.insert("(", start);
  keepInTemporaries(writer, leaves, start, end);
  const tests = [...new Set(leaves.map((leaf) => `typeof ${leaf.text} === "number"`))];
  out.insert(`${tests.join(" && ")} ? ${nativeText(plan)} : `, start);
  writeCalls(writer, plan);
  out.insert(")", start);
  frame.used = outer;
}

/** Evaluates into temporaries the leaves that must not be evaluated twice, or could change before they are used. */
function keepInTemporaries(writer: CodeWriter, leaves: readonly Leaf[], start: number, end: number): void {
  const { out, names } = writer;
  const frame = writer.frame!;
  const lastEffect = leaves.findLastIndex((leaf) => !leaf.pure);
  const kept = new Map<string, string>();
  let at = start;
  leaves.forEach((leaf, index) => {
    if (leaf.plain && (leaf.constant || index > lastEffect)) return;
    const earlier = lastEffect < 0 ? kept.get(leaf.text) : undefined;
    if (earlier !== undefined) {
      leaf.text = earlier;
      return;
    }
    const temporary = `${names.temporary}${++frame.used}`;
    frame.most = Math.max(frame.most, frame.used);
    out.skip(at, leaf.node.start);
    out.insert(`${temporary} = `, leaf.node.start);
    writeLeaf(writer, leaf);
    out.insert(", ", leaf.node.start);
    at = leaf.node.end;
    kept.set(leaf.text, temporary);
    leaf.text = temporary;
  });
  out.skip(at, end);
}

function writeLeaf(writer: CodeWriter, leaf: Leaf): void {
  const { node, custom } = leaf;
  if (custom !== null) {
    writer.out.insert(custom, node.start);
    return;
  }
  writer.visitArgument(node);
}

/** JavaScript's own arithmetic on the operands. */
function nativeText(plan: Plan): string {
  if (plan.kind !== "operation") return plan.text;
  const [first, second] = plan.operands.map(nativeText);
  return second === undefined ? `(${plan.operator}${first})` : `(${first} ${plan.operator} ${second})`;
}

/** Calls of the helper on operands that are already evaluated. */
function writeCalls(writer: CodeWriter, plan: Plan): void {
  if (plan.kind !== "operation") {
    writer.out.insert(plan.text, plan.node.start);
    return;
  }
  if (leavesOf(plan).length === 0) {
    writer.out.insert(nativeText(plan), plan.node.start);
    return;
  }
  writer.out.insert(`${writer.names.operators}.${plan.method}(`, plan.node.start);
  for (const operand of plan.operands) {
    writeCalls(writer, operand);
    writer.out.insert(", ", plan.node.start);
  }
  writer.out.insert(`${writer.lineOf(plan.node.start)})`, plan.node.start);
}

/** A call of the helper in place, each operand written as it stands: for text, and where there are no temporaries. */
function writeDirect(writer: CodeWriter, plan: Operation, start: number, end: number): void {
  const { out, names } = writer;
  out.insert(`${names.operators}.${plan.method}(`, start);
  let at = start;
  for (const operand of plan.operands) {
    out.skip(at, operand.node.start);
    if (operand.kind === "leaf") writeLeaf(writer, operand);
    else if (operand.kind === "constant") out.insert(operand.text, operand.node.start);
    else writer.visit(operand.node);
    out.insert(", ", start);
    at = operand.node.end;
  }
  out.skip(at, end);
  out.insert(`${writer.lineOf(start)})`, start);
}

/** Writes `target op= value`, the target evaluated once; false if the assignment is not arithmetic. */
export function writeCompoundAssignment(writer: CodeWriter, node: AssignmentExpression): boolean {
  const operator = node.operator.slice(0, -1);
  if (!Object.hasOwn(binaryNames, operator)) return false;
  if (node.left.type === "Identifier") {
    const { read, write, ...access } = writer.access(node.left);
    writer.out.insert(`(${write} = `, node.start);
    const target: Leaf = {
      kind: "leaf",
      node: node.left,
      custom: read,
      text: read,
      neverNumber: false,
      ...access,
    };
    writePlan(writer, planAssignment(writer, node, operator, target), node.start, node.end);
    writer.out.insert(")", node.start);
    return true;
  }
  if (node.left.type !== "MemberExpression" || writer.frame === null) return false;
  const outer = writer.frame.used;
  writer.out.insert("(", node.start);
  const text = writeMemberOnce(writer, node.left);
  writer.out.insert(`${text} = `, node.start);
  const place = { ...node.left, start: node.left.end } as AnyNode;
  const target: Leaf = {
    kind: "leaf",
    node: place,
    custom: text,
    text,
    plain: false,
    constant: false,
    pure: false,
    neverNumber: false,
  };
  writePlan(writer, planAssignment(writer, node, operator, target), node.left.end, node.end);
  writer.out.insert(")", node.start);
  writer.frame.used = outer;
  return true;
}

function planAssignment(
  writer: CodeWriter,
  node: AssignmentExpression,
  operator: string,
  target: Leaf,
): Operation {
  const value = planOperand(writer, node.right as AnyNode);
  return { kind: "operation", operator, method: binaryNames[operator]!, operands: [target, value], node };
}

/** Evaluates the object and the key of a member into temporaries; returns text that names the member. */
function writeMemberOnce(writer: CodeWriter, member: MemberExpression): string {
  const { out, names } = writer;
  const frame = writer.frame!;
  const keep = (node: AnyNode, before: string, after: string): string => {
    const temporary = `${names.temporary}${++frame.used}`;
    frame.most = Math.max(frame.most, frame.used);
    out.insert(`${temporary} = ${before}`, node.start);
    writer.visitArgument(node);
    out.insert(`${after}, `, node.start);
    return temporary;
  };
  const object = member.object as AnyNode;
  const property = member.property as AnyNode;
  out.skip(member.start, object.start);
  const isKeyword = object.type === "ThisExpression" || object.type === "Super";
  const base = isKeyword ? writer.code.slice(object.start, object.end) : keep(object, "(", ")");
  out.skip(object.end, property.start);
  const name = writer.code.slice(property.start, property.end);
  if (!member.computed) return `${base}.${name}`;
  if (property.type === "Literal") return `${base}[${name}]`;
  const key = keep(property, `${names.operators}.key(`, ")");
  out.skip(property.end, member.end);
  return `${base}[${key}]`;
}
