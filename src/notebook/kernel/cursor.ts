/** @file Places in source: the protocol counts Unicode characters, JavaScript counts UTF-16 units. */

/** The index in a string of a character number; the end where there is none. */
export function toIndex(text: string, characters: unknown): number {
  if (typeof characters !== "number") return text.length;
  return [...text].slice(0, Math.max(0, characters)).join("").length;
}

/** The character number of an index in a string. */
export function toCharacters(text: string, index: number): number {
  return [...text.slice(0, index)].length;
}
