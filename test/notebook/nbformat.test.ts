/** @file Reading and writing notebooks. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type CellEvent,
  NotebookFormatError,
  type Output,
  OutputCollector,
  parseNotebook,
  stringifyNotebook,
} from "nabla/notebook";
import { schemaErrors } from "./validate.js";

const full = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "nabla", display_name: "N" }, other: { deep: [1] } },
  cells: [
    {
      cell_type: "markdown",
      id: "a-1",
      metadata: { tags: ["x"] },
      source: ["# T\n", "text"],
      attachments: { "i.png": { "image/png": "AAAA" } },
    },
    { cell_type: "raw", id: "b", metadata: {}, source: [] },
    {
      cell_type: "code",
      id: "c",
      metadata: {},
      execution_count: 3,
      source: ["a\n", "b\n"],
      outputs: [
        { output_type: "stream", name: "stdout", text: ["1\n", "2"] },
        {
          output_type: "display_data",
          data: { "text/plain": ["x\n", "y"], "application/json": { a: ["b"] } },
          metadata: { m: 1 },
        },
        {
          output_type: "execute_result",
          execution_count: 3,
          data: { "application/vnd.plotly.v1+json": { data: [] } },
          metadata: {},
        },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["t1", "t2"] },
      ],
    },
  ],
};

test("a notebook survives reading and writing, and is valid", () => {
  const text = JSON.stringify(full);
  assert.deepEqual(schemaErrors(full), []);
  const written = JSON.parse(stringifyNotebook(parseNotebook(text)));
  assert.deepEqual(written, full);
  assert.deepEqual(schemaErrors(written), []);
});

test("the schema refuses what is wrong", () => {
  const { id: _, ...withoutId } = full.cells[1]!;
  assert.notDeepEqual(schemaErrors({ ...full, cells: [withoutId] }), []);
});

test("text may be one string or a list of lines", () => {
  const one = parseNotebook(JSON.stringify({ ...full, cells: [{ ...full.cells[1], source: "a\nb" }] }));
  const lines = parseNotebook(
    JSON.stringify({ ...full, cells: [{ ...full.cells[1], source: ["a\n", "b"] }] }),
  );
  assert.deepEqual(one, lines);
  assert.deepEqual(JSON.parse(stringifyNotebook(one)).cells[0].source, ["a\n", "b"]);
});

test("notebooks of 4.0 to 4.4 get what they lack, and doubled ids are told apart", () => {
  const old = {
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [
      { cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: null },
      { cell_type: "markdown", metadata: {}, source: "x", id: "same" },
      { cell_type: "markdown", metadata: {}, source: "y", id: "same" },
      { cell_type: "markdown", source: "z", id: "not an id!" },
    ],
  };
  const written = JSON.parse(stringifyNotebook(parseNotebook(JSON.stringify(old))));
  assert.equal(written.nbformat_minor, 5);
  assert.deepEqual(schemaErrors(written), []);
  assert.equal(new Set(written.cells.map((cell: { id: string }) => cell.id)).size, 4);
  assert.equal(written.cells[1].id, "same");
});

const cell = full.cells[2]!;
const withCell = (changes: object): string => JSON.stringify({ ...full, cells: [{ ...cell, ...changes }] });
const hostile: readonly (readonly [string, string, RegExp])[] = [
  ["nothing", "", /empty/],
  ["cut short", JSON.stringify(full).slice(0, 200), /cut short/],
  ["not JSON", "<html>", /not a notebook/],
  ["a list", "[]", /notebook: expected an object, found an array/],
  ["null", "null", /expected an object, found null/],
  ["another version", '{"nbformat": 3, "worksheets": []}', /expected format version 4, found 3/],
  [
    "no cells",
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    /cells: expected an array, found nothing/,
  ],
  [
    "cells of the wrong kind",
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
    /cells\[0\]: expected an object, found a number/,
  ],
  [
    "an unknown cell type",
    withCell({ cell_type: "sql" }),
    /cells\[0\]\.cell_type: expected code, markdown or raw/,
  ],
  [
    "a source that is no text",
    withCell({ source: [1] }),
    /cells\[0\]\.source\[0\]: expected text, found a number/,
  ],
  [
    "a wrong count",
    withCell({ execution_count: "3" }),
    /execution_count: expected a count or null, found a string/,
  ],
  ["an unknown output", withCell({ outputs: [{ output_type: "x" }] }), /outputs\[0\]\.output_type/],
  [
    "an unknown stream",
    withCell({ outputs: [{ output_type: "stream", name: "in", text: "" }] }),
    /stdout or stderr/,
  ],
  [
    "an output without data",
    withCell({ outputs: [{ output_type: "display_data", metadata: {} }] }),
    /data: expected an object, found nothing/,
  ],
  ["nested too deep", `${"[".repeat(200_000)}`, /not a notebook, or cut short/],
];

for (const [name, text, message] of hostile) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => parseNotebook(text),
      (error) => error instanceof NotebookFormatError && message.test(error.message),
    );
  });
}

test("keys such as __proto__ are data, not commands", () => {
  const text = '{"nbformat":4,"nbformat_minor":5,"metadata":{"__proto__":{"polluted":1}},"cells":[]}';
  parseNotebook(text);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

const collected = (...events: CellEvent[]): Output[] => {
  const outputs: Output[] = [];
  const collector = new OutputCollector(outputs, new Map());
  for (const event of events) collector.add(event);
  return outputs;
};
const out = (text: string): CellEvent => ({ type: "stream", name: "stdout", text });

/** Pieces of text, and what a terminal shows after them. */
const terminal: readonly (readonly [readonly string[], string])[] = [
  [["a\n", "b", "c\n"], "a\nbc\n"],
  [["Epoch 1", "\rEpoch 2", "\rEpoch 3\n", "done"], "Epoch 3\ndone"],
  [["12345\rab"], "ab345"],
  [["one\r\ntwo\r\n"], "one\ntwo\n"],
  [["half\r"], "half"],
  [["half\r", "\n"], "half\n"],
  [["50%\r", "100%"], "100%"],
  [["abc\b\bX"], "aXc"],
  [["line 1\nline 2\rLINE"], "line 1\nLINE 2"],
  [["\b\b\rx"], "x"],
];

