/** @file The walk over a syntax tree that writes the rewritten code: names, statements, functions, operators. */
import type {
  AnyNode,
  AssignmentExpression,
  AssignmentProperty,
  BlockStatement,
  CallExpression,
  ForOfStatement,
  Identifier,
  Property,
  StaticBlock,
  UpdateExpression,
  VariableDeclaration,
} from "acorn";
import { isOperatorNode, writeCompoundAssignment, writeOperation } from "./arithmetic.js";
import type { Access, CodeWriter, Frame, Names } from "./codeWriter.js";
import { isUsing, writeDisposing, writeDisposingLoop, writeUsing } from "./disposal.js";
import type { ParsedSource } from "./parse.js";
import { LineTable } from "./positions.js";
import { blockScope, bodyScope, classScope, functionScope, programScope, type Scope } from "./scopes.js";
import { children, containsCall, type FunctionNode, isAnonymous, statementCalls } from "./syntax.js";
import { Writer } from "./writer.js";

/** Names that the source does not use. */
export function freshNames(source: string): Names {
  let prefix = "$_";
  while (source.includes(prefix)) prefix += "_";
  return {
    scope: `${prefix}scope`,
    operators: `${prefix}op`,
    marker: `${prefix}mark`,
    cell: `${prefix}cell`,
    file: `${prefix}file`,
    flag: `${prefix}flag`,
    temporary: prefix,
  };
}

/** A function's temporaries, none of them in use. */
export function newFrame(): Frame {
  return { used: 0, most: 0, counts: false };
}

/** What a rewrite adds to the code beside operators. */
export interface RewriterOptions {
  /** Statements that call something say where they are. */
  readonly marksLines: boolean;
  /** Loops and functions look at a flag by which they can be stopped from outside. */
  readonly guards: boolean;
}

const endsItself = (source: string, node: AnyNode): boolean => source[node.end - 1] === ";";

/** Writes code in which operators work on tensors; names stay as they are. */
export class Rewriter implements CodeWriter {
  readonly code: string;
  readonly out: Writer;
  /** Null where temporaries cannot be declared: parameter defaults and class fields. */
  frame: Frame | null = null;
  protected readonly program: Scope;
  protected scope: Scope;
  protected functionDepth = 0;
  private readonly lines: LineTable;
  private readonly marksLines: boolean;
  protected readonly guards: boolean;

  constructor(
    protected readonly parsed: ParsedSource,
    readonly names: Names,
    options: RewriterOptions,
  ) {
    this.marksLines = options.marksLines;
    this.guards = options.guards;
    this.code = parsed.code;
    this.out = new Writer(parsed.code);
    this.lines = new LineTable(parsed.code);
    this.program = programScope(parsed.tree);
    this.scope = this.program;
  }

  /** The line of an offset, from 1. */
  lineOf(offset: number): number {
    return this.lines.locate(offset).line + 1;
  }

  /** How code reaches the name of an identifier that stands here. */
  access(node: Identifier): Access {
    const binding = this.scope.find(node.name)?.bindings.get(node.name);
    return localAccess(node.name, binding !== undefined && isFixed(binding.kind));
  }

