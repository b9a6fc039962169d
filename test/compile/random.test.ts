/**
 * @file Random functions: programs lowered and fused compute what the eager ops do, to the bit.
 */
import test from "node:test";
import * as tf from "nabla";
import { checkProgram } from "./graphs.js";

/** Numbers from 0 up to below n, the same for the same seed. */
function dice(seed: number): (n: number) => number {
  let state = seed * 2654435761 + 1;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

type Throw = (n: number) => number;
type Step = (x: tf.Tensor, roll: Throw, pool: readonly tf.Tensor[]) => tf.Tensor;

const pick = <T>(list: readonly T[], roll: Throw): T => list[roll(list.length)]!;

const unary: Step = (x, roll) =>
  pick(
    [
      tf.tanh,
      tf.square,
      tf.negative,
      tf.nn.relu,
      tf.abs,
      (y: tf.Tensor) => tf.nn.leakyRelu(y, 0.1 + roll(5) / 10),
      (y: tf.Tensor) => tf.cast(tf.cast(y, "int32"), y.dtype),
      (y: tf.Tensor) => tf.where(tf.greater(y, 0), y, tf.multiply(y, y)),
      (y: tf.Tensor) => tf.multiply(y, 0.5),
    ],
    roll,
  )(x);

/** Whether two shapes broadcast to no more elements than programs here should have. */
function fits(a: tf.Tensor, b: tf.Tensor): boolean {
  let size = 1;
  for (let i = 1; i <= Math.max(a.rank, b.rank); i++) {
    const [n, m] = [a.shape[a.rank - i] ?? 1, b.shape[b.rank - i] ?? 1];
    if (n !== m && n !== 1 && m !== 1) return false;
    size *= Math.max(n, m);
  }
  return size <= 200;
}

const binary: Step = (x, roll, pool) => {
  const other = pick(
    pool.filter((y) => fits(x, y)),
    roll,
  );
  const op = pick([tf.add, tf.subtract, tf.multiply, tf.maximum], roll);
  return roll(2) === 0 ? op(x, other) : op(other, x);
};

function shuffled(n: number, roll: Throw): number[] {
  const rest = Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: n }, () => rest.splice(roll(rest.length), 1)[0]!);
}

const reshaped: Step = (x, roll) => {
  const { size } = x;
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((n) => size % n === 0);
  const first = pick(divisors, roll);
  const rest = divisors.filter((n) => (size / first) % n === 0);
  const second = pick(rest, roll);
  return tf.reshape(x, pick([[first, -1], [-1, second], [first, second, -1], [-1]], roll));
};

const part: Step = (x, roll) => {
  const begin = x.shape.map((n) => roll(n));
  const size = x.shape.map((n, i) => 1 + roll(n - begin[i]!));
  return tf.slice(x, begin, size);
};

const viewed: Step = (x, roll, pool) => {
  switch (roll(7)) {
    case 0:
      return tf.transpose(x, shuffled(x.rank, roll));
    case 1:
      return reshaped(x, roll, pool);
    case 2:
      return part(x, roll, pool);
    case 3:
      return x.rank === 0 ? x : tf.reverse(x, roll(x.rank));
    case 4:
      return x.size > 60 ? part(x, roll, pool) : tf.broadcastTo(x, [2, ...x.shape].slice(-8));
    case 5:
      return x.size > 60
        ? part(x, roll, pool)
        : tf.pad(
            x,
            x.shape.map(() => [roll(2), roll(2)] as const),
            { constantValues: roll(3) },
          );
    default: {
      const same = pool.filter(
        (y) => y.rank === x.rank && y.rank > 0 && y.shape.every((n, i) => n === x.shape[i]),
      );
      return same.length === 0 || x.size > 60 ? x : tf.concat([x, pick(same, roll), x], roll(x.rank));
    }
  }
};

const reduced: Step = (x, roll) => {
  const op = pick([tf.reduceSum, tf.reduceMax, tf.reduceMean], roll);
  const axis = x.shape.map((_, i) => i).filter(() => roll(2) === 0);
  return op(x, { axis, keepdims: roll(2) === 0 });
};

const product: Step = (x, roll, pool) => {
  if (x.rank < 2) return x;
  const [transposeA, transposeB] = [roll(2) === 0, roll(2) === 0];
  const inner = x.shape[x.rank - (transposeA ? 2 : 1)];
  const others = pool.filter((y) => y.rank === 2 && y.shape[transposeB ? 1 : 0] === inner && y.size <= 60);
  return others.length === 0 || x.size > 100
    ? tf.matmul(x, x, { transposeB: true })
    : tf.matmul(x, pick(others, roll), { transposeA, transposeB });
};

/** Ops that only the host can do, and reductions whose state is more than a sum. */
const hosted: Step = (x, roll) => {
  if (x.rank === 0 || x.size === 0) return x;
  const axis = roll(x.rank);
  if (roll(2) === 0) return tf.cumsum(x, axis);
  return tf.cast(tf.argmax(x, axis), x.dtype);
};

const STEPS: readonly Step[] = [hosted, unary, unary, binary, binary, viewed, viewed, reduced, product];

/** A function of some tensors, the same for the same seed. */
function randomFunction(seed: number): (...xs: tf.Tensor[]) => tf.Tensor[] {
  return (...xs) => {
    const roll = dice(seed);
    const pool = [...xs];
    for (let i = 0; i < 14; i++) {
      // Late results more often than early ones: chains, not bushes.
      const x = pool[pool.length - 1 - Math.min(roll(pool.length), roll(pool.length))]!;
      pool.push(pick(STEPS, roll)(x, roll, pool));
    }
    return [pool[pool.length - 1]!, pool[pool.length - 2]!, pick(pool, roll)];
  };
}

const SHAPES = [[4, 6], [6], [2, 3, 4], [1], [4, 1]];

for (const dtype of ["float32", "float64"] as const) {
  test(`random programs in ${dtype} compute what their ops do`, () => {
    for (let seed = 1; seed <= 150; seed++) {
      const roll = dice(seed + 1000);
      const inputs = SHAPES.map((shape) => {
        const values = Array.from({ length: shape.reduce((n, m) => n * m, 1) }, () => (roll(401) - 200) / 97);
        return tf.reshape(tf.constant(values, dtype), shape);
      });
      try {
        checkProgram(randomFunction(seed), inputs);
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}
