/** @file Documentation out of declarations, and names out of source. */
import assert from "node:assert/strict";
import test from "node:test";
import { markdownOf, parseDeclarations } from "../../src/notebook/kernel/documentation.js";
import { nameAround, nameEndingAt } from "../../src/notebook/kernel/path.js";

const declarations = `
/** @file What it is about. */
import type { Tensor } from "./tensor.js";
/**
 * Half of x: x / 2.
 *
 * @example half(4) // 2
 */
export declare const half: (x: number, y?: number) => Tensor;
export declare const bare: number;
/** A shape. */
export declare class Square extends Shape {
    /** Its side, in metres. */
    readonly side: number;
    bare(): void;
    /**
     * Its area.
     */
    area(): number;
}
/** Makes one. */
export declare function square(side: number): Square;
`;

test("functions, classes and members with their comments", () => {
  const found = parseDeclarations(declarations, "shapes.d.ts");
  assert.deepEqual(
    found.map(({ name, signature, text }) => [name, signature, text]),
    [
      ["half", "half(x: number, y?: number): Tensor", "Half of x: x / 2.\n\n@example half(4) // 2"],
      ["Square", "Square extends Shape", "A shape."],
      ["Square.side", "side: number", "Its side, in metres."],
      ["Square.area", "area(): number", "Its area."],
      ["square", "square(side: number): Square", "Makes one."],
    ],
  );
});

test("a comment as Markdown: tags in a list, labels as paragraphs, examples as code", () => {
  const text = [
    "Half of x.",
    "@param x  a number, or",
    "  several",
    "@returns  the dtype of x",
    "@throws {TypeError} x is text",
    "Gradient: dy / 2.",
    "",
    "@example",
    "half(4) // 2",
  ].join("\n");
  const expected = [
    "```ts",
    "half(x: number): number",
    "```",
    "",
    "Half of x.",
    "- `x`: a number, or",
    "  several",
    "- returns the dtype of x",
    "- throws `TypeError`: x is text",
    "",
    "Gradient: dy / 2.",
    "",
    "```ts",
    "half(4) // 2",
    "```",
    "",
  ].join("\n");
  assert.equal(markdownOf({ signature: "half(x: number): number", text }), expected);
});

test("the name that ends at a cursor", () => {
  const at = (code: string): unknown => {
    const { owners, last, lastStart } = nameEndingAt(code, code.length);
    return [...owners, last, lastStart];
  };
  assert.deepEqual(at("1 + tf.math.lo"), ["tf", "math", "lo", 12]);
  assert.deepEqual(at("a?.b."), ["a", "b", "", 5]);
  assert.deepEqual(at("x = "), ["", 4]);
  assert.deepEqual(at("größe.λ"), ["größe", "λ", 6]);
});

test("the name around a cursor, or that of the callee", () => {
  const at = (code: string): unknown => {
    const name = nameAround(code.replace("|", ""), code.indexOf("|"));
    return name === null ? null : [...name.owners, name.last].join(".");
  };
  assert.equal(at("tf.ma|th.log"), "tf.math");
  assert.equal(at("f(g(1), {a: 2}, |)"), "f");
  assert.equal(at("f([1, |])"), null);
  assert.equal(at("keras.layers.Dense(|"), "keras.layers.Dense");
  assert.equal(at("|"), null);
});
