/**
 * @file The rewrite of a notebook cell: an async function whose top-level names are properties of one scope object
 * that all cells share, and whose last expression is its result.
 */
import type {
  AnonymousClassDeclaration,
  AnyNode,
  ClassDeclaration,
  ExportNamedDeclaration,
  ForOfStatement,
  Identifier,
  ImportDeclaration,
  ImportExpression,
  VariableDeclaration,
} from "acorn";
import type { Access, Names } from "./codeWriter.js";
import { isUsing, writeUsing } from "./disposal.js";
import { SourceSyntaxError } from "./errors.js";
import { type ParsedSource, parseSource } from "./parse.js";
import type { PositionMap } from "./positions.js";
import { freshNames, localAccess, newFrame, Rewriter } from "./rewriter.js";
import type { BindingKind } from "./scopes.js";

/** What is known about the cells before. */
export interface CellOptions {
  /** Names that earlier cells declared, and whether they may not be assigned to. */
  readonly shared?: ReadonlyMap<string, { readonly constant: boolean }>;
  /** Whether a name is one of the engine's own globals, which are left alone. */
  readonly isGlobal?: (name: string) => boolean;
  /** Whether loops, functions and `await` look at a flag by which the cell can be stopped from outside. */
  readonly guard?: boolean;
}

/** A rewritten cell. */
export interface RewrittenCell {
  /**
   * An expression: an async function of the scope object, the operator helper, the line marker, the cell's
   * environment (`CellEnvironment`), the cell's name and, where it is guarded, the flag: an Int32Array of eight
   * elements, all of them 0 as long as the cell may run.
   */
  readonly code: string;
  /** The names the cell declares for all cells. */
  readonly declared: ReadonlyMap<string, { readonly constant: boolean }>;
  /** From places in `code` to places in the cell. */
  readonly positions: PositionMap;
}

const isConstant = (kind: BindingKind): boolean => kind === "const" || kind === "import";

class CellRewriter extends Rewriter {
  private result: AnyNode | null = null;

  constructor(
    parsed: ParsedSource,
    names: Names,
    private readonly source: string,
    private readonly options: Required<CellOptions>,
  ) {
    super(parsed, names, { marksLines: true, guards: options.guard });
  }

  write(): string {
    const { scope, operators, marker, cell, file, flag } = this.names;
    const body = this.parsed.tree.body as AnyNode[];
    const frame = newFrame();
    const last = body.findLast((statement) => statement.type !== "EmptyStatement");
    if (last?.type === "ExpressionStatement") this.result = last;
    const parameters = [scope, operators, marker, cell, file, ...(this.guards ? [flag] : [])];
    this.out.insert(`(async function (${parameters.join(", ")}) { "use strict"; `, 0);
    const declarations = this.out.slot(0);
    this.withFrame(frame, () => {
      this.writeList(body, 0, this.code.length);
    });
    this.out.insert("\n})", this.code.length);
    declarations.text = this.declareTemporaries(frame);
    return this.out.code();
  }

  declared(): Map<string, { constant: boolean }> {
    return new Map(
      Array.from(
        this.program.bindings,
        ([name, { kind }]) => [name, { constant: isConstant(kind) }] as const,
      ),
    );
  }

  protected override writeStatements(statements: readonly AnyNode[], start: number, end: number): void {
    if (statements === this.parsed.tree.body) this.writeHoisted(statements);
    super.writeStatements(statements, start, end);
  }

  /** What JavaScript does before the first statement: functions exist, `var`s are undefined, imports are loaded. */
  private writeHoisted(statements: readonly AnyNode[]): void {
    const { scope } = this.names;
    for (const [name, { kind }] of this.program.bindings) {
      if (kind === "function") this.out.insert(`${scope}.${name} = ${name}; `, 0);
      if (kind === "var") this.out.insert(`${scope}.${name} = undefined; `, 0);
    }
    for (const statement of statements) {
      if (statement.type === "ImportDeclaration") this.writeImport(statement);
    }
  }

