/**
 * @file Sums of products written with index letters.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { contraction } from "../core/kinds.js";
import type { ContractionLoop } from "../core/op.js";
import { checkShape, stridesOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { sameSize } from "../ir/openSize.js";
import { multiply } from "./arithmetic.js";
import { eye } from "./creation.js";
import { reduceSum } from "./reductions.js";
import { reshape, squeeze, transpose } from "./views.js";

/** One label per axis: a letter, or a name for an axis that the ellipsis stands for. */
type Labels = readonly string[];

/** A tensor whose axes have labels. */
interface Term {
  readonly x: Tensor;
  readonly labels: Labels;
}

interface EinsumAttrs {
  readonly a: Labels;
  readonly b: Labels;
  readonly out: Labels;
}

/**
 * A sum of products of tensors, by index letters: "ij,jk->ik" is the matrix product.
 *
 * Letters that do not come after the arrow are summed over. Without an arrow, letters that occur once come out in
 * alphabetical order. "..." stands for axes without letters, which broadcast.
 *
 * @param equation  letters of each operand, separated by commas, then `->` and the letters of the result
 * @param operands  any number, one tensor per group of letters
 * @throws {ValueError} the equation cannot be read or does not fit the operands
 * @throws {ShapeError} a letter stands for two sizes
 * Gradient: einsum of dy with the other operands.
 * Accuracy: as that of matmul; several operands are taken from left to right.
 * @example einsum("ij,j->i", [[1, 2], [3, 4]], [5, 6]).array() // [ 17, 39 ]
 * @example einsum("ii", [[1, 2], [3, 4]]).array() // 5
 */
export function einsum(equation: string, ...operands: TensorLike[]): Tensor {
  const dtype = operands.find((x): x is Operand => x instanceof Operand)?.dtype;
  const tensors = operands.map((x) => toTensor(x, dtype, "einsum"));
  const { inputs, output } = parse(equation, tensors);
  let result: Term | null = null;
  tensors.forEach((x, i) => {
    const later = new Set([...output, ...inputs.slice(i + 1).flat()]);
    const others = new Set([...later, ...(result?.labels ?? [])]);
    const term = withoutRepeats({ x, labels: inputs[i]! });
    const needed = summedTo(
      term,
      term.labels.filter((label) => others.has(label)),
    );
    result = result === null ? needed : product(result, needed, later);
  });
  return arranged(result!, output);
}

/** Reads the equation and gives the axes of the ellipsis names of their own, counted from the right. */
function parse(equation: string, tensors: readonly Tensor[]): { inputs: Labels[]; output: Labels } {
  const [left, right, ...more] = equation.replaceAll(/\s/g, "").split("->");
  const groups = left!.split(",");
  if (more.length > 0 || groups.length !== tensors.length || tensors.length === 0) {
    throw new ValueError(`einsum: "${equation}" does not describe ${tensors.length} operands`);
  }
  const inputs = groups.map((group, i) => labelsOf(group, tensors[i]!.rank, equation));
  const widest = Math.max(0, ...inputs.map((labels) => labels.filter((label) => label.length > 1).length));
  const all = inputs.flat();
  const ellipsis = Array.from({ length: widest }, (_, i) => `axis-${widest - i}`);
  const once = [...new Set(all)].filter(
    (label) => label.length === 1 && all.indexOf(label) === all.lastIndexOf(label),
  );
  const output =
    right === undefined ? [...ellipsis, ...once.sort()] : outputLabels(right, ellipsis, equation);
  const unknown = output.find((label, i) => !all.includes(label) || output.indexOf(label) !== i);
  if (unknown !== undefined) {
    throw new ValueError(
      `einsum: "${unknown}" in the result of "${equation}" must occur once there, and in an operand`,
    );
  }
  return { inputs, output };
}

function labelsOf(group: string, rank: number, equation: string): Labels {
  const [before, after, ...more] = group.split("...");
  const letters = (before ?? "") + (after ?? "");
  const open = rank - letters.length;
  if (more.length > 0 || !/^[A-Za-z]*$/.test(letters) || (after === undefined ? open !== 0 : open < 0)) {
    throw new ValueError(`einsum: "${group}" in "${equation}" does not describe a tensor of rank ${rank}`);
  }
  return [...before!, ...Array.from({ length: open }, (_, i) => `axis-${open - i}`), ...(after ?? "")];
}

function outputLabels(right: string, ellipsis: Labels, equation: string): Labels {
  const [before, after, ...more] = right.split("...");
  if (more.length > 0 || !/^[A-Za-z]*$/.test(before! + (after ?? ""))) {
    throw new ValueError(`einsum: "${right}" in "${equation}" is not a list of letters`);
  }
  return after === undefined ? [...before!] : [...before!, ...ellipsis, ...after];
}

