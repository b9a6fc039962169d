/** @file The dotted name at a cursor, and the value it has now. */

/** A name such as `tf.math.log`, in the source from `start` to `end`. */
export interface DottedName {
  /** `tf`, `math` */
  readonly owners: readonly string[];
  /** `log`, which may be empty or unfinished. */
  readonly last: string;
  readonly start: number;
  /** Where `last` begins. */
  readonly lastStart: number;
  readonly end: number;
}

const nameBefore =
  /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;
const nameRest = /^[\p{ID_Continue}$]*/u;

/** The name that ends at a cursor. */
export function nameEndingAt(code: string, cursor: number): DottedName {
  const text = nameBefore.exec(code.slice(0, cursor))![0];
  const parts = text.split(/\??\./).map((part) => part.trim());
  const last = parts.pop()!;
  const start = cursor - text.length;
  // The dot of a number or of another expression's member leaves an empty first part.
  return { owners: parts, last, start, lastStart: cursor - last.length, end: cursor };
}

/** The name a cursor stands in, or that of the function whose arguments it stands in. */
export function nameAround(code: string, cursor: number): DottedName | null {
  const end = cursor + nameRest.exec(code.slice(cursor))![0].length;
  const here = nameEndingAt(code, end);
  if (here.last !== "") return here;
  const opening = openParenthesisBefore(code, cursor);
  if (opening < 0) return null;
  const callee = nameEndingAt(code, opening);
  return callee.last === "" ? null : callee;
}

/** Where the innermost parenthesis that is still open at a cursor stands, or -1. */
function openParenthesisBefore(code: string, cursor: number): number {
  let closed = 0;
  for (let at = cursor - 1; at >= 0; at--) {
    const character = code[at]!;
    if (")]}".includes(character)) closed++;
    else if ("([{".includes(character) && closed-- === 0) return character === "(" ? at : -1;
  }
  return -1;
}

/** Whether what stands before a name makes it the member of something that is not a name, such as of `f().x`. */
export function isMemberOfExpression(code: string, { start }: DottedName): boolean {
  return /[.)\]}"'`]\s*\.?\s*$/.test(code.slice(0, start)) && /\.\s*$/.test(code.slice(0, start));
}

/** What is found under a name. */
export interface Found {
  readonly value: unknown;
}

/** The value of a property if it can be had without running code: getters are not called. */
function plainProperty(owner: unknown, name: string): Found | null {
  if (owner === null || owner === undefined) return null;
  for (let at: unknown = Object(owner); at !== null; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return "value" in descriptor ? { value: descriptor.value } : null;
  }
  return null;
}

/** The value that a row of names leads to, from the names of cells or the global ones. */
export function resolvePath(names: Readonly<Record<string, unknown>>, path: readonly string[]): Found | null {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  let found = first in names ? { value: names[first] } : plainProperty(globalThis, first);
  for (const name of rest) {
    if (found === null) return null;
    found = plainProperty(found.value, name);
  }
  return found;
}
