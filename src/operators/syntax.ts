/** @file Small questions about syntax trees. */
import type { AnyNode, CallExpression, Node, Pattern } from "acorn";

export type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

/** Whether a node makes a function of its own. */
export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** Whether a node is a function or class without a name, which takes the name of what it is assigned to. */
export function isAnonymous(node: AnyNode): boolean {
  if (node.type === "ArrowFunctionExpression") return true;
  return (node.type === "FunctionExpression" || node.type === "ClassExpression") && node.id == null;
}

/** Names that are not evaluated: labels, keys, the names in import and export lists. */
function isInert(parent: AnyNode, key: string): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return key === "property" && !parent.computed;
    case "Property":
      return key === "key" && !parent.computed;
    case "MethodDefinition":
    case "PropertyDefinition":
      return key === "key" && !parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return key === "label";
    case "MetaProperty":
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ExportSpecifier":
      return true;
    default:
      return false;
  }
}

/** The children of a node that hold code, in source order. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (value === null || typeof value !== "object" || isInert(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string" && typeof child.start === "number") found.push(child);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The identifiers that a pattern binds. */
export function* boundNames(pattern: Pattern | Node | null): Generator<{ name: string }> {
  const node = pattern as AnyNode | null;
  switch (node?.type) {
    case "Identifier":
      yield node;
      break;
    case "ObjectPattern":
      for (const property of node.properties) {
        yield* boundNames(property.type === "RestElement" ? property.argument : property.value);
      }
      break;
    case "ArrayPattern":
      for (const element of node.elements) yield* boundNames(element);
      break;
    case "AssignmentPattern":
      yield* boundNames(node.left);
      break;
    case "RestElement":
      yield* boundNames(node.argument);
      break;
  }
}

/** Whether an expression is a call into the language's Math object, which runs no code of the user's. */
function isMathCall(node: CallExpression): boolean {
  return (
    node.callee.type === "MemberExpression" &&
    node.callee.object.type === "Identifier" &&
    node.callee.object.name === "Math"
  );
}

/** Whether evaluating a node calls functions: nested functions are not looked into, nor nested statements. */
export function containsCall(node: AnyNode | null | undefined): boolean {
  if (node == null || isFunction(node) || isStatementNode(node)) return false;
  switch (node.type) {
    case "CallExpression":
      if (!isMathCall(node)) return true;
      break;
    case "NewExpression":
    case "TaggedTemplateExpression":
    case "AwaitExpression":
    case "YieldExpression":
      return true;
  }
  return children(node).some(containsCall);
}

function isStatementNode(node: AnyNode): boolean {
  return (
    node.type.endsWith("Statement") ||
    (node.type.endsWith("Declaration") && node.type !== "VariableDeclaration")
  );
}

/** The parts of a statement that are evaluated when it starts, as opposed to the statements inside it. */
export function statementCalls(statement: AnyNode): boolean {
  if (isFunction(statement)) return false;
  if (statement.type === "ClassDeclaration") return children(statement).some(containsCall);
  return children(statement).some(containsCall);
}
