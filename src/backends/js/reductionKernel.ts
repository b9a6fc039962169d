/**
 * @file Kernels of reductions in JavaScript. Elements are combined in one fixed tree — eight interleaved lanes per block,
 * blocks in pairs — so a result depends neither on the backend nor on how the work is cut.
 */
import { compileText } from "../../core/compileText.js";
import type { TypedArray } from "../../core/dtype.js";
import type { TypedLane } from "../../ir/typedLane.js";
import { type LaneWords, laneClosure, laneText } from "./renderLane.js";

/** Elements of a block; blocks are combined in pairs. */
export const BLOCK = 256;
/** Interleaved lanes of a block; shorter runs than twice this are combined in sequence. */
export const LANES = 8;

/** Reduces `count` elements of `x` from `base` on, `stride` apart. */
export type ReductionKernel = (x: TypedArray, base: number, count: number, stride: number) => number;

/** Something of each state, by its name. */
export type States<L> = Readonly<Record<string, L>>;

/** A reduction whose lanes know their dtypes. */
export interface TypedReduction {
  readonly names: readonly string[];
  readonly identity: States<TypedLane> | null;
  readonly element: States<TypedLane>;
  readonly combine: States<TypedLane>;
  readonly finish: TypedLane;
}

/** The kernel of a reduction. */
export const reductionKernel = (typed: TypedReduction): ReductionKernel =>
  kernelText(typed) ?? kernelClosure(typed);

/** What is done to a state as text: a state is a prefix of local variables, one for each of its lanes. */
function stateText(typed: TypedReduction, helpers: LaneWords["helpers"]) {
  const { names } = typed;
  // The one number that is no input, the count, is a local variable.
  const text = (node: TypedLane, input: LaneWords["input"] = (name) => name): string =>
    laneText(node, { input, attr: (name) => name, helpers });
  const element = (target: string, index: string): string =>
    `{ const x = data[base + (${index}) * stride], index = ${index}; ` +
    names.map((n) => `${target}${n} = ${text(typed.element[n]!)};`).join(" ") +
    " }";
  const combine = (target: string, a: string, b: string): string => {
    const value = (n: string): string =>
      text(typed.combine[n]!, (input) => (input.startsWith("a_") ? a : b) + input.slice(2));
    const temporaries = names.map((n, i) => `const t${i} = ${value(n)};`).join(" ");
    return `{ ${temporaries} ${names.map((n, i) => `${target}${n} = t${i};`).join(" ")} }`;
  };
  const declare = (prefix: string): string => `let ${names.map((n) => `${prefix}${n} = 0`).join(", ")};`;
  return { text, element, combine, declare };
}

