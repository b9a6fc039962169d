/**
 * @file Walks over arrays, and how one nest of loops is written in terms of another: the algebra behind fusing views.
 */

/** Where a walk over an array begins, and how far it moves per step of each loop. Access is one with a dtype. */
export interface Walk {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** How one part of a refined loop moves another nest: which of its loops (−1: none), and how far per step. */
interface Move {
  readonly loop: number;
  readonly step: number;
}

/**
 * How the positions of another nest of loops follow from the positions of this one, whose loops must first be split:
 * index of the other's loop l = begin[l] + Σ step · index, over the parts that move l.
 */
export interface Route {
  /** For each loop the sizes it splits into, outermost first. */
  readonly parts: readonly (readonly number[])[];
  readonly begin: readonly number[];
  /** One per part, in the order of the split loops. */
  readonly moves: readonly Move[];
}

/** A loop of a walk that visits every element once: the elements' numbers written with mixed radices. */
interface Digit {
  readonly loop: number;
  readonly size: number;
  readonly stride: number;
}

/** The loops of a walk as digits, innermost first; null unless it visits every one of `count` elements exactly once. */
function digitsOf({ offset, strides }: Walk, sizes: readonly number[], count: number): Digit[] | null {
  if (offset !== 0) return null;
  const digits: Digit[] = [];
  for (let loop = 0; loop < sizes.length; loop++)
    if (sizes[loop] !== 1) digits.push({ loop, size: sizes[loop]!, stride: strides[loop]! });
  digits.sort((p, q) => p.stride - q.stride);
  let next = 1;
  for (const { size, stride } of digits) {
    if (stride !== next) return null;
    next *= size;
  }
  return next === count ? digits : null;
}

/** Whether a walk visits every one of `count` elements exactly once. */
export const isWhole = (walk: Walk, sizes: readonly number[], count: number): boolean =>
  digitsOf(walk, sizes, count) !== null;

/**
 * The route from the loops of one walk over an array to the loops of another that visits each of its `count` elements
 * once: so that both stand on the same element.
 *
 * @param walk     the walk to follow, over loops of `sizes`
 * @param through  the walk that visits every element once, over loops of `throughSizes`
 * @returns        null where no such affine map exists
 */
export function routeThrough(
  walk: Walk,
  sizes: readonly number[],
  through: Walk,
  throughSizes: readonly number[],
  count: number,
): Route | null {
  const digits = digitsOf(through, throughSizes, count);
  if (digits === null) return null;
  const begin = new Array<number>(throughSizes.length).fill(0);
  for (const { loop, size, stride } of digits) begin[loop] = Math.floor(walk.offset / stride) % size;
  const parts: number[][] = [];
  const moves: Move[] = [];
  for (let i = 0; i < sizes.length; i++) {
    const split = splitLoop(sizes[i]!, walk.strides[i]!, digits);
    if (split === null) return null;
    parts.push(split.map((part) => part.size));
    moves.push(...split);
  }
  return staysInside(parts.flat(), begin, moves, digits) ? { parts, begin, moves } : null;
}

/** One loop as parts that move one digit each, outermost first; null where a step would carry into the next digit. */
function splitLoop(
  size: number,
  stride: number,
  digits: readonly Digit[],
): (Move & { readonly size: number })[] | null {
  if (size === 1 || stride === 0) return [{ size, loop: -1, step: 0 }];
  const sign = Math.sign(stride);
  const parts: (Move & { size: number })[] = [];
  let rest = size;
  for (let length = Math.abs(stride); rest > 1; ) {
    const digit = digits.find((d) => length >= d.stride && length < d.stride * d.size);
    if (digit === undefined || length % digit.stride !== 0) return null;
    const step = length / digit.stride;
    const fits = (rest - 1) * step < digit.size;
    const taken = fits ? rest : digit.size / step;
    if (!Number.isInteger(taken) || rest % taken !== 0) return null;
    parts.unshift({ size: taken, loop: digit.loop, step: sign * step });
    rest /= taken;
    length *= taken;
  }
  return parts;
}

/** Whether no digit leaves its range, wherever the parts stand: then there are no carries, and the route is right. */
function staysInside(
  sizes: readonly number[],
  begin: readonly number[],
  moves: readonly Move[],
  digits: readonly Digit[],
): boolean {
  const low = [...begin];
  const high = [...begin];
  moves.forEach(({ loop, step }, i) => {
    if (loop < 0) return;
    const reach = (sizes[i]! - 1) * step;
    if (reach < 0) low[loop]! += reach;
    else high[loop]! += reach;
  });
  return digits.every(({ loop, size }) => low[loop]! >= 0 && high[loop]! < size);
}

/** A walk over the other nest of a route, as a walk over this one's split loops. */
export function follow({ begin, moves }: Route, { offset, strides }: Walk): Walk {
  return {
    offset: begin.reduce((sum, index, loop) => sum + index * strides[loop]!, offset),
    strides: moves.map(({ loop, step }) => (loop < 0 ? 0 : step * strides[loop]!)),
  };
}

/** The strides of a walk after its loops have been split. */
export function splitStrides(strides: readonly number[], parts: Route["parts"]): number[] {
  return parts.flatMap((sizes, loop) => {
    let stride = strides[loop]!;
    const split = new Array<number>(sizes.length);
    for (let i = sizes.length - 1; i >= 0; i--) {
      split[i] = stride;
      stride *= sizes[i]!;
    }
    return split;
  });
}

/** Whether two walks over the same loops are one. */
export const sameWalk = (a: Walk, b: Walk): boolean =>
  a.offset === b.offset && a.strides.every((stride, i) => stride === b.strides[i]);
