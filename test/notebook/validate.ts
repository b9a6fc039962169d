/** @file Validation against Jupyter's own schema of notebooks (nbformat.v4.5.schema.json, licence in nbformat.LICENSE.txt). */
import { readFileSync } from "node:fs";
import ajvDraft4 from "ajv-draft-04";

const Ajv = ajvDraft4 as unknown as typeof ajvDraft4.default;
const schema = JSON.parse(readFileSync(new URL("./nbformat.v4.5.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What is wrong with a notebook; empty if it is valid. */
export function schemaErrors(notebook: unknown): string[] {
  validate(notebook);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
