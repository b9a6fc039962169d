/** @file The reports of all children, and the figures that the table asks of them. */
import type { Report } from "./measure.js";

/** Where one of our runs differs from the usual: the newer Node. */
export interface Variant {
  newer?: boolean;
}

/** A report with what the runner knows of the child. */
export interface Result extends Report, Variant {
  /** How a peer was run; its runs in different settings are not merged. */
  setting?: string;
}

export class Results {
  readonly #results: Result[] = [];

  add(reports: readonly Report[], variant: Variant & Pick<Result, "setting"> = {}): void {
    for (const report of reports) this.#results.push({ ...report, ...variant });
  }

  get all(): readonly Result[] {
    return this.#results;
  }

  /**
   * What one library said of a job: the fastest of its settings. Repeated runs of one kind are one figure, with the
   * median of their medians.
   */
  of(job: string, peer: string, { newer = false }: Variant = {}): Result | undefined {
    const fits = this.#results.filter(
      (result) => result.job === job && result.peer === peer && (result.newer ?? false) === newer,
    );
    const settings = [...new Set(fits.map(({ setting }) => setting))];
    const figures = settings.map((setting) => merge(fits.filter((result) => result.setting === setting)));
    return figures.sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity))[0];
  }

  /** The peers that said something of a job, ours not among them. */
  peersOf(job: string): string[] {
    const names = this.#results.filter((result) => result.job === job).map(({ peer }) => peer);
    return [...new Set(names)].filter((name) => !name.startsWith("nabla") && name !== "loop");
  }

  /** The version that each peer gave. */
  versions(): Map<string, string> {
    return new Map(this.#results.flatMap(({ peer, version }) => (version ? [[peer, version] as const] : [])));
  }
}

function merge(results: readonly Result[]): Result {
  const timed = results.filter(({ median }) => median !== undefined);
  const first = timed[0] ?? results[0]!;
  if (timed.length < 2) return first;
  const medians = timed.map(({ median }) => median!).sort((a, b) => a - b);
  const least = Math.min(...timed.map((result) => result.least ?? result.median!));
  const memories = timed.flatMap(({ memory }) => (memory === undefined ? [] : [memory]));
  const memory = memories.length > 0 ? { memory: Math.max(...memories) } : {};
  const speeds = timed.flatMap(({ most }) => (typeof most === "number" ? [most] : []));
  const most = speeds.length > 0 ? { most: Math.max(...speeds) } : {};
  return { ...first, ...memory, ...most, median: medians[Math.floor(medians.length / 2)]!, least };
}