for (const [pieces, expected] of terminal) {
  test(`text as a terminal leaves it: ${JSON.stringify(pieces)}`, () => {
    assert.deepEqual(collected(...pieces.map(out)), [
      { output_type: "stream", name: "stdout", text: expected },
    ]);
  });
}

test("streams stay apart, and in order with displays", () => {
  const err: CellEvent = { type: "stream", name: "stderr", text: "e" };
  const display: CellEvent = { type: "display", data: { "text/plain": "d" }, update: false };
  const kinds = collected(out("1"), out("2"), err, out("3"), display, out("4")).map((output) =>
    output.output_type === "stream" ? `${output.name}:${output.text}` : output.output_type,
  );
  assert.deepEqual(kinds, ["stdout:12", "stderr:e", "stdout:3", "display_data", "stdout:4"]);
});

test("an update changes every display with its id, in earlier cells too, and adds none", () => {
  const displays = new Map();
  const [first, second]: [Output[], Output[]] = [[], []];
  const show = (text: string, update: boolean): CellEvent => ({
    type: "display",
    data: { "text/plain": text },
    displayId: "x",
    update,
  });
  const earlier = new OutputCollector(first, displays);
  earlier.add(show("0%", false));
  earlier.add(show("0%", false));
  const later = new OutputCollector(second, displays);
  later.add(show("100%", true));
  assert.deepEqual(
    first.map((output) => "data" in output && output.data["text/plain"]),
    ["100%", "100%"],
  );
  assert.deepEqual(second, []);
});

test("many small writes take no quadratic time", () => {
  const start = performance.now();
  const outputs: Output[] = [];
  const collector = new OutputCollector(outputs, new Map());
  for (let index = 0; index < 200_000; index++) collector.add(out(`line ${index}\n`));
  const [output] = outputs;
  assert.ok(output?.output_type === "stream" && output.text.endsWith("line 199999\n"));
  assert.ok(performance.now() - start < 5000);
});
