/** @file Completion from the values that names have now. */
import { isMemberOfExpression, nameEndingAt, resolvePath } from "./path.js";

/** What could stand at a cursor. */
export interface Completion {
  readonly matches: readonly string[];
  /** What each match is: "function", "class", "property", "variable", "keyword". */
  readonly types: readonly string[];
  readonly start: number;
  readonly end: number;
}

const keywords = (
  "async await break case catch class const continue default delete do else export extends false finally for " +
  "function if import in instanceof interface let new null of return satisfies static super switch this throw true " +
  "try type typeof undefined using var void while yield"
).split(" ");

const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** What could stand at a cursor in a cell, `names` being what cells have declared. */
export function complete(names: Readonly<Record<string, unknown>>, code: string, cursor: number): Completion {
  const name = nameEndingAt(code, cursor);
  const found = isMemberOfExpression(code, name)
    ? new Map<string, string>()
    : name.owners.length === 0
      ? variables(names)
      : members(names, name.owners);
  const matches = [...found].filter(([match]) => match.startsWith(name.last) && isName.test(match));
  return {
    matches: matches.map(([match]) => match),
    types: matches.map(([, type]) => type),
    start: name.lastStart,
    end: cursor,
  };
}

/** What there is without an owner: first what the reader made. */
function variables(names: Readonly<Record<string, unknown>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of Object.keys(names).sort()) found.set(name, typeOf(names[name], "variable"));
  for (const keyword of keywords) if (!found.has(keyword)) found.set(keyword, "keyword");
  for (const name of Object.getOwnPropertyNames(globalThis).sort()) {
    if (!found.has(name)) found.set(name, "variable");
  }
  return found;
}

/** The members of what a row of names leads to: its own first, then those it inherits. */
function members(names: Readonly<Record<string, unknown>>, owners: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const owner = resolvePath(names, owners);
  if (owner === null || owner.value === null || owner.value === undefined) return found;
  for (let at: unknown = Object(owner.value); at !== null; at = Object.getPrototypeOf(at)) {
    // What every object has would bury what this one is about.
    if (at === Object.prototype && found.size > 0) break;
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(at as object));
    for (const [name, { value }] of descriptors.sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!found.has(name) && name !== "constructor") found.set(name, typeOf(value, "property"));
    }
  }
  return found;
}

function typeOf(value: unknown, other: string): string {
  if (typeof value !== "function") return other;
  return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
}
