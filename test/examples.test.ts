import assert from "node:assert/strict";
import test from "node:test";
import { docstringExamples, type Example, markdownExamples, runExample } from "./support/examples.js";

const example = (...lines: string[]): Example => ({ file: "x.ts", line: 1, text: lines.join("\n") });

const accepted: Record<string, string[]> = {
  "a value": ["const x: number = 2;", "x + 1 // 3"],
  "an array, however it is spaced": ["[1, [2]]; // [1, [2]]"],
  "a long value on several lines": ["({ a: 1,", "   b: [2] }) // { a: 1,", "             //   b: [2] }"],
  "the beginning of a value": ['"abcdef" // abc…'],
  "a string in quotes": ['"a b" // "a b"'],
  "a promise's value": ["await Promise.resolve(4) // 4"],
  "what console.log prints": ['console.log("a", [1]) // a [ 1 ]'],
  "an error by name": ['(() => { throw new TypeError("no"); })() // throws TypeError'],
  "an error by name and message": ["null.x // throws TypeError: Cannot read…"],
  "a using declaration": ["using it = { [Symbol.dispose]() {} };", "typeof it // object"],
  "an import": ['import { sep, join as put } from "node:path/posix";', 'put("a", sep) // a/'],
  "a name that the scope has too": ["const given = 2;", "given // 2"],
};

for (const [what, lines] of Object.entries(accepted)) {
  test(`an example may show ${what}`, async () => {
    const compared = await runExample(example(...lines), { given: 1, function: 0 });
    assert.equal(compared, 1);
  });
}

const refused: Record<string, [string[], RegExp]> = {
  "a wrong value": [["1;", "1 + 1 // 3"], /^x\.ts:2: printed 2, but the example says 3$/],
  "a wrong beginning": [['"abcdef" // b…'], /x\.ts:1: printed abcdef/],
  "a value where an error is promised": [
    ["1 // throws RangeError"],
    /expected to throw RangeError, but got 1/,
  ],
  "another error than promised": [["null.x // throws RangeError"], /but threw TypeError/],
  "another message than promised": [["null.x // throws TypeError: other"], /but threw TypeError/],
  "an error where a value is promised": [["null.x // 1"], /expected 1, but threw TypeError/],
  "an error": [["const x = missing;"], /the example throws ReferenceError: missing/],
  "no code": [["// nothing"], /the example is empty/],
};

for (const [what, [lines, message]] of Object.entries(refused)) {
  test(`an example fails on ${what}`, async () => {
    await assert.rejects(runExample(example(...lines), {}), { message });
  });
}

test("examples are found in documentation comments, at their lines", () => {
  const source = [
    "",
    "/**",
    " * Text.",
    " * @example",
    " * f(1) // 1",
    " * @example",
    " * f(2) // 2",
    " * @see g",
    " */",
  ];
  const found = docstringExamples("x.ts", source.join("\n"));
  assert.deepEqual(
    found.map(({ line, text }) => [line, text.trim(), text.slice(0, text.search(/\S/)).split("\n").length]),
    [
      [4, "f(1) // 1", 5],
      [6, "f(2) // 2", 7],
    ],
  );
});

test("blocks of a page share nothing unless one continues", async () => {
  const page = [
    "```ts",
    "const a = 1;",
    "```",
    "text",
    "```ts continue",
    "a // 1",
    "```",
    "```ts",
    "a // 1",
    "```",
  ];
  const [, second, third] = markdownExamples("x.md", [...page, "```bash", "a", "```"].join("\n"));
  assert.equal(await runExample(second!, {}), 1);
  await assert.rejects(runExample(third!, {}), { message: /^x\.md:9: expected 1, but threw ReferenceError/ });
});
