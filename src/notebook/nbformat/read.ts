/** @file Reading notebooks. What comes from outside is checked piece by piece. */
import type { MimeBundle } from "../bundle.js";
import { isJsonType } from "./mime.js";
import type { Attachments, Notebook, NotebookCell, Output } from "./types.js";

/** A notebook that cannot be read: what is wrong, and where in the file. */
export class NotebookFormatError extends Error {
  override readonly name = "NotebookFormatError";
}

/** The largest notebook that is read, in characters: more is a mistake or an attack. */
const largest = 256 * 2 ** 20;

type JsonObject = Record<string, unknown>;

function fail(where: string, expected: string, value: unknown): never {
  const came =
    value === null
      ? "null"
      : Array.isArray(value)
        ? "an array"
        : value === undefined
          ? "nothing"
          : `a ${typeof value}`;
  throw new NotebookFormatError(`${where}: expected ${expected}, found ${came}`);
}

function objectAt(value: unknown, where: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(where, "an object", value);
  return value as JsonObject;
}

function arrayAt(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) fail(where, "an array", value);
  return value;
}

/** Text, which a file may hold as a list of lines. */
function textAt(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) fail(where, "text or a list of lines", value);
  return value
    .map((line, index) => (typeof line === "string" ? line : fail(`${where}[${index}]`, "text", line)))
    .join("");
}

function stringAt(value: unknown, where: string): string {
  return typeof value === "string" ? value : fail(where, "text", value);
}

function countAt(value: unknown, where: string): number | null {
  if (value === null || value === undefined) return null;
  return Number.isInteger(value) && (value as number) >= 0
    ? (value as number)
    : fail(where, "a count or null", value);
}

/**
 * Reads a notebook of format 4: multi-line text is joined, and what 4.0 to 4.4 lack, such as cell ids, is added.
 * Throws NotebookFormatError for text that is not a notebook.
 *
 * @example parseNotebook('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}').cells // []
 */
export function parseNotebook(text: string): Notebook {
  if (text.length > largest)
    throw new NotebookFormatError(`the notebook has more than ${largest} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const ending = text.trim() === "" ? "the file is empty" : (error as Error).message;
    throw new NotebookFormatError(`not a notebook, or cut short: ${ending}`, { cause: error });
  }
  return readNotebook(json);
}

/** Reads a notebook from parsed JSON. */
export function readNotebook(json: unknown): Notebook {
  const root = objectAt(json, "notebook");
  if (root["nbformat"] !== 4) {
    const version = typeof root["nbformat"] === "number" ? `${root["nbformat"]}` : "none";
    throw new NotebookFormatError(`notebook: expected format version 4, found ${version}`);
  }
  const minor = root["nbformat_minor"];
  if (!Number.isInteger(minor) || (minor as number) < 0) fail("nbformat_minor", "a whole number", minor);
  const ids = new Set<string>();
  const cells = arrayAt(root["cells"], "cells").map((cell, index) => readCell(cell, `cells[${index}]`, ids));
  return {
    nbformat: 4,
    nbformat_minor: Math.max(5, minor as number),
    metadata: objectAt(root["metadata"] ?? {}, "metadata"),
    cells,
  };
}

function readCell(value: unknown, where: string, ids: Set<string>): NotebookCell {
  const cell = objectAt(value, where);
  const type = cell["cell_type"];
  const base = {
    id: readId(cell["id"], ids),
    metadata: objectAt(cell["metadata"] ?? {}, `${where}.metadata`),
    source: textAt(cell["source"], `${where}.source`),
  };
  if (type === "code") {
    const outputs = arrayAt(cell["outputs"] ?? [], `${where}.outputs`);
    return {
      cell_type: type,
      ...base,
      execution_count: countAt(cell["execution_count"], `${where}.execution_count`),
      outputs: outputs.map((output, index) => readOutput(output, `${where}.outputs[${index}]`)),
    };
  }
  if (type !== "markdown" && type !== "raw") fail(`${where}.cell_type`, "code, markdown or raw", type);
  const attachments = cell["attachments"];
  if (attachments === undefined) return { cell_type: type, ...base };
  return { cell_type: type, ...base, attachments: readAttachments(attachments, `${where}.attachments`) };
}

/** A cell's id, or a new one where it is missing, malformed or taken. */
function readId(value: unknown, ids: Set<string>): string {
  const usable = typeof value === "string" && /^[a-zA-Z0-9-_]{1,64}$/.test(value) && !ids.has(value);
  const id = usable ? value : newCellId();
  ids.add(id);
  return id;
}

/** A new cell id. */
export function newCellId(): string {
  return crypto.randomUUID().slice(0, 8);
}

function readAttachments(value: unknown, where: string): Attachments {
  return Object.fromEntries(
    Object.entries(objectAt(value, where)).map(([name, bundle]) => [
      name,
      readBundle(bundle, `${where}.${name}`),
    ]),
  );
}

function readBundle(value: unknown, where: string): MimeBundle {
  return Object.fromEntries(
    Object.entries(objectAt(value, where)).map(([type, content]) => [
      type,
      isJsonType(type) ? content : textAt(content, `${where}.${type}`),
    ]),
  );
}

function readOutput(value: unknown, where: string): Output {
  const output = objectAt(value, where);
  const metadata = objectAt(output["metadata"] ?? {}, `${where}.metadata`);
  const type = output["output_type"];
  switch (type) {
    case "stream": {
      const name = output["name"];
      if (name !== "stdout" && name !== "stderr") fail(`${where}.name`, "stdout or stderr", name);
      return { output_type: type, name, text: textAt(output["text"], `${where}.text`) };
    }
    case "display_data":
      return { output_type: type, data: readBundle(output["data"], `${where}.data`), metadata };
    case "execute_result":
      return {
        output_type: type,
        execution_count: countAt(output["execution_count"], `${where}.execution_count`),
        data: readBundle(output["data"], `${where}.data`),
        metadata,
      };
    case "error":
      return {
        output_type: type,
        ename: stringAt(output["ename"], `${where}.ename`),
        evalue: stringAt(output["evalue"], `${where}.evalue`),
        traceback: arrayAt(output["traceback"], `${where}.traceback`).map((line, index) =>
          stringAt(line, `${where}.traceback[${index}]`),
        ),
      };
    default:
      return fail(`${where}.output_type`, "stream, display_data, execute_result or error", type);
  }
}