  /** Writes a node. */
  visit(node: AnyNode): void {
    switch (node.type) {
      case "Identifier":
        this.out.replaceWord(this.access(node).read, node.start);
        break;
      case "Property":
        node.shorthand ? this.visitShorthand(node) : this.walk(node);
        break;
      case "CallExpression":
        this.visitCall(node);
        break;
      case "TaggedTemplateExpression":
        this.walk(node, (child) => (child === node.tag ? this.visitCallee(child) : this.visit(child)));
        break;
      case "AssignmentExpression":
        this.visitAssignment(node);
        break;
      case "UpdateExpression":
        this.visitUpdate(node);
        break;
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          this.out.replaceWord(this.access(node.argument).typeof, node.start);
          return;
        }
        isOperatorNode(node) ? writeOperation(this, node) : this.walk(node);
        return;
      case "BinaryExpression":
        isOperatorNode(node) ? writeOperation(this, node) : this.walk(node);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.visitFunction(node);
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        this.within(classScope(node, this.scope), () => this.walk(node));
        break;
      case "PropertyDefinition":
        this.walk(node, (child) => (child === node.value ? this.withoutFrame(child) : this.visit(child)));
        break;
      default:
        this.visitStatementOrOther(node);
        break;
    }
  }

  private visitStatementOrOther(node: AnyNode): void {
    switch (node.type) {
      case "BlockStatement":
        this.within(blockScope(node, this.scope)!, () => this.visitBlock(node));
        break;
      case "StaticBlock":
        this.within(blockScope(node, this.scope)!, () => this.visitStaticBlock(node));
        break;
      case "SwitchStatement":
        this.within(blockScope(node, this.scope)!, () => this.walk(node));
        break;
      case "SwitchCase":
        this.walk(node, (child) => (child === node.test ? this.visit(child) : this.writeStatement(child)));
        break;
      case "CatchClause":
        this.within(blockScope(node, this.scope)!, () =>
          this.walk(node, (child) =>
            child === node.param ? this.writeTarget(child, true) : this.visit(child),
          ),
        );
        break;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        this.within(blockScope(node, this.scope)!, () => this.visitLoop(node));
        break;
      case "IfStatement":
        this.walk(node, (child) => (child === node.test ? this.visit(child) : this.writeBody(child)));
        break;
      case "WhileStatement":
      case "DoWhileStatement":
        this.walk(node, (child) => (child === node.body ? this.writeLoopBody(child) : this.visit(child)));
        break;
      case "VariableDeclaration":
        isUsing(node) ? writeUsing(this, node, "const ") : this.walk(node);
        break;
      case "VariableDeclarator":
        this.walk(node, (child) => (child === node.id ? this.writeTarget(child, true) : this.visit(child)));
        break;
      default:
        this.walk(node);
        break;
    }
  }

  /** Copies a node, writing its children with `write`. */
  walk(node: AnyNode, write: (child: AnyNode) => void = (child) => this.visit(child)): void {
    let at = node.start;
    for (const child of children(node)) {
      this.out.copy(at, child.start);
      write(child);
      at = child.end;
    }
    this.out.copy(at, node.end);
  }

  /** Writes a node where a comma would end it: as an argument, or in a list. */
  visitArgument(node: AnyNode): void {
    const isList = node.type === "SequenceExpression";
    if (isList) this.out.insert("(", node.start);
    this.visit(node);
    if (isList) this.out.insert(")", node.start);
  }

  /** Runs `write` inside a scope. */
  protected within(scope: Scope, write: () => void): void {
    const outer = this.scope;
    this.scope = scope;
    write();
    this.scope = outer;
  }

  protected withFrame(frame: Frame | null, write: () => void): void {
    const outer = this.frame;
    this.frame = frame;
    write();
    this.frame = outer;
  }

  /** Writes an expression that is evaluated where no temporaries can be declared, and later than its surroundings. */
  private withoutFrame(node: AnyNode): void {
    this.functionDepth++;
    this.withFrame(null, () => this.visit(node));
    this.functionDepth--;
  }

  // Names and calls

  private visitShorthand(node: Property | AssignmentProperty): void {
    const { name } = node.key as Identifier;
    const { read } = this.access(node.value as Identifier);
    this.out.replaceWord(read === name ? name : `${name}: ${read}`, node.start);
  }

  private visitCallee(node: AnyNode): void {
    if (node.type === "Identifier") this.out.replaceWord(this.access(node).call, node.start);
    else this.visit(node);
  }

  /**
   * A call whose arguments call the user's functions has a line of its own again by the time it starts:
   * otherwise ops made in it would be said to come from the last line of those functions.
   */
  private visitCall(node: CallExpression): void {
    const last = node.arguments.at(-1);
    const restores =
      this.marksLines &&
      last !== undefined &&
      last.type !== "SpreadElement" &&
      node.arguments.some(containsCall);
    let at = node.start;
    for (const child of children(node)) {
      // The engine says that a call happens at its parenthesis; its reader looks for it at the name.
      if (at === node.callee.end) this.out.insert(this.code.slice(at, child.start), node.callee.start);
      else this.out.copy(at, child.start);
      if (child === node.callee) this.visitReceiver(child, node.arguments.length === 0);
      else if (child === last && restores) this.writeRestoringLine(child, node);
      else this.visit(child);
      at = child.end;
    }
    if (at === node.callee.end) this.out.insert(this.code.slice(at, node.end), node.callee.start);
    else this.out.copy(at, node.end);
  }

  private visitReceiver(callee: AnyNode, noArguments: boolean): void {
    const isResult = callee.type === "MemberExpression" && callee.object.type === "CallExpression";
    if (!this.marksLines || !noArguments || !isResult) {
      this.visitCallee(callee);
      return;
    }
    const receiver = callee.object as CallExpression;
    this.walk(callee, (child) => {
      if (child === receiver && receiver.callee.type === "Identifier")
        this.writeRestoringLine(child, receiver);
      else this.visit(child);
    });
  }

  private writeRestoringLine(node: AnyNode, call: AnyNode): void {
    this.out.insert(`${this.names.operators}.at(`, node.start);
    this.visitArgument(node);
    this.out.insert(`, ${this.lineOf(call.start)})`, node.start);
  }

  // Assignment

  private visitAssignment(node: AssignmentExpression): void {
    if (writeCompoundAssignment(this, node)) return;
    this.walk(node, (child) => {
      if (child === node.left) this.writeTarget(child, false);
      else if (node.left.type === "Identifier")
        this.writeNamed(child, node.left, this.access(node.left).write);
      else this.visit(child);
    });
  }

  private visitUpdate(node: UpdateExpression): void {
    const { argument, operator, prefix, start } = node;
    if (argument.type !== "Identifier") {
      this.walk(node);
      return;
    }
    const { read, write } = this.access(argument);
    const update = prefix ? operator + write : write + operator;
    if (read !== write) {
      this.out.insert(update, start);
      return;
    }
    const check = `${this.names.operators}.step(${read}, "${operator}", ${this.lineOf(start)})`;
    this.out.insert(`(typeof ${read} !== "number" && ${check}, `, start);
    this.out.insert(`${update})`, start);
  }

  /** Writes a pattern that is assigned to, or declared. */
  writeTarget(node: AnyNode, declaring: boolean): void {
    switch (node.type) {
      case "Identifier":
        this.out.replaceWord(this.targetText(node, declaring), node.start);
        break;
      case "Property":
        this.writeTargetProperty(node, declaring);
        break;
      case "AssignmentPattern":
        this.walk(node, (child) => {
          if (child === node.left) this.writeTarget(child, declaring);
          else if (node.left.type === "Identifier")
            this.writeNamed(child, node.left, this.targetText(node.left, declaring));
          else this.visit(child);
        });
        break;
      case "ObjectPattern":
      case "ArrayPattern":
      case "RestElement":
        this.walk(node, (child) => this.writeTarget(child, declaring));
        break;
      default:
        this.visit(node);
        break;
    }
  }

  protected targetText(node: Identifier, _declaring: boolean): string {
    return this.access(node).write;
  }

  private writeTargetProperty(node: Property | AssignmentProperty, declaring: boolean): void {
    if (!node.shorthand) {
      this.walk(node, (child) =>
        child === node.value ? this.writeTarget(child, declaring) : this.visit(child),
      );
      return;
    }
    const { name } = node.key as Identifier;
    const value = node.value as AnyNode;
    const identifier = (value.type === "AssignmentPattern" ? value.left : value) as Identifier;
    if (this.targetText(identifier, declaring) !== name) this.out.insert(`${name}: `, node.start);
    this.writeTarget(value, declaring);
  }

  /** Writes a value; a function without a name gets that of its target, which a property would not give it. */
  writeNamed(value: AnyNode, target: Identifier, text: string): void {
    if (text === target.name || !isAnonymous(value)) {
      this.visit(value);
      return;
    }
    this.out.insert(`({ ["${target.name}"]: `, value.start);
    this.visit(value);
    this.out.insert(`})["${target.name}"]`, value.start);
  }

  // Functions

  private visitFunction(node: FunctionNode): void {
    this.functionDepth++;
    this.within(functionScope(node, this.scope), () => {
      const frame = newFrame();
      let at = node.start;
      this.withFrame(null, () => {
        for (const parameter of node.params) {
          this.out.copy(at, parameter.start);
          this.writeTarget(parameter as AnyNode, true);
          at = parameter.end;
        }
      });
      this.within(bodyScope(node, this.scope), () =>
        this.withFrame(frame, () => {
          if (node.body.type === "BlockStatement") {
            this.out.copy(at, node.body.start);
            this.writeFunctionBody(node.body, frame);
          } else {
            this.writeExpressionBody(node.body as AnyNode, at, node.end, frame);
          }
        }),
      );
    });
    this.functionDepth--;
  }

  private writeFunctionBody(body: BlockStatement, frame: Frame): void {
    const directives = body.body.filter(
      (statement) => "directive" in statement && statement.directive !== undefined,
    );
    const start = directives.at(-1)?.end ?? body.start + 1;
    this.out.copy(body.start, start);
    const opening = this.out.slot(start);
    const statements = body.body.slice(directives.length) as AnyNode[];
    this.writeList(statements, start, body.end - 1);
    this.out.copy(body.end - 1, body.end);
    const added = this.declareTemporaries(frame) + this.guardText(frame);
    if (added !== "") opening.text = (directives.length > 0 ? ";" : "") + added;
  }

  /** The body of `x => body`, which becomes a block where it needs temporaries or a marked line. */
  private writeExpressionBody(body: AnyNode, from: number, end: number, frame: Frame): void {
    const arrow = this.parsed.arrows.findLast((token) => token.end <= body.start && token.start >= from)!;
    this.out.copy(from, arrow.end);
    const opening = this.out.slot(body.start);
    this.out.copy(arrow.end, body.start);
    this.visit(body);
    this.out.copy(body.end, end);
    const mark = this.marksLines && containsCall(body) ? this.markText(body) : "";
    const added = this.declareTemporaries(frame) + this.guardText(frame) + mark;
    if (added === "") return;
    opening.text = ` {${added}return (`;
    this.out.insert(")}", body.start);
  }

  /** The declaration of the temporaries a frame came to need. */
  protected declareTemporaries(frame: Frame): string {
    const names = Array.from({ length: frame.most }, (_, index) => `${this.names.temporary}${index + 1}`);
    if (frame.counts) names.push(`${this.names.temporary}n = 0`);
    if (names.length === 0) return "";
    return `let ${names.join(", ")};`;
  }

  // Statements

  private visitBlock(node: BlockStatement): void {
    this.out.copy(node.start, node.start + 1);
    this.writeList(node.body as AnyNode[], node.start + 1, node.end - 1);
    this.out.copy(node.end - 1, node.end);
  }

  private visitStaticBlock(node: StaticBlock): void {
    const start = this.code.indexOf("{", node.start) + 1;
    const frame = newFrame();
    this.functionDepth++;
    this.out.copy(node.start, start);
    const declarations = this.out.slot(start);
    this.withFrame(frame, () => this.writeList(node.body as AnyNode[], start, node.end - 1));
    this.out.copy(node.end - 1, node.end);
    declarations.text = this.declareTemporaries(frame);
    this.functionDepth--;
  }

  /** Writes the statements of a block, with what `using` declarations among them need around. */
  protected writeList(statements: AnyNode[], start: number, end: number): void {
    writeDisposing(this, statements, () => this.writeStatements(statements, start, end));
  }

  protected writeStatements(statements: readonly AnyNode[], start: number, end: number): void {
    let at = start;
    for (const statement of statements) {
      this.out.copy(at, statement.start);
      this.writeStatement(statement);
      at = statement.end;
    }
    this.out.copy(at, end);
  }

  /**
   * Writes one statement of a list, its line marked where it calls anything. It is ended by a semicolon, since the
   * next one may begin with a parenthesis now.
   */
  writeStatement(statement: AnyNode): void {
    if (this.marksLines && statementCalls(statement))
      this.out.insert(this.markText(statement), statement.start);
    this.visit(statement);
    if (!endsItself(this.code, statement)) this.out.insert(";", statement.start);
  }

  protected markText(node: AnyNode): string {
    const { marker, file } = this.names;
    return `${marker}.file = ${file}; ${marker}.line = ${this.lineOf(node.start)}; `;
  }

  /**
   * What looks at the flag when a function starts; where its loops do, it must not: a function whose loop is optimised
   * before it is called again would be optimised without knowing what is read here.
   */
  private guardText(frame: Frame): string {
    return this.guards && !frame.counts ? `if (${this.names.flag}[0] !== 0) ${this.names.cell}.stop();` : "";
  }

  /**
   * The body of a loop, which looks at the flag each time round; at another of its eight copies each time, since the
   * engine may read what does not change in the loop only once.
   */
  writeLoopBody(body: AnyNode): void {
    if (!this.guards) {
      this.writeBody(body);
      return;
    }
    const { flag, cell, temporary } = this.names;
    const count = `${temporary}n`;
    this.frame!.counts = true;
    const guard = `if (${flag}[${count} = ${count} + 1 & 7] !== 0) ${cell}.stop(); `;
    this.out.insert(`{ ${guard}`, body.start);
    this.writeBody(body);
    this.out.insert(" }", body.start);
  }

  /** The body of a loop or branch; one without braces gets them where its line is marked. */
  private writeBody(body: AnyNode): void {
    const marked = this.marksLines && body.type !== "BlockStatement" && statementCalls(body);
    if (!marked) {
      this.visit(body);
      return;
    }
    this.out.insert(`{ ${this.markText(body)}`, body.start);
    this.visit(body);
    this.out.insert(" }", body.start);
  }

  private visitLoop(
    node: Extract<AnyNode, { type: "ForStatement" | "ForInStatement" | "ForOfStatement" }>,
  ): void {
    if (writeDisposingLoop(this, node)) return;
    this.walk(node, (child) => {
      if (child === node.body) this.writeLoopBody(child);
      else if (node.type === "ForOfStatement" && child === node.right) this.visitIterated(node);
      else if (node.type === "ForStatement" || child !== node.left) this.visit(child);
      else if (child.type === "VariableDeclaration") this.visitLoopVariable(child);
      else this.writeTarget(child, false);
    });
  }

  /** What `for … of` goes through. */
  protected visitIterated(node: ForOfStatement): void {
    this.visit(node.right as AnyNode);
  }

  /** The declaration in the head of `for … of` and `for … in`. */
  protected visitLoopVariable(node: VariableDeclaration): void {
    this.visit(node);
  }
}

/** Whether variables of a kind can be relied on not to change. */
function isFixed(kind: string): boolean {
  return kind === "const" || kind === "import";
}

/** Access to a variable by its own name. */
export function localAccess(name: string, constant: boolean): Access {
  return { read: name, write: name, call: name, typeof: `typeof ${name}`, plain: true, constant, pure: true };
}
