/** @file What a name in a cell is: its value now, and for our own functions and classes their documentation. */
import { inspect } from "node:util";
import type { MimeBundle } from "../bundle.js";
import type { ImportModule } from "../environment.js";
import { cleanMessage } from "../trace.js";
import { type Declaration, documentation, markdownOf } from "./documentation.js";
import { type DottedName, type Found, nameAround, resolvePath } from "./path.js";

/** What is shown about a name. */
export type Inspection = MimeBundle;

/** The names of cells, and a place in the source of one. */
type Names = Readonly<Record<string, unknown>>;

/**
 * Says what the name at a cursor is, or null where there is none or nothing has it. `importModule` is that of the cells:
 * the package that they use need not be the kernel's own copy.
 */
export async function inspectName(
  names: Names,
  importModule: ImportModule,
  { code, cursor }: { readonly code: string; readonly cursor: number },
): Promise<Inspection | null> {
  const name = nameAround(code, cursor);
  if (name === null) return null;
  const found = resolvePath(names, [...name.owners, name.last]);
  if (found === null) return null;
  const declaration = await documentationOf(names, name, found, importModule);
  return declaration === null ? describeValue(name, found.value) : describeDeclaration(declaration);
}

function describeDeclaration(declaration: Declaration): Inspection {
  const { signature, text } = declaration;
  return { "text/plain": `${signature}\n\n${text}`, "text/markdown": markdownOf(declaration) };
}

function describeValue(name: DottedName, value: unknown): Inspection {
  const text = typeof value === "function" ? headOf(value, name.last) : inspect(value);
  return {
    "text/plain": text,
    "text/markdown": `\`${name.last}\`\n\n\`\`\`ts\n${text}\n\`\`\``,
  };
}

/** The first line of a function or class. */
function headOf(value: object, name: string): string {
  const source = cleanMessage(Function.prototype.toString.call(value));
  if (/^class\b/.test(source)) return source.split("{")[0]!.trim();
  const parameters = /^[^(]*?(\([^)]*\)|[\w$]+(?=\s*=>))/.exec(source)?.[1] ?? "()";
  return `function ${name}${parameters.startsWith("(") ? parameters : `(${parameters})`}`;
}

/** What the package says about a name that leads to something of ours. */
async function documentationOf(
  names: Names,
  name: DottedName,
  found: Found,
  importModule: ImportModule,
): Promise<Declaration | null> {
  if (typeof found.value !== "function") return null;
  const declared = await documentation();
  const owners = classNamesOf(resolvePath(names, name.owners)?.value);
  const members = declared.get(name.last) ?? [];
  for (const owner of owners) {
    const match = members.find((declaration) => declaration.name === `${owner}.${name.last}`);
    if (match !== undefined) return match;
  }
  const own = (await ownNames(importModule)).get(found.value);
  if (own === undefined) return null;
  const candidates = (declared.get(own.name) ?? []).filter((declaration) => declaration.name === own.name);
  const nearness = ({ file }: Declaration): number => own.owners.filter((part) => file.includes(part)).length;
  return candidates.sort((a, b) => nearness(b) - nearness(a))[0] ?? null;
}

/** The names of the classes an object is of; none for a function or a collection of exports. */
function classNamesOf(value: unknown): string[] {
  const found: string[] = [];
  if (value === null || value === undefined || typeof value === "function") return found;
  for (let at = Object.getPrototypeOf(Object(value)); at !== null; at = Object.getPrototypeOf(at)) {
    const { name } = (at.constructor ?? {}) as { name?: string };
    if (name) found.push(name, `${name}Methods`);
  }
  return found;
}

/** An export of ours: its name, and what it is found under. */
interface OwnName {
  readonly name: string;
  readonly owners: readonly string[];
}

const doors = ["nabla", "nabla/keras", "nabla/pyplot"];

let own: Promise<Map<unknown, OwnName>> | null = null;

/** Everything that our doors export, by value. */
function ownNames(importModule: ImportModule): Promise<Map<unknown, OwnName>> {
  own ??= Promise.all(doors.map((door) => importModule(door))).then((modules) => {
    const found = new Map<unknown, OwnName>();
    for (const [index, exports] of modules.entries()) {
      collect(exports, [doors[index]!.split("/").at(-1)!], found);
    }
    return found;
  });
  return own;
}

/** How deep names lie: `keras.layers.Dense`. */
const deepest = 3;

function collect(exports: object, owners: readonly string[], found: Map<unknown, OwnName>): void {
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === "function" && !found.has(value)) found.set(value, { name, owners });
    else if (isCollection(value) && owners.length < deepest) collect(value, [...owners, name], found);
  }
}

function isCollection(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
