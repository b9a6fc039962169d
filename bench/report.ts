/** @file The table as Markdown: every peer's figure of every job, and what is reached of what must be. */
import type { Speeds } from "./peakLoop.js";
import type { Family, Requirement, Row } from "./plan.js";
import type { Result, Results, Variant } from "./results.js";

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

/** The fastest of some results: by medians, and by least times. */
const fastest = (results: readonly Result[]): { median: number; least: number } => ({
  median: Math.min(...results.map(({ median }) => median!)),
  least: Math.min(...results.map(({ median, least }) => least ?? median!)),
});

/** What a requirement came to on this Node and on the newer one: the ratio of medians, and of least times in parentheses. */
function judge(results: Results, row: Row, requirement: Requirement): string {
  const { against, ratio, ours = "nabla" } = requirement;
  const figures = (peer: string, newer = false): Result[] => {
    const result = results.of(row.job, peer, { newer });
    return result?.median === undefined ? [] : [result];
  };
  const theirs = against.flatMap((peer) => figures(peer));
  const wanted = `≥ ${times(ratio)} ${ours === "nabla" ? "" : "eager, "}${against.join(" and ")}`;
  if (theirs.length === 0) return `${wanted}: no peer's figure`;
  const best = fastest(theirs);
  const reached = [false, true].flatMap((newer) => {
    const own = figures(ours, newer);
    return own.length === 0 ? [] : [fastest(own)];
  });
  if (reached.length === 0) return `${wanted}: no figure of ours`;
  const ratios = reached.map(
    (own) => `${times(best.median / own.median)} (${times(best.least / own.least)})`,
  );
  const isReached = reached.some((own) => best.median / own.median >= ratio);
  return `${wanted}: ${ratios.join(", ")}${isReached ? "" : " **short**"}`;
}

function limit(results: Results, row: Row): string[] {
  const own = results.of(row.job, "nabla")?.median;
  if (row.limit === undefined) return [];
  const wanted = `≤ ${row.limit >= 1 ? `${row.limit} ms` : `${row.limit * 1000} µs`}`;
  if (own === undefined) return [`${wanted}: no figure of ours`];
  return [`${wanted}${own <= row.limit ? "" : ": **short**"}`];
}

/** How near a job comes to what bounds it: the arithmetic of the engine, or the bandwidth of its memory. */
function bounds(results: Results, row: Row): string[] {
  const own = results.of(row.job, "nabla");
  if (!own?.median) return [];
  return [...arithmeticBound(results, row, own), ...bandwidthBound(results, row, own.median)];
}

/** What products and steps reach of the engine's peak on one thread, and gain by all: on this Node, then on the newer one. */
function arithmeticBound(results: Results, { job, operations, nearPeak }: Row, own: Result): string[] {
  if (!operations) return [];
  const notes = [`${(operations / own.median! / 1e6).toFixed(1)} GFLOP/s`];
  const reached = [false, true].flatMap((newer) => sharesOf(results, job, operations, { newer }));
  if (reached.length === 0) return notes;
  const both = (text: (shares: Shares) => string): string => reached.map(text).join(", ");
  const short = (isReached: (shares: Shares) => boolean): string =>
    !nearPeak || reached.some(isReached) ? "" : " **short**";
  return [
    ...notes,
    `one thread ${both(({ share }) => `${percent(share.median)} (${percent(share.most)})`)} of the loop's` +
      short(({ share }) => share.median >= 0.75),
    `all threads ${both(({ gain }) => `${times(gain.median)} (${times(gain.most)})`)} one, two loops ` +
      both(({ loopsGain }) => times(loopsGain)) +
      short(({ gain, loopsGain }) => gain.median >= Math.min(1.8, 0.9 * loopsGain)),
  ];
}

/** By medians, and by the best samples. */
interface Shares {
  /** Of the loop's speed, on one thread. */
  readonly share: Speeds;
  /** All threads' speed over that of one. */
  readonly gain: Speeds;
  readonly loopsGain: number;
}

function sharesOf(results: Results, job: string, operations: number, variant: Variant): Shares[] {
  const [all, one, loop] = ["nabla all threads", "nabla one thread", "loop"].map((peer) =>
    results.of(job, peer, variant),
  );
  const [peak, peaks] = ["peak", "peak-two"].map((name) => results.of(name, "nabla", variant)?.median);
  if (!all?.median || !one?.median || !loop?.median || !peak || !peaks) return [];
  const perLoop = loop["operations"] as number;
  return [
    {
      share: {
        median: operations / one.median / (perLoop / loop.median),
        most: operations / one.least! / (perLoop / loop.least!),
      },
      gain: { median: one.median / all.median, most: one.least! / all.least! },
      loopsGain: peaks / peak,
    },
  ];
}

/** A copy moves eight bytes per float32. */
function bandwidthBound(results: Results, { bytes, copy }: Row, own: number): string[] {
  const copied = copy ? results.of(copy, "nabla eager")?.median : undefined;
  if (!bytes || !copy || !copied) return [];
  const copyBytes = 8 * Number(copy.split("-")[1]);
  return [`${percent(bytes / own / (copyBytes / copied))} of copy bandwidth`];
}

const columns: readonly (readonly [string, string, Variant])[] = [
  ["nabla", "nabla", {}],
  ["nabla, newer Node", "nabla", { newer: true }],
  ["nabla, one thread", "nabla one thread", {}],
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

/** Milliseconds that compiling a step may take when a model of its structure has been compiled. */
const mostToCompileAgain = 200;

/** Figures that only one job has, by their names. */
function extras(results: Results, row: Row): string[] {
  const own = results.of(row.job, "nabla");
  const notes = agreement(results, row);
  const [second, step] = [own?.["second"], own?.["step"]];
  if (typeof second === "number" && typeof step === "number") {
    const compiling = second - step;
    const verdict = compiling <= mostToCompileAgain ? "" : " **short**";
    notes.push(
      `another model's ${milliseconds(second)} ms, ${milliseconds(step)} of them the step itself: ` +
        `${milliseconds(compiling)} ms to compile (≤ ${mostToCompileAgain})${verdict}`,
    );
  }
  const [early, late] = [own?.["megabytesAfter100"], own?.["megabytesAfter10000"]];
  if (typeof early === "number" && typeof late === "number") {
    const grown = late > early + collectorNoise ? " **short**" : "";
    notes.push(`${early} MB after 100, ${late} MB after 10 000${grown}`);
  }
  return notes;
}
