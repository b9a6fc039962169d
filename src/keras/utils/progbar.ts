/**
 * @file The progress bar: how many steps are done, how long each takes, what the metrics are.
 */
import { ValueError } from "../../core/errors.js";
import { writeOutput } from "./output.js";

export interface ProgbarOptions {
  /** Length of the bar in characters; default 20. */
  width?: number;
  /** 0 silent, 1 a bar (default), 2 one line at the end. */
  verbose?: number;
  /** Shortest time between two updates on screen, in seconds; default 0.05. */
  interval?: number;
  /** Values printed as they are; the others are averaged over the steps. */
  statefulMetrics?: Iterable<string> | null;
  /** Values averaged over the steps; the others are printed as they are. */
  statelessMetrics?: Iterable<string> | null;
  /** What a step is called; default "step". */
  unitName?: string;
  /** Draws over the last update; default true. */
  dynamic?: boolean;
  /** The time now in seconds; default the clock. */
  clock?: () => number;
}

const BOLD = "\x1b[1m";
const GREEN = "\x1b[32m";
const GREY = "\x1b[37m";
const PLAIN = "\x1b[0m";
const BAR = "━";

/** What `printf("%.4f")` writes, of numbers that are none too. */
const fixed = (x: number): string => (Number.isFinite(x) ? x.toFixed(4) : special(x));

/** What `printf("%.4e")` writes: the exponent has two digits at least. */
const scientific = (x: number): string =>
  Number.isFinite(x) ? x.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2") : special(x);

