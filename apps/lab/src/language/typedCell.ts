/**
 * @file A cell as the type checker sees it: a module in which operators are calls, with the names of the cells before it
 * imported and its own names exported. Types stay, unlike in the code that runs.
 */
import ts from "typescript";
import { MappedText } from "./mappedText.js";
import { helper } from "./operators.js";

/** How later cells reach a name. */
export type Declared =
  /** By an import from the cell. */
  | { readonly kind: "constant" }
  /** By a variable of the same type, which can be assigned to. */
  | { readonly kind: "variable" }
  /** By the same import. */
  | { readonly kind: "import"; readonly text: string };

/** A typed cell. */
export interface TypedCell {
  readonly mapped: MappedText;
  readonly declared: ReadonlyMap<string, Declared>;
}

/** The names that cells before have declared, each with the file of the last that did. */
export type Visible = ReadonlyMap<string, Declared & { readonly file: string }>;

const binary = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "add"],
  [ts.SyntaxKind.MinusToken, "sub"],
  [ts.SyntaxKind.AsteriskToken, "mul"],
  [ts.SyntaxKind.SlashToken, "div"],
  [ts.SyntaxKind.AsteriskAsteriskToken, "pow"],
  [ts.SyntaxKind.PercentToken, "mod"],
  [ts.SyntaxKind.LessThanToken, "lt"],
  [ts.SyntaxKind.LessThanEqualsToken, "le"],
  [ts.SyntaxKind.GreaterThanToken, "gt"],
  [ts.SyntaxKind.GreaterThanEqualsToken, "ge"],
]);

const compound = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusEqualsToken, "add"],
  [ts.SyntaxKind.MinusEqualsToken, "sub"],
  [ts.SyntaxKind.AsteriskEqualsToken, "mul"],
  [ts.SyntaxKind.SlashEqualsToken, "div"],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, "pow"],
  [ts.SyntaxKind.PercentEqualsToken, "mod"],
]);

/** Makes a cell's typed form. */
export function typeCell(source: string, visible: Visible): TypedCell {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const declared = declarationsOf(file);
  const mapped = new MappedText(source);
  mapped.insert(preludeOf(visible, declared));
  writeChildren(file, mapped, 0, source.length);
  mapped.insert(`\nexport { ${exportsOf(file, declared).join(", ")} };\n`);
  return { mapped, declared };
}

function preludeOf(visible: Visible, own: ReadonlyMap<string, Declared>): string {
  const lines = Array.from(visible, ([name, item]) => {
    if (own.has(name)) return "";
    const module = JSON.stringify(`./${item.file}`);
    if (item.kind === "import") return item.text;
    if (item.kind === "constant") return `import { ${name} } from ${module};`;
    return `declare let ${name}: typeof import(${module}).${name};`;
  });
  return `${lines.filter(Boolean).join(" ")}\n`;
}

/** What is to be exported at the end: all names but imports, and those that are exported where they stand. */
function exportsOf(file: ts.SourceFile, declared: ReadonlyMap<string, Declared>): string[] {
  const already = new Set(
    file.statements.flatMap((statement) => {
      const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
      return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ? namesOf(statement) : [];
    }),
  );
  return Array.from(declared)
    .filter(([name, { kind }]) => kind !== "import" && !already.has(name))
    .map(([name]) => name);
}

function declarationsOf(file: ts.SourceFile): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) addImports(statement, declared);
    const isVariable =
      ts.isVariableStatement(statement) && !(statement.declarationList.flags & ts.NodeFlags.Const);
    for (const name of namesOf(statement)) declared.set(name, { kind: isVariable ? "variable" : "constant" });
  }
  return declared;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const isUsing = statement.declarationList.flags & ts.NodeFlags.Using;
    return isUsing ? [] : statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return name.text === "" ? [] : [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

function addImports(statement: ts.ImportDeclaration, declared: Map<string, Declared>): void {
  const module = statement.moduleSpecifier.getText();
  const { name, namedBindings, isTypeOnly } = statement.importClause ?? {};
  const type = isTypeOnly ? "type " : "";
  const add = (local: ts.Identifier, what: string): void => {
    declared.set(local.text, { kind: "import", text: `import ${type}${what} from ${module};` });
  };
  if (name !== undefined) add(name, name.text);
  if (namedBindings === undefined) return;
  if (ts.isNamespaceImport(namedBindings)) add(namedBindings.name, `* as ${namedBindings.name.text}`);
  else for (const element of namedBindings.elements) add(element.name, `{ ${element.getText()} }`);
}

/** Copies a node's text from `start` to `end`, with its children written in their places. */
function writeChildren(node: ts.Node, mapped: MappedText, start: number, end: number): void {
  let at = start;
  ts.forEachChild(node, (child) => {
    mapped.copy(at, child.getStart());
    write(child, mapped);
    at = child.getEnd();
  });
  mapped.copy(at, end);
}

function write(node: ts.Node, mapped: MappedText): void {
  if (ts.isBinaryExpression(node)) writeBinary(node, mapped);
  else if (isNegation(node)) {
    mapped.insert(`${helper}.neg(`);
    write(node.operand, mapped);
    mapped.insert(")");
  } else if (ts.isEnumDeclaration(node) || ts.isTypeNode(node)) mapped.copy(node.getStart(), node.getEnd());
  else writeChildren(node, mapped, node.getStart(), node.getEnd());
}

/** A minus before anything but a number, whose type is to stay its own. */
function isNegation(node: ts.Node): node is ts.PrefixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.MinusToken) return false;
  return !ts.isNumericLiteral(node.operand) && !ts.isBigIntLiteral(node.operand);
}

function writeBinary(node: ts.BinaryExpression, mapped: MappedText): void {
  const { left, operatorToken, right } = node;
  const simple = binary.get(operatorToken.kind);
  const assigned = compound.get(operatorToken.kind);
  // What is not finished yet, as in `a * `, stays as it is: the parser's own message is the best.
  if ((simple ?? assigned) === undefined || right.getStart() === right.getEnd()) {
    writeChildren(node, mapped, node.getStart(), node.getEnd());
    return;
  }
  if (assigned !== undefined) {
    write(left, mapped);
    mapped.insert(" = ");
  }
  mapped.insert(`${helper}.${simple ?? assigned}(`);
  if (assigned === undefined) write(left, mapped);
  else mapped.insert(left.getText());
  mapped.copy(left.getEnd(), operatorToken.getStart());
  mapped.insert(",");
  mapped.copy(operatorToken.getEnd(), right.getStart());
  write(right, mapped);
  mapped.insert(")");
}