/** The kernel as text: local variables for the lanes, one function per block. */
function kernelText(typed: TypedReduction): ReductionKernel | null {
  const { names } = typed;
  const helpers: LaneWords["helpers"] = new Map();
  const { text, element, combine, declare } = stateText(typed, helpers);
  const lanes = Array.from({ length: LANES }, (_, j) => `l${j}_`);
  const step = (j: number, index: string): string =>
    `${element("e_", index)} ${combine(lanes[j]!, lanes[j]!, "e_")}`;
  const tree = [1, 2, 4].flatMap((gap) =>
    Array.from({ length: LANES / gap / 2 }, (_, i) =>
      combine(lanes[i * gap * 2]!, lanes[i * gap * 2]!, lanes[i * gap * 2 + gap]!),
    ),
  );
  const addStacked = `${names.map((n, k) => `const p_${n} = stack[${k}][depth];`).join(" ")} ${combine("r_", "p_", "r_")}`;
  const body = `
    ${declare("r_")}
    const stack = ${JSON.stringify(names.map(() => []))};
    const block = (data, base, start, end, stride) => {
      ${declare("e_")}
      if (end - start < ${2 * LANES}) {
        ${declare("s_")}
        ${element("s_", "start")}
        for (let i = start + 1; i < end; i++) { ${element("e_", "i")} ${combine("s_", "s_", "e_")} }
        ${names.map((n) => `r_${n} = s_${n};`).join(" ")}
        return;
      }
      ${lanes.map(declare).join(" ")}
      ${lanes.map((l, j) => element(l, `start + ${j}`)).join("\n")}
      let i = start + ${LANES};
      for (; i + ${LANES} <= end; i += ${LANES}) { ${lanes.map((_, j) => step(j, `i + ${j}`)).join("\n")} }
      ${lanes.map((_, j) => `if (i + ${j} < end) { ${step(j, `i + ${j}`)} }`).join("\n")}
      ${tree.join("\n")}
      ${names.map((n) => `r_${n} = l0_${n};`).join(" ")}
    };
    return (data, base, count, stride) => {
      if (count === 0) { ${typed.identity === null ? "" : names.map((n) => `r_${n} = ${text(typed.identity![n]!)};`).join(" ")} }
      else if (count <= ${BLOCK}) block(data, base, 0, count, stride);
      else {
        let depth = 0;
        for (let start = 0, number = 0; start < count; start += ${BLOCK}, number++) {
          block(data, base, start, Math.min(start + ${BLOCK}, count), stride);
          for (let bits = number; bits & 1; bits >>= 1) { depth--; ${addStacked} }
          ${names.map((n, k) => `stack[${k}][depth] = r_${n};`).join(" ")}
          depth++;
        }
        depth--;
        ${names.map((n, k) => `r_${n} = stack[${k}][depth];`).join(" ")}
        while (depth-- > 0) { ${addStacked} }
      }
      ${names.map((n) => `const ${n} = r_${n};`).join(" ")}
      return ${text(typed.finish)};
    };`;
  const factory = compileText<(...args: unknown[]) => ReductionKernel>(
    ["fround", ...[...helpers.keys()].map((fn) => `h_${fn}`)],
    body,
  );
  return factory === null ? null : factory(Math.fround, ...helpers.values());
}

/**
 * The same tree over closures.
 *
 * @param count    how many elements, at least one
 * @param element  state of element i
 * @param combine  state of two states
 */
export function combineInTree<S>(count: number, element: (i: number) => S, combine: (a: S, b: S) => S): S {
  const block = (start: number, end: number): S => {
    const lanes: S[] = [];
    const width = end - start < 2 * LANES ? 1 : LANES;
    for (let i = start; i < end; i++) {
      const j = (i - start) % width;
      lanes[j] = i - start < width ? element(i) : combine(lanes[j]!, element(i));
    }
    for (let gap = 1; gap < width; gap *= 2) {
      for (let j = 0; j < width; j += 2 * gap) lanes[j] = combine(lanes[j]!, lanes[j + gap]!);
    }
    return lanes[0]!;
  };
  const stack: S[] = [];
  for (let start = 0, number = 0; start < count; start += BLOCK, number++) {
    let state = block(start, Math.min(start + BLOCK, count));
    for (let bits = number; bits & 1; bits >>= 1) state = combine(stack.pop() as S, state);
    stack.push(state);
  }
  let state = stack.pop() as S;
  while (stack.length > 0) state = combine(stack.pop() as S, state);
  return state;
}

function kernelClosure(typed: TypedReduction): ReductionKernel {
  const { names } = typed;
  const all = (lanes: States<TypedLane>) => names.map((n) => laneClosure(lanes[n]!));
  const [element, combine, finish] = [all(typed.element), all(typed.combine), laneClosure(typed.finish)];
  const identity = typed.identity === null ? null : all(typed.identity);
  const name = (prefix: string, state: readonly number[]) =>
    names.map((n, k) => [prefix + n, state[k]!] as const);
  return (data, base, count, stride) => {
    const attrs = { count };
    const state =
      count === 0
        ? identity!.map((f) => f({ inputs: {}, attrs }))
        : combineInTree<number[]>(
            count,
            (i) => element.map((f) => f({ inputs: { x: data[base + i * stride]!, index: i }, attrs })),
            (a, b) =>
              combine.map((f) =>
                f({ inputs: Object.fromEntries([...name("a_", a), ...name("b_", b)]), attrs }),
              ),
          );
    return finish({ inputs: Object.fromEntries(name("", state)), attrs });
  };
}