/** A letter that occurs twice in one operand means its diagonal: all else is masked out and summed away. */
function withoutRepeats({ x, labels }: Term): Term {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second === -1) return { x, labels };
  const first = labels.indexOf(labels[second]!);
  const size = x.shape[first]!;
  if (!sameSize(size, x.shape[second]!)) throw sizesDiffer(labels[first]!, size, x.shape[second]!);
  const shape = x.shape.map((n, i) => (i === first || i === second ? n : 1));
  const diagonal = reshape(eye(size, size, { dtype: x.dtype }), shape);
  return withoutRepeats({
    x: reduceSum(multiply(x, diagonal), second),
    labels: labels.filter((_, i) => i !== second),
  });
}

/** Sums over the axes whose labels are not wanted. */
function summedTo({ x, labels }: Term, wanted: Labels): Term {
  const axes = labels.flatMap((label, i) => (wanted.includes(label) ? [] : [i]));
  return axes.length === 0
    ? { x, labels }
    : { x: reduceSum(x, axes), labels: labels.filter((label) => wanted.includes(label)) };
}

/** Product of two terms; labels that nobody wants later are summed over. */
function product(a: Term, b: Term, later: ReadonlySet<string>): Term {
  const [p, q] = [withoutBroadcast(a, b), withoutBroadcast(b, a)];
  const both = [...p.labels, ...q.labels.filter((label) => !p.labels.includes(label))];
  const out = both.filter((label) => later.has(label));
  return { x: pairProduct(p.x, q.x, { a: p.labels, b: q.labels, out }), labels: out };
}

/** Drops axes of size 1 that the other term has at full size. */
function withoutBroadcast(term: Term, other: Term): Term {
  const axes = term.labels.flatMap((label, i) => {
    const n = term.x.shape[i]!;
    const m = other.x.shape[other.labels.indexOf(label)] ?? n;
    if (m === 1 || sameSize(n, m)) return [];
    if (n !== 1 || label.length === 1) throw sizesDiffer(label, n, m);
    return [i];
  });
  return axes.length === 0
    ? term
    : { x: squeeze(term.x, axes), labels: term.labels.filter((_, i) => !axes.includes(i)) };
}

const sizesDiffer = (label: string, n: number, m: number): ShapeError =>
  new ShapeError(`einsum: ${label} stands for sizes ${n} and ${m}`);

/** The axes in the order of the result. */
const arranged = ({ x, labels }: Term, output: Labels): Tensor =>
  output.every((label, i) => label === labels[i])
    ? x
    : transpose(
        x,
        output.map((label) => labels.indexOf(label)),
      );

/** The size of every label. */
function sizesOf([x, y]: readonly Spec[], { a, b }: EinsumAttrs): Map<string, number> {
  const sizes = new Map(a.map((label, i) => [label, x!.shape[i]!]));
  b.forEach((label, i) => {
    const n = y!.shape[i]!;
    if (!sameSize(sizes.get(label) ?? n, n)) throw sizesDiffer(label, sizes.get(label)!, n);
    sizes.set(label, n);
  });
  return sizes;
}

function einsumLoops(specs: readonly Spec[], attrs: EinsumAttrs): ContractionLoop[] {
  const sizes = sizesOf(specs, attrs);
  const steps = (labels: Labels): ((label: string) => number) => {
    const strides = stridesOf(labels.map((label) => sizes.get(label)!));
    return (label) => strides[labels.indexOf(label)] ?? 0;
  };
  const [a, b, out] = [steps(attrs.a), steps(attrs.b), steps(attrs.out)];
  const summed = attrs.a.filter((label) => !attrs.out.includes(label));
  return [...attrs.out, ...summed].map((label) => {
    const inA = attrs.a.includes(label);
    const inB = attrs.b.includes(label);
    const role = !attrs.out.includes(label) ? "k" : inA && inB ? "batch" : inA ? "m" : "n";
    return { role, size: sizes.get(label)!, a: a(label), b: b(label), out: out(label) };
  });
}

/** One product of two tensors with distinct labels each; a label of one alone is in the result. */
const pairProduct = (x: Tensor, y: Tensor, attrs: EinsumAttrs): Tensor => apply(einsumOp, [x, y], attrs);
export const einsumOp = contraction({
  name: "Einsum",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  infer: (specs, attrs: EinsumAttrs) => {
    const sizes = sizesOf(specs, attrs);
    return specOf(
      checkShape(
        attrs.out.map((label) => sizes.get(label)!),
        "einsum",
      ),
      specs[0]!.dtype,
    );
  },
  loops: einsumLoops,
  grad: (dy, { x, y }, { attrs: { a, b, out } }) => ({
    x: () => pairProduct(dy, y, { a: out, b, out: a }),
    y: () => pairProduct(dy, x, { a: out, b: a, out: b }),
  }),
});