  private writeImport(node: ImportDeclaration): void {
    const { scope, cell } = this.names;
    const attributes = node.attributes.map(({ key, value }) => {
      const name = key.type === "Identifier" ? key.name : key.value;
      return `${JSON.stringify(name)}: ${JSON.stringify(value.value)}`;
    });
    const specifier = JSON.stringify(node.source.value);
    const options = attributes.length === 0 ? "" : `, { with: { ${attributes.join(", ")} } }`;
    const module = `${this.names.temporary}module`;
    this.out.insert(
      `${this.markText(node)}{ const ${module} = await ${cell}.import(${specifier}${options}); `,
      node.start,
    );
    for (const item of node.specifiers) {
      const target = `${scope}.${item.local.name}`;
      if (item.type === "ImportNamespaceSpecifier") this.out.insert(`${target} = ${module}; `, item.start);
      else {
        const imported =
          item.type === "ImportDefaultSpecifier"
            ? "default"
            : item.imported.type === "Identifier"
              ? item.imported.name
              : String(item.imported.value);
        const name = JSON.stringify(imported);
        this.out.insert(`${target} = ${cell}.exported(${module}, ${specifier}, ${name}); `, item.start);
      }
    }
    this.out.insert("} ", node.start);
  }

  override writeStatement(statement: AnyNode): void {
    if (statement === this.result && statement.type === "ExpressionStatement") {
      this.out.insert(`${this.markText(statement)}return (`, statement.start);
      this.out.copy(statement.start, statement.expression.start);
      this.visit(statement.expression as AnyNode);
      const end = this.code[statement.end - 1] === ";" ? statement.end - 1 : statement.end;
      this.out.copy(statement.expression.end, end);
      this.out.insert(");", statement.start);
      return;
    }
    super.writeStatement(statement);
  }

