/**
 * @file A number for an object, for keys in which objects count by identity.
 */

const numbers = new WeakMap<object, number>();
let last = 0;

/** The object's number: always the same, and no other's. */
export function identityOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++last;
    numbers.set(object, number);
  }
  return number;
}
