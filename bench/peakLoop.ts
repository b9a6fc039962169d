/**
 * @file The most float32 arithmetic that this engine can do: a wasm loop of multiplications and additions that never
 * leaves the registers. What a matmul reaches is judged by it.
 */

/**
 * Vectors of four floats summed side by side: enough to hide the latency of an addition, and no more than the registers
 * hold. Which number an engine likes best is tried.
 */
const widths = [8, 10, 12, 13, 14] as const;
/** Rounds of all sums in one turn of the loop. */
const rounds = 4;

const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];
const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const section = (id: number, body: readonly number[]): number[] => [id, ...leb(body.length), ...body];

const multiplication = simd(0xe6);
const addition = simd(0xe4);
const relaxedMadd = simd(0x105);

/** s = s·a + b for every sum, as one instruction where the engine has it. */
function update(sum: number, relaxed: boolean): number[] {
  const [factor, term] = [get(1), get(2)];
  const operation = relaxed
    ? [...get(sum), ...factor, ...term, ...relaxedMadd]
    : [...get(sum), ...factor, ...multiplication, ...term, ...addition];
  return [...operation, ...set(sum)];
}

/** `(turns: i32) => f32`: locals are the turns left, the factor, the term, and then the sums. */
function moduleBytes(sums: number, relaxed: boolean): Uint8Array<ArrayBuffer> {
  const locals = Array.from({ length: sums }, (_, i) => 3 + i);
  const splat = [0x41, 1, 0xb2, ...simd(0x13)]; // i32.const 1, f32.convert_i32_s, f32x4.splat
  const start = [1, 2, ...locals].flatMap((local) => [...splat, ...set(local)]);
  const turn = Array.from({ length: rounds }, () => locals.flatMap((sum) => update(sum, relaxed))).flat();
  const countDown = [...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0]; // turns - 1, tee, br_if
  const total = locals.flatMap((sum, i) => [...get(sum), ...(i > 0 ? addition : [])]);
  const code = [
    ...[1, ...leb(2 + sums), 0x7b], // one group of v128 locals
    ...start,
    ...[0x03, 0x40, ...turn, ...countDown, 0x0b],
    ...[...total, ...simd(0x1f), 0, 0x0b], // f32x4.extract_lane 0
  ];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

/** Whether the engine has the fused (or relaxed) multiply-add. */
export const hasRelaxedMadd = (): boolean => WebAssembly.validate(moduleBytes(8, true));

/** GFLOP/s. */
export interface Speeds {
  median: number;
  most: number;
}

/** One loop: a function of the turns it takes, and the operations of a turn. */
export interface Loop {
  run(turns: number): number;
  readonly operations: number;
}

/** The loop of so many sums, compiled. */
export function loopOf(sums: number, relaxed: boolean): Loop {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(sums, relaxed)));
  return { run: instance.exports["run"] as Loop["run"], operations: sums * rounds * 4 * 2 };
}

/** The speed of one loop, in so many samples of about five milliseconds, after one in which the engine compiles it. */
export function speedOf(sums: number, relaxed: boolean, samples: number): Speeds {
  const { run, operations } = loopOf(sums, relaxed);
  const speed = (turns: number): number => {
    const start = performance.now();
    run(turns);
    return (turns * operations) / (performance.now() - start) / 1e6;
  };
  speed(1e6);
  const turns = Math.ceil((speed(1e6) * 1e6 * 5) / operations);
  const speeds = Array.from({ length: samples }, () => speed(turns)).sort((a, b) => a - b);
  return { median: speeds[samples >> 1]!, most: speeds.at(-1)! };
}

/** The number of sums with which the loop is fastest, with the relaxed multiply-add or with a multiplication and an addition. */
export function bestWidth(relaxed: boolean): number {
  const tried = widths.map((sums) => ({ sums, ...speedOf(sums, relaxed, 60) }));
  return tried.reduce((best, one) => (one.most > best.most ? one : best)).sums;
}
