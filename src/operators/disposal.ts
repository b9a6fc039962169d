/**
 * @file `using` declarations, lowered for engines that do not have them: the list of statements runs inside
 * `try`, its resources are kept on a stack, and the stack is disposed of at the end.
 */
import type { AnyNode, ForInStatement, ForOfStatement, ForStatement, VariableDeclaration } from "acorn";
import type { CodeWriter } from "./codeWriter.js";

/** A declaration of resources. */
export interface UsingDeclaration extends VariableDeclaration {
  kind: "using" | "await using";
}

/** Whether a node declares resources. */
export function isUsing(node: AnyNode | null | undefined): node is UsingDeclaration {
  return node?.type === "VariableDeclaration" && (node.kind === "using" || node.kind === "await using");
}

const isAsync = (node: AnyNode): boolean => isUsing(node) && node.kind === "await using";
const useMethod = (node: AnyNode): string => (isAsync(node) ? "useAsync" : "use");

/** The name of the stack of resources in the block that is being written. */
const stackName = (writer: CodeWriter): string => `${writer.names.temporary}stack`;

function opening(writer: CodeWriter): string {
  return `const ${stackName(writer)} = ${writer.names.operators}.disposables(); try { `;
}

function closing(writer: CodeWriter, waits: boolean): string {
  const stack = stackName(writer);
  const error = `${writer.names.temporary}error`;
  const dispose = waits ? `await ${stack}.disposeAsync()` : `${stack}.dispose()`;
  return ` } catch (${error}) { ${stack}.fail(${error}); } finally { ${dispose}; }`;
}

/** Writes a list of statements by `write`, disposing of its resources at the end where it declares any. */
export function writeDisposing(writer: CodeWriter, statements: readonly AnyNode[], write: () => void): void {
  if (!statements.some(isUsing)) {
    write();
    return;
  }
  const start = statements[0]!.start;
  writer.out.insert(opening(writer), start);
  write();
  writer.out.insert(closing(writer, statements.some(isAsync)), start);
}

/** Writes a `using` declaration inside what `writeDisposing` put around it. */
export function writeUsing(writer: CodeWriter, node: UsingDeclaration, keyword: string): void {
  let at = node.start;
  node.declarations.forEach((declarator, index) => {
    const value = declarator.init as AnyNode;
    writer.out.insert(index === 0 ? keyword : ", ", declarator.start);
    writer.writeTarget(declarator.id as AnyNode, true);
    writer.out.insert(` = ${stackName(writer)}.${useMethod(node)}(`, value.start);
    writer.out.skip(at, value.start);
    writer.visitArgument(value);
    writer.out.skip(value.end, declarator.end);
    writer.out.insert(")", value.start);
    at = declarator.end;
  });
  writer.out.copy(at, node.end);
}

/** Writes a loop whose head declares resources; false if it does not. */
export function writeDisposingLoop(
  writer: CodeWriter,
  node: ForStatement | ForInStatement | ForOfStatement,
): boolean {
  const declaration = node.type === "ForStatement" ? node.init : node.left;
  if (!isUsing(declaration)) return false;
  const start = `{ ${opening(writer)}`;
  const end = `${closing(writer, isAsync(declaration))} }`;
  if (node.type === "ForStatement") {
    writer.out.insert(start, node.start);
    writer.walk(node, (child) => (child === node.body ? writer.writeLoopBody(child) : writer.visit(child)));
    writer.out.insert(end, node.start);
    return true;
  }
  const name = declaration.declarations[0]!.id as AnyNode;
  writer.walk(node, (child) => {
    if (child === declaration) {
      writer.out.insert("const ", child.start);
      writer.writeTarget(name, true);
    } else if (child === node.body) {
      writer.out.insert(`${start}${stackName(writer)}.${useMethod(declaration)}(`, child.start);
      writer.writeTarget(name, true);
      writer.out.insert("); ", child.start);
      writer.writeLoopBody(child);
      writer.out.insert(end, child.start);
    } else writer.visit(child);
  });
  return true;
}