const special = (x: number): string => (Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");

/** A whole number as `printf("%.0f")` rounds it: halves to even. */
function rounded(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

const twoDigits = (n: number): string => String(Math.floor(n)).padStart(2, "0");

/**
 * A progress bar.
 *
 * @example
 * const bar = new keras.utils.Progbar(2, { verbose: 0 });
 * bar.update(1, [["loss", 0.5]]);
 */
export class Progbar {
  target: number | null;
  readonly width: number;
  readonly verbose: number;
  readonly interval: number;
  readonly unitName: string;
  readonly #isAveraged: (name: string) => boolean;
  readonly #dynamic: boolean;
  readonly #clock: () => number;
  readonly #values = new Map<string, { sum: number; count: number }>();
  #seen = 0;
  readonly #start: number;
  #lastUpdate = 0;
  #afterFirstStep: number | null = null;
  #previousWidth = 0;

  /**
   * @param target   how many steps there will be; null if that is not known
   * @param options  see `ProgbarOptions`
   * @throws {ValueError} both lists of metrics are given
   */
  constructor(target: number | null, options: ProgbarOptions = {}) {
    const { statefulMetrics, statelessMetrics } = options;
    if (statefulMetrics && statelessMetrics) {
      throw new ValueError(
        "Only one of `stateful_metrics` or `stateless_metrics` can be provided. `stateful_metrics` is used to make " +
          "metrics stateless by default (with an exclusion list), while `stateless_metrics` is used to make metrics " +
          "stateful by default (with an exclusion list).",
      );
    }
    this.target = target;
    this.width = options.width ?? 20;
    this.verbose = options.verbose ?? 1;
    this.interval = options.interval ?? 0.05;
    this.unitName = options.unitName ?? "step";
    const stateless = statelessMetrics ? new Set(statelessMetrics) : null;
    const stateful = new Set(statefulMetrics ?? []);
    this.#isAveraged = (name) => (stateless === null ? !stateful.has(name) : stateless.has(name));
    this.#dynamic = options.dynamic ?? true;
    this.#clock = options.clock ?? (() => performance.now() / 1000);
    this.#start = this.#clock();
  }

  /**
   * Says how far it is.
   *
   * @param current   steps done
   * @param values    names and values to show
   * @param finalize  whether this is the last update; default when the target is reached
   */
  update(current: number, values: Iterable<readonly [string, number]> = [], finalize?: boolean): void {
    const isLast = finalize ?? (this.target !== null && current >= this.target);
    for (const [name, value] of values) this.#take(name, value, current, isLast);
    this.#seen = current;
    const now = this.#clock();
    const perUnit = this.#stepDuration(current, now);
    if (this.verbose === 1) {
      if (now - this.#lastUpdate < this.interval && !isLast) return;
      this.#draw(current, now, perUnit, isLast);
    } else if (this.verbose === 2 && isLast && this.target) {
      const count = `${this.#padded(current)}/${this.target}`;
      const time = `${rounded(now - this.#start)}s -${this.#perUnitText(perUnit)}`;
      // Negative values are written in exponent form here, as in Keras.
      writeOutput(`${count} - ${time}${this.#metricsText((x) => x > 1e-3)}\n`);
    }
    this.#lastUpdate = now;
  }

  /** Says that some more steps are done. */
  add(steps: number, values: Iterable<readonly [string, number]> = []): void {
    this.update(this.#seen + steps, values);
  }

  #take(name: string, value: number, current: number, isLast: boolean): void {
    const known = this.#values.get(name);
    if (!this.#isAveraged(name) || isLast) this.#values.set(name, { sum: value, count: 1 });
    else {
      const steps = Math.max(current - this.#seen, 1);
      this.#values.set(name, { sum: (known?.sum ?? 0) + value * steps, count: (known?.count ?? 0) + steps });
    }
  }

  #stepDuration(current: number, now: number): number {
    if (current === 0) return 0;
    const afterFirst = this.#afterFirstStep;
    if (current === 1) this.#afterFirstStep = now;
    // The first step is slower than the rest: it is left out as soon as there are others.
    return afterFirst !== null && current > 1
      ? (now - afterFirst) / (current - 1)
      : (now - this.#start) / current;
  }

  #padded(current: number): string {
    return String(current).padStart(Math.floor(Math.log10(this.target!)) + 1);
  }

  #draw(current: number, now: number, perUnit: number, isLast: boolean): void {
    const back = this.#dynamic ? `${"\b".repeat(this.#previousWidth)}\r` : "\n";
    const [bar, hidden] = this.#barText(current);
    const hasEnd = this.target !== null && this.target > 0 && !isLast;
    const time = hasEnd ? remaining(perUnit * (this.target! - current)) : `${rounded(now - this.#start)}s`;
    const info = ` ${BOLD}${time}${PLAIN}${this.#perUnitText(perUnit)}${this.#metricsText((x) => Math.abs(x) > 1e-3)}`;
    const width = bar.length + info.length - hidden - BOLD.length - PLAIN.length;
    const padding = " ".repeat(Math.max(0, this.#previousWidth - width));
    writeOutput(back + bar + info + padding + (isLast ? "\n" : ""));
    this.#previousWidth = width;
  }

  /** The bar, and how many of its characters are not seen. */
  #barText(current: number): [string, number] {
    if (!this.target) return [`${String(current).padStart(7)}/Unknown`, 0];
    const count = `${BOLD}${this.#padded(current)}/${this.target}${PLAIN} `;
    const length = Math.trunc(this.width * (current / this.target));
    const done = length > 0 ? `${GREEN}${BAR.repeat(length)}${PLAIN}` : "";
    const rest = `${GREY}${BAR.repeat(Math.max(0, this.width - length))}${PLAIN}`;
    const codes = BOLD.length + PLAIN.length + GREY.length + PLAIN.length;
    return [count + done + rest, codes + (length > 0 ? GREEN.length + PLAIN.length : 0)];
  }

  #perUnitText(seconds: number): string {
    if (seconds >= 1 || seconds === 0) return ` ${rounded(seconds)}s/${this.unitName}`;
    if (seconds >= 1e-3) return ` ${rounded(seconds * 1e3)}ms/${this.unitName}`;
    return ` ${rounded(seconds * 1e6)}us/${this.unitName}`;
  }

  #metricsText(isLarge: (x: number) => boolean): string {
    let text = "";
    for (const [name, { sum, count }] of this.#values) {
      const mean = sum / Math.max(1, count);
      text += ` - ${name}: ${isLarge(mean) ? fixed(mean) : scientific(mean)}`;
    }
    return text;
  }
}

/** Time to go, in hours, minutes and seconds. */
function remaining(seconds: number): string {
  if (seconds > 3600)
    return `${Math.floor(seconds / 3600)}:${twoDigits((seconds % 3600) / 60)}:${twoDigits(seconds % 60)}`;
  if (seconds > 60) return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
  return `${Math.trunc(seconds)}s`;
}
