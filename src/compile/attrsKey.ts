/**
 * @file Attributes as text, for keys under which equal ones are found.
 */
import { identityOf } from "../core/identity.js";

/** Attributes as text; objects that are not plain data count by identity. */
export function attrsKey(value: unknown): string {
  if (typeof value === "number" && Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `f${identityOf(value)}`;
  if (Array.isArray(value)) return `[${value.map(attrsKey).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const plain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  if (!plain) return `o${identityOf(value)}`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}:${attrsKey(item)}`)
    .join()}}`;
}
