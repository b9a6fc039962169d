/**
 * @file Finds what an object's properties hold: directly, in lists, plain objects, maps and sets.
 */

/**
 * Calls `visit` for everything that is no container, in the order of the properties. Lists of numbers or texts are data
 * and are passed over.
 */
export function visitMembers(owner: object, visit: (member: object) => void): void {
  const seen = new Set<object>();
  const look = (value: unknown): void => {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
    if (ArrayBuffer.isView(value)) return;
    const items = itemsOf(value);
    if (items === null) {
      visit(value);
      return;
    }
    if (seen.has(value)) return;
    seen.add(value);
    for (const item of items) look(item);
  };
  for (const key of Object.keys(owner)) look((owner as Record<string, unknown>)[key]);
}

/** What a container holds, or null for something else. */
function itemsOf(value: object): Iterable<unknown> | null {
  if (Array.isArray(value))
    return value.length > 0 && typeof value[0] !== "object" && typeof value[0] !== "function" ? [] : value;
  if (value instanceof Map || value instanceof Set) return value.values();
  if (typeof value === "function") return null;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : null;
}
