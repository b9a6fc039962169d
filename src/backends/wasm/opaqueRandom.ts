/**
 * @file Random bits: Philox 4×32-10 for four counters at a time.
 *
 * @see Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011
 */
import type { OpNode } from "../../compile/program.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { storeFour, storeSome } from "./fours.js";
import { computed, lesser, routineOf, type WordReader } from "./opaqueRoutine.js";
import type { Rendered } from "./routine.js";
import { VectorWriter } from "./vectors.js";

const OUTPUTS = [0, 1, 2, 3] as const;
type RandomWord = "state" | "size" | "groups" | "unitGroups" | `output${0 | 1 | 2 | 3}`;

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;
/** Four blocks of four words. */
const GROUP_WORDS = 16;
/** Groups of a unit. */
const UNIT_GROUPS = 128;
/** Nanoseconds, about, for a group. */
const GROUP_COST = 130;

/** Each element takes the next `words` of the stream, one for each output. */
export function renderRandomBits({ outputs, attrs }: OpNode): Rendered | null {
  const { words } = attrs as { words: number };
  if (words !== 1 && words !== 2 && words !== 4) return null;
  const { size } = outputs[0]!;
  const groups = Math.ceil((size * words) / GROUP_WORDS);
  const output = (k: number) => ({ array: 1 + Math.min(k, words - 1) });
  const routine = routineOf<RandomWord>({
    key: `random bits, ${words} words`,
    words: {
      ...{ state: { array: 0 }, size, groups, unitGroups: UNIT_GROUPS },
      ...{ output0: output(0), output1: output(1), output2: output(2), output3: output(3) },
    },
    units: Math.ceil(groups / UNIT_GROUPS),
    cost: GROUP_COST * groups,
    write: (f, word, unit) => writeUnit(f, word, unit, words),
  });
  return { routines: [routine], temporaries: [] };
}

function writeUnit(f: FunctionBuilder, word: WordReader<RandomWord>, unit: Local, words: number): void {
  const v = new VectorWriter(f, "f32x4", false);
  const group = computed(f, () => f.get(unit).get(word("unitGroups")).op("i32.mul"));
  const next = computed(f, () => f.get(group).get(word("unitGroups")).op("i32.add"));
  const elements = GROUP_WORDS / words;
  f.countTo(group, lesser(f, next, word("groups")), 1, () => {
    const stream = philox(v, countersOf(v, word, group), (k, round) => keyOf(v, word, k, round));
    const place = computed(f, () => f.get(group).i32(elements).op("i32.mul"));
    const left = computed(f, () => f.get(word("size")).get(place).op("i32.sub"));
    inOrder(v, stream, words).forEach((vectors, k) => {
      const address = computed(f, () =>
        f
          .get(word(`output${OUTPUTS[k]!}`))
          .get(place)
          .i32(2)
          .op("i32.shl")
          .op("i32.add"),
      );
      storeAll(f, address, left, vectors);
    });
  });
}

/** Stores vectors one behind the other: of their elements the first `count`. */
function storeAll(f: FunctionBuilder, address: Local, count: Local, vectors: readonly Local[]): void {
  vectors.forEach((vector, i) => {
    const left = computed(f, () =>
      f
        .get(count)
        .i32(4 * i)
        .op("i32.sub"),
    );
    f.get(left).i32(4).op("i32.ge_s");
    f.if(
      () => storeFour(f, "int32", address, 16 * i, [vector]),
      () => {
        f.get(left).i32(0).op("i32.gt_s");
        f.if(() => storeSome(f, "int32", address, 16 * i, left, [vector]));
      },
    );
  });
}

/** One of the state's six words, four times. */
function stateWord({ f }: VectorWriter, word: WordReader<RandomWord>, i: number): Local {
  const state = word("state");
  return f.hoist(`state ${i}`, "v128", () => f.get(state).memory("v128.load32_splat", 4 * i));
}

/** The counters of a group's four blocks: the state's, advanced by the blocks' numbers, with carries. */
function countersOf(v: VectorWriter, word: WordReader<RandomWord>, group: Local): Local[] {
  const { f } = v;
  const number = f.local("v128");
  f.get(group).i32(2).op("i32.shl").op("i32x4.splat").i32x4(0, 1, 2, 3).op("i32x4.add").set(number);
  const zero = v.bits(0n);
  const least = stateWord(v, word, 0);
  const counters = [v.op("i32x4.add", least, number)];
  let carry = v.op("i32x4.lt_u", counters[0]!, least);
  for (let i = 1; i < 4; i++) {
    const counter = v.op("i32x4.sub", stateWord(v, word, i), carry);
    counters.push(counter);
    carry = v.and(carry, v.op("i32x4.eq", counter, zero));
  }
  return counters;
}

/** Half `k` of the key in a round. */
function keyOf(v: VectorWriter, word: WordReader<RandomWord>, k: 0 | 1, round: number): Local {
  const { f } = v;
  const first = stateWord(v, word, 4 + k);
  return f.hoist(`key ${k} ${round}`, "v128", () =>
    f.get(first).i32x4(Math.imul(KEY_STEPS[k], round)).op("i32x4.add"),
  );
}

const LOW_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const HIGH_WORDS = LOW_WORDS.map((byte) => byte + 4);

/** The lower and the upper halves of the products with a constant. */
function product(v: VectorWriter, x: Local, factor: number): [low: Local, high: Local] {
  const constant = v.bits(BigInt(factor));
  const parts = ["low", "high"].map((half) => v.op(`i64x2.extmul_${half}_i32x4_u`, x, constant));
  const [first, second] = parts as [Local, Local];
  return [v.shuffle(first, second, LOW_WORDS), v.shuffle(first, second, HIGH_WORDS)];
}

/** Four words for each of four counters. */
function philox(
  v: VectorWriter,
  counters: readonly Local[],
  key: (k: 0 | 1, round: number) => Local,
): Local[] {
  let [c0, c1, c2, c3] = counters as [Local, Local, Local, Local];
  for (let round = 0; round < ROUNDS; round++) {
    const [low0, high0] = product(v, c0, MULTIPLIERS[0]);
    const [low1, high1] = product(v, c2, MULTIPLIERS[1]);
    c0 = v.xor(v.xor(high1, c1), key(0, round));
    c2 = v.xor(v.xor(high0, c3), key(1, round));
    c1 = low1;
    c3 = low0;
  }
  return [c0, c1, c2, c3];
}

const ZIP_LOW = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const ZIP_HIGH = ZIP_LOW.map((byte) => byte + 8);

/** Two sequences of elements as one, in turn. */
const zipped = (v: VectorWriter, a: readonly Local[], b: readonly Local[]): Local[] =>
  a.flatMap((x, i) => [v.shuffle(x, b[i]!, ZIP_LOW), v.shuffle(x, b[i]!, ZIP_HIGH)]);

/** For each output its elements in order, from the blocks' words. */
function inOrder(v: VectorWriter, [w0, w1, w2, w3]: readonly Local[], words: number): Local[][] {
  if (words === 4) return [[w0!], [w1!], [w2!], [w3!]];
  const [even, odd] = [zipped(v, [w0!], [w2!]), zipped(v, [w1!], [w3!])];
  return words === 2 ? [even, odd] : [zipped(v, even, odd)];
}
