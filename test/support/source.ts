import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseResult, parse } from "@babel/parser";
import { root } from "../../scripts/lock.mjs";

/** The syntax tree of TypeScript or JavaScript, comments included. */
export function parseSource(text: string): ParseResult {
  return parse(text, {
    sourceType: "module",
    plugins: ["typescript", "explicitResourceManagement"],
    allowAwaitOutsideFunction: true,
    errorRecovery: false,
  });
}

export type Import = { specifier: string; line: number; typeOnly: boolean };

type Node = { type: string; loc: { start: { line: number } }; [key: string]: any };

/** Every module that source text names: static and dynamic imports, re-exports, import types, `new URL(…)`. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const add = (node: Node, specifier: Node | null | undefined, typeOnly = false) => {
    if (specifier?.type !== "StringLiteral") return;
    found.push({ specifier: specifier["value"], line: node.loc.start.line, typeOnly });
  };
  visit(parseSource(text).program as unknown as Node, (node) => {
    if (node.type === "ImportDeclaration") add(node, node["source"], node["importKind"] === "type");
    if (node.type === "ExportNamedDeclaration") add(node, node["source"], node["exportKind"] === "type");
    if (node.type === "ExportAllDeclaration") add(node, node["source"], node["exportKind"] === "type");
    if (node.type === "TSImportType") add(node, node["argument"]?.literal ?? node["argument"], true);
    if (node.type === "CallExpression" && node["callee"].type === "Import") add(node, node["arguments"][0]);
    if (
      node.type === "NewExpression" &&
      node["callee"].name === "URL" &&
      isOwnAddress(node["arguments"][1])
    ) {
      add(node, node["arguments"][0]);
    }
  });
  return found;
}

function isOwnAddress(node: Node | undefined): boolean {
  return node?.type === "MemberExpression" && node["object"].type === "MetaProperty";
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key.endsWith("Comments")) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === "object" && typeof child.type === "string") visit(child, see);
    }
  }
}

/** The text of a file given by its path from the clone's root. */
export function readSource(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
