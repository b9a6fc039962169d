/** @file Which declaration a name refers to: lexical scopes, entered and left while the tree is walked. */
import type {
  AnonymousClassDeclaration,
  AnyNode,
  BlockStatement,
  ClassDeclaration,
  ClassExpression,
  Program,
} from "acorn";
import { boundNames, children, type FunctionNode, isFunction } from "./syntax.js";

export type BindingKind = "const" | "let" | "var" | "function" | "class" | "import" | "parameter";

/** One declared name. */
export interface Binding {
  readonly kind: BindingKind;
  /** Where its declaration ends, in the source. */
  readonly end: number;
}

/** The names declared in one stretch of code, and the scope around it. */
export class Scope {
  readonly bindings = new Map<string, Binding>();

  constructor(readonly parent: Scope | null) {}

  declare(pattern: AnyNode | null, kind: BindingKind, end: number): void {
    for (const { name } of boundNames(pattern)) this.bindings.set(name, { kind, end });
  }

  /** The scope that declares a name, or null. */
  find(name: string): Scope | null {
    if (this.bindings.has(name)) return this;
    return this.parent?.find(name) ?? null;
  }
}

/** The scope of a whole file or cell. */
export function programScope(program: Program): Scope {
  const scope = new Scope(null);
  for (const statement of program.body) declareVars(scope, statement);
  declareLexical(scope, program.body);
  return scope;
}

/** The scope of a function's parameters. */
export function functionScope(node: FunctionNode, parent: Scope): Scope {
  const scope = new Scope(parent);
  if (node.type === "FunctionExpression" && node.id) scope.declare(node.id, "function", node.start);
  if (node.type !== "ArrowFunctionExpression")
    scope.bindings.set("arguments", { kind: "parameter", end: node.start });
  for (const parameter of node.params) scope.declare(parameter, "parameter", node.start);
  return scope;
}

/** The scope of what a function's body declares, which its parameters do not see. */
export function bodyScope(node: FunctionNode, parameters: Scope): Scope {
  const scope = new Scope(parameters);
  if (node.body.type === "BlockStatement") {
    declareVars(scope, node.body);
    declareLexical(scope, node.body.body);
  }
  return scope;
}

/** The scope of a class: its own name. */
export function classScope(
  node: ClassDeclaration | AnonymousClassDeclaration | ClassExpression,
  parent: Scope,
): Scope {
  const scope = new Scope(parent);
  if (node.id) scope.declare(node.id, "const", node.start);
  return scope;
}

/** The scope that a block, loop, switch or catch clause opens, or null for other nodes. */
export function blockScope(node: AnyNode, parent: Scope): Scope | null {
  const scope = new Scope(parent);
  switch (node.type) {
    case "BlockStatement":
      declareLexical(scope, node.body);
      return scope;
    case "StaticBlock":
      for (const statement of node.body) declareVars(scope, statement);
      declareLexical(scope, node.body);
      return scope;
    case "ForStatement":
      if (node.init) declareLexical(scope, [node.init]);
      return scope;
    case "ForInStatement":
    case "ForOfStatement":
      declareLexical(scope, [node.left]);
      return scope;
    case "SwitchStatement":
      for (const clause of node.cases) declareLexical(scope, clause.consequent);
      return scope;
    case "CatchClause":
      scope.declare(node.param ?? null, "let", node.start);
      return scope;
    default:
      return null;
  }
}

/** The kind of a variable declaration; `using` is a constant. */
function variableKind(kind: string): BindingKind {
  return kind === "var" || kind === "let" ? kind : "const";
}

function declareLexical(scope: Scope, statements: readonly AnyNode[]): void {
  for (const statement of statements) {
    switch (statement.type) {
      case "VariableDeclaration":
        if (statement.kind === "var") break;
        for (const { id, end } of statement.declarations) {
          scope.declare(id, variableKind(statement.kind), end);
        }
        break;
      case "FunctionDeclaration":
        scope.declare(statement.id, "function", statement.start);
        break;
      case "ClassDeclaration":
        scope.declare(statement.id, "class", statement.end);
        break;
      case "ImportDeclaration":
        for (const { local } of statement.specifiers) scope.declare(local, "import", statement.start);
        break;
      case "ExportNamedDeclaration":
        if (statement.declaration) declareLexical(scope, [statement.declaration]);
        break;
    }
  }
}

/** Declares the `var`s of a node, however deep in blocks, but not those of functions inside it. */
function declareVars(scope: Scope, node: AnyNode | BlockStatement): void {
  if (isFunction(node)) return;
  if (node.type === "VariableDeclaration") {
    if (node.kind === "var") for (const { id } of node.declarations) scope.declare(id, "var", node.start);
    return;
  }
  const holdsStatements =
    node.type.endsWith("Statement") ||
    node.type === "SwitchCase" ||
    node.type === "CatchClause" ||
    node.type === "ExportNamedDeclaration";
  if (holdsStatements) for (const child of children(node)) declareVars(scope, child);
}
