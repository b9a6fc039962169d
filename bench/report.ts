/** @file The table as Markdown: every peer's figure of every job, and what is reached of what must be. */
import type { Family, Requirement, Row } from "./plan.js";
import type { Result, Results } from "./results.js";

/** Milliseconds with three figures that matter. */
export function milliseconds(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 1 ? value.toPrecision(3) : value.toFixed(value < 0.1 ? 4 : 3);
}

const times = (ratio: number): string => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** A cell: the median, and the least of all samples in parentheses. */
function cell(result: Result | undefined): string {
  if (!result) return "–";
  if (result.median === undefined) return `no: ${result.failed ?? "nothing reported"}`.replaceAll("|", "/");
  const least = result.least === undefined ? "" : ` (${milliseconds(result.least)})`;
  const threads = (result.threads ?? 1) > 1 ? ` ×${result.threads}` : "";
  return `${milliseconds(result.median)}${least}${threads}`;
}

/** Our time, on this Node or on the newer one; of a family that only one of ours ran, that one's. */
function ours(results: Results, row: Row, name: string, newer: boolean): number | undefined {
  return results.of(row.job, name, { newer })?.median;
}

/** What a requirement came to: the ratio on this Node and on the newer one. */
function judge(results: Results, row: Row, requirement: Requirement): string {
  const { against, ratio, ours: name = "nabla" } = requirement;
  const theirs = against.flatMap((peer) => results.of(row.job, peer)?.median ?? []);
  const wanted = `≥ ${times(ratio)} ${name === "nabla" ? "" : "eager, "}${against.join(" and ")}`;
  if (theirs.length === 0) return `${wanted}: no peer's figure`;
  const best = Math.min(...theirs);
  const reached = [false, true].flatMap((newer) => {
    const own = ours(results, row, name, newer);
    return own === undefined ? [] : [best / own];
  });
  if (reached.length === 0) return `${wanted}: no figure of ours`;
  return `${wanted}: ${reached.map(times).join(", ")}${reached.some((value) => value >= ratio) ? "" : " **short**"}`;
}

function limit(results: Results, row: Row): string[] {
  const own = ours(results, row, "nabla", false);
  if (row.limit === undefined) return [];
  const wanted = `≤ ${row.limit >= 1 ? `${row.limit} ms` : `${row.limit * 1000} µs`}`;
  if (own === undefined) return [`${wanted}: no figure of ours`];
  return [`${wanted}${own <= row.limit ? "" : ": **short**"}`];
}

/** How near a job comes to what bounds it: the arithmetic of the engine, or the bandwidth of its memory. */
function bounds(results: Results, row: Row): string[] {
  const own = results.of(row.job, "nabla")?.median;
  if (!own) return [];
  return [...arithmeticBound(results, row, own), ...bandwidthBound(results, row, own)];
}

function arithmeticBound(results: Results, { job, operations, nearPeak }: Row, own: number): string[] {
  if (!operations) return [];
  const speed = (ms: number): number => operations / ms / 1e6;
  const notes = [`${speed(own).toFixed(1)} GFLOP/s`];
  const one = results.of(job, "nabla", { oneThread: true })?.median;
  const peak = results.of("peak", "nabla")?.median;
  const two = results.of("peak-two", "nabla")?.median;
  if (!one || !peak || !two) return notes;
  const short = (reached: boolean): string => (reached || !nearPeak ? "" : " **short**");
  const share = speed(one) / peak;
  const gain = one / own;
  const shareOfTwo = speed(own) / two;
  return [
    ...notes,
    `one thread ${speed(one).toFixed(1)}, ${percent(share)} of the loop's${short(share >= 0.75)}`,
    `all threads ${times(gain)} one, ${percent(shareOfTwo)} of two loops'${short(gain >= 1.8 || shareOfTwo >= 0.9)}`,
  ];
}

/** A copy moves eight bytes per float32. */
function bandwidthBound(results: Results, { bytes, copy }: Row, own: number): string[] {
  const copied = copy ? results.of(copy, "nabla eager")?.median : undefined;
  if (!bytes || !copy || !copied) return [];
  const copyBytes = 8 * Number(copy.split("-")[1]);
  return [`${percent(bytes / own / (copyBytes / copied))} of copy bandwidth`];
}

const columns: readonly (readonly [string, string, { newer?: boolean; oneThread?: boolean }])[] = [
  ["nabla", "nabla", {}],
  ["nabla, newer Node", "nabla", { newer: true }],
  ["nabla, one thread", "nabla", { oneThread: true }],
  ["nabla eager", "nabla eager", {}],
];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Megabytes that a training step's process grew by at its peak. */
function memoryTable(results: Results, rows: readonly Row[], names: readonly string[]): string[] {
  const all = ["nabla", ...names];
  const megabytes = (job: string, peer: string): string => {
    const memory = results.of(job, peer)?.memory;
    return memory === undefined ? "–" : (memory / 2 ** 20).toFixed(0);
  };
  return [
    "\nPeak memory that the job added to its process, MB:\n",
    line(["job", ...all]),
    line(["---", ...all.map(() => "---:")]),
    ...rows.map((row) => line([row.title, ...all.map((name) => megabytes(row.job, name))])),
  ];
}

/** One family's table. */
export function familyTable(results: Results, family: Family): string {
  const rows = family.rows.filter(({ job }) => results.all.some((result) => result.job === job));
  if (rows.length === 0) return "";
  const own = columns.filter(([, peer, variant]) => rows.some(({ job }) => results.of(job, peer, variant)));
  const names = [...new Set(rows.flatMap(({ job }) => results.peersOf(job)))];
  const head = ["job", ...own.map(([title]) => title), ...names, "required: reached"];
  const body = rows.map((row) =>
    line([
      row.title,
      ...own.map(([, peer, variant]) => cell(results.of(row.job, peer, variant))),
      ...names.map((name) => cell(results.of(row.job, name))),
      [
        ...row.required.map((requirement) => judge(results, row, requirement)),
        ...limit(results, row),
        ...bounds(results, row),
        ...extras(results, row),
      ].join("; "),
    ]),
  );
  const memory = family.alone ? memoryTable(results, rows, names) : [];
  const rule = head.map((_, i) => (i === 0 || i === head.length - 1 ? "---" : "---:"));
  return [`## ${family.name}\n`, line(head), line(rule), ...body, ...memory, ""].join("\n");
}

/** What a job computed, where that is the same number for all: they must agree. */
function agreement(results: Results, row: Row): string[] {
  const values = results.all.flatMap(({ job, value }) =>
    job === row.job && typeof value === "number" ? [value] : [],
  );
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const agree = values.length < 2 || most - least <= 1e-3 * Math.max(1, Math.abs(most));
  return agree ? [] : [`**results differ**: from ${least} to ${most}`];
}

/** Megabytes by which two readings of one process differ when nothing was kept. */
const collectorNoise = 8;

/** Figures that only one job has, by their names. */
function extras(results: Results, row: Row): string[] {
  const own = results.of(row.job, "nabla");
  const notes = agreement(results, row);
  for (const peer of ["nabla", ...results.peersOf(row.job)]) {
    const second = results.of(row.job, peer)?.["second"];
    if (typeof second === "number") notes.push(`${peer}: a second one ${milliseconds(second)} ms`);
  }
  const [early, late] = [own?.["megabytesAfter100"], own?.["megabytesAfter10000"]];
  if (typeof early === "number" && typeof late === "number") {
    const grown = late > early + collectorNoise ? " **short**" : "";
    notes.push(`${early} MB after 100, ${late} MB after 10 000${grown}`);
  }
  return notes;
}