  override visit(node: AnyNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        this.out.skip(node.start, node.end);
        break;
      case "ImportExpression":
        this.visitImportExpression(node);
        break;
      case "AwaitExpression":
        this.guards ? this.walk(node, (value) => this.writeWait(value, "wait")) : super.visit(node);
        break;
      case "MetaProperty":
        node.meta.name === "import"
          ? this.out.insert(`${this.names.cell}.meta`, node.start)
          : super.visit(node);
        break;
      case "ExportNamedDeclaration":
        this.visitExport(node);
        break;
      case "ExportDefaultDeclaration":
      case "ExportAllDeclaration":
        this.refuse("a cell exports nothing: its names are shared with all cells", node.start);
        break;
      case "VariableDeclaration":
        this.isTopLevel(node) ? this.visitSharedDeclaration(node) : super.visit(node);
        break;
      case "ClassDeclaration":
        this.scope === this.program ? this.visitSharedClass(node) : super.visit(node);
        break;
      default:
        super.visit(node);
        break;
    }
  }

  private refuse(reason: string, at: number): never {
    const before = this.code.slice(0, at).split("\n");
    const place = this.parsed.positions.original({ line: before.length, column: before.at(-1)!.length + 1 });
    throw new SourceSyntaxError(reason, this.source, place.line, place.column);
  }

  private visitExport(node: ExportNamedDeclaration): void {
    if (node.source) this.refuse("a cell exports nothing: import the names instead", node.start);
    const declaration = node.declaration as AnyNode | null;
    if (!declaration) {
      this.out.skip(node.start, node.end);
      return;
    }
    this.out.skip(node.start, declaration.start);
    this.visit(declaration);
    this.out.copy(declaration.end, node.end);
  }

  private visitImportExpression(node: ImportExpression): void {
    const source = node.source as AnyNode;
    this.out.insert(`${this.names.cell}.import(`, node.start);
    this.out.skip(node.start, source.start);
    this.visitArgument(source);
    const options = node.options as AnyNode | null | undefined;
    if (options) {
      this.out.insert(", ", options.start);
      this.visitArgument(options);
    }
    this.out.skip((options ?? source).end, node.end);
    this.out.insert(")", node.start);
  }

  /** Writes what is waited for, so that the wait can be ended from outside. */
  private writeWait(value: AnyNode, method: "wait" | "waitEach"): void {
    this.out.insert(`${this.names.cell}.${method}(`, value.start);
    this.visitArgument(value);
    this.out.insert(")", value.start);
  }

  protected override visitIterated(node: ForOfStatement): void {
    const value = node.right as AnyNode;
    node.await && this.guards ? this.writeWait(value, "waitEach") : super.visitIterated(node);
  }

  /** Whether a declaration is for all cells: at the top, or a `var` in a block there. */
  private isTopLevel(node: VariableDeclaration): boolean {
    return this.scope === this.program || (node.kind === "var" && this.functionDepth === 0);
  }

  private visitSharedDeclaration(node: VariableDeclaration): void {
    if (isUsing(node)) {
      writeUsing(this, node, "");
      return;
    }
    let at = node.start;
    node.declarations.forEach((declarator, index) => {
      if (index > 0) this.out.insert(", ", declarator.start);
      this.out.skip(at, declarator.start);
      this.writeSharedDeclarator(declarator.id as AnyNode, declarator.init as AnyNode | null, node.kind);
      at = declarator.end;
    });
    this.out.copy(at, node.end);
  }

  protected override visitLoopVariable(node: VariableDeclaration): void {
    if (!this.isTopLevel(node)) {
      super.visitLoopVariable(node);
      return;
    }
    this.writeTarget(node.declarations[0]!.id as AnyNode, true);
  }

  private writeSharedDeclarator(id: AnyNode, init: AnyNode | null, kind: string): void {
    if (!init) {
      this.out.insert(
        kind === "var" ? "void 0" : `${this.targetText(id as Identifier, true)} = undefined`,
        id.start,
      );
      return;
    }
    const isObject = id.type === "ObjectPattern";
    if (isObject) this.out.insert("(", id.start);
    this.writeTarget(id, true);
    this.out.insert(" = (", id.start);
    this.out.skip(id.end, init.start);
    if (id.type === "Identifier") this.writeNamed(init, id, this.targetText(id, true));
    else this.visit(init);
    this.out.insert(isObject ? "))" : ")", id.start);
  }

  private visitSharedClass(node: ClassDeclaration | AnonymousClassDeclaration): void {
    this.out.insert(`${this.names.scope}.${node.id!.name} = `, node.start);
    super.visit(node);
  }

  protected override targetText(node: Identifier, declaring: boolean): string {
    const shared = declaring && this.scope.find(node.name) === this.program;
    return shared ? `${this.names.scope}.${node.name}` : super.targetText(node, declaring);
  }

  override access(node: Identifier): Access {
    const { name } = node;
    const home = this.scope.find(name);
    if (home !== null && home !== this.program) return super.access(node);
    const own = home?.bindings.get(name);
    const isLexical = own?.kind === "const" || own?.kind === "let" || own?.kind === "class";
    if (own && isLexical && this.functionDepth === 0 && node.start < own.end) return this.uninitialized(name);
    const known = own ? { constant: isConstant(own.kind) } : this.options.shared.get(name);
    if (known) return this.sharedAccess(name, known.constant);
    return this.options.isGlobal(name) ? localAccess(name, false) : this.unknownAccess(name);
  }

  private sharedAccess(name: string, constant: boolean): Access {
    const { scope, cell } = this.names;
    const read = `${scope}.${name}`;
    const write = constant ? `${cell}.constant(${JSON.stringify(name)}).${name}` : read;
    return {
      read,
      write,
      call: `(0, ${read})`,
      typeof: `typeof ${read}`,
      plain: false,
      constant,
      pure: true,
    };
  }

  /** A name that nothing declares yet: a later cell may, before this code runs. */
  private unknownAccess(name: string): Access {
    const { scope, cell } = this.names;
    const isThere = `${JSON.stringify(name)} in ${scope}`;
    const read = `(${isThere} ? ${scope}.${name} : ${name})`;
    return {
      read,
      write: `${cell}.bound(${JSON.stringify(name)}).${name}`,
      call: read,
      typeof: `(${isThere} ? typeof ${scope}.${name} : typeof ${name})`,
      plain: false,
      constant: false,
      pure: false,
    };
  }

  private uninitialized(name: string): Access {
    const read = `${this.names.cell}.uninitialized(${JSON.stringify(name)})`;
    return {
      read,
      write: `${read}.${name}`,
      call: read,
      typeof: `typeof ${read}`,
      plain: false,
      constant: false,
      pure: false,
    };
  }
}

/**
 * Rewrites a cell: types stripped, lines kept, operators made to work on tensors, top-level names shared between
 * cells, imports made dynamic, the last expression returned. Throws SourceSyntaxError for source that does not parse.
 *
 * @example rewriteCell("const x: number = 1; x").declared.get("x").constant // true
 */
export function rewriteCell(source: string, options: CellOptions = {}): RewrittenCell {
  const parsed = parseSource(source);
  const writer = new CellRewriter(parsed, freshNames(source), source, {
    shared: options.shared ?? new Map(),
    isGlobal: options.isGlobal ?? ((name) => name in globalThis),
    guard: options.guard ?? false,
  });
  const code = writer.write();
  return { code, declared: writer.declared(), positions: writer.out.positions().after(parsed.positions) };
}
