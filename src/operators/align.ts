/**
 * @file Where the words of code without types stand in the source: stripping keeps lines, so each line is compared
 * with its source by their longest common subsequence of words.
 */
import type { SourceMapSegment } from "@jridgewell/sourcemap-codec";
import { PositionMap } from "./positions.js";

interface Word {
  readonly text: string;
  readonly column: number;
}

/** Beyond this many pairs of words a line is only compared from its two ends. */
const largestTable = 1_000_000;

/** The words and signs of a line; spaces are none. */
export function wordsOf(line: string): Word[] {
  return Array.from(line.matchAll(/[\w$]+|[^\w$\s]/g), (match) => ({ text: match[0], column: match.index }));
}

/** The positions of stripped code in its source. */
export function alignLines(code: string, source: string): PositionMap {
  const sourceLines = source.split("\n");
  const mappings = code.split("\n").map((line, index) => alignLine(line, sourceLines[index] ?? "", index));
  return new PositionMap(mappings);
}

function alignLine(line: string, source: string, index: number): SourceMapSegment[] {
  const words = wordsOf(line);
  const segment = (word: Word, column: number): SourceMapSegment => [word.column, 0, index, column];
  if (line === source) return words.map((word) => segment(word, word.column));
  const sourceWords = wordsOf(source);
  let start = 0;
  while (start < words.length && words[start]!.text === sourceWords[start]?.text) start++;
  let end = 0;
  const most = Math.min(words.length, sourceWords.length) - start;
  while (end < most && words.at(-1 - end)!.text === sourceWords.at(-1 - end)!.text) end++;
  const middle = commonPairs(
    words.slice(start, words.length - end),
    sourceWords.slice(start, sourceWords.length - end),
  );
  return [
    ...words.slice(0, start).map((word, at) => segment(word, sourceWords[at]!.column)),
    ...middle.map(([word, from]) => segment(word, from.column)),
    ...words.slice(words.length - end).map((word, at) => segment(word, sourceWords.at(at - end)!.column)),
  ];
}

/** The words of a longest common subsequence, in pairs. */
function commonPairs(left: readonly Word[], right: readonly Word[]): [Word, Word][] {
  if (left.length * right.length > largestTable) return [];
  const width = right.length + 1;
  const lengths = new Int32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        left[i]!.text === right[j]!.text
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: [Word, Word][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i]!.text === right[j]!.text) pairs.push([left[i++]!, right[j++]!]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
