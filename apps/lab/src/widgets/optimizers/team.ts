/** @file Who walks: a row for each optimizer, with its step size and where it stands. */
import type { Path } from "./descent.js";
import { fill, make, numberField } from "./elements.js";
import type { Surface } from "./surfaces.js";
import type { Equipment } from "./tasks.js";
import { suitableRate, walkers } from "./walkers.js";

interface Row {
  readonly name: string;
  readonly chosen: HTMLInputElement;
  readonly rate: HTMLInputElement;
  readonly height: HTMLElement;
}

/** The table of optimizers. */
export class Team {
  readonly element: HTMLElement;
  private readonly rows: readonly Row[];

  constructor(chosen: readonly string[], onChange: () => void) {
    this.rows = Object.entries(walkers).map(([name, { title }]) => ({
      name,
      chosen: make("input", {
        type: "checkbox",
        id: `play-${crypto.randomUUID()}`,
        checked: chosen.includes(name),
        onchange: onChange,
      }),
      rate: numberField({ min: 0 }, onChange),
      height: make("span", {}, title),
    }));
    this.element = this.table();
  }

  private table(): HTMLElement {
    const head = ["Optimizer", "Step size", "Height"].map((text) => make("th", { scope: "col" }, text));
    const rows = this.rows.map(({ name, chosen, rate, height }) => {
      const { title, color } = walkers[name]!;
      const swatch = make("span", { class: "play-swatch", "aria-hidden": "true" });
      swatch.style.background = color;
      rate.setAttribute("aria-label", `Step size of ${title}`);
      height.textContent = "";
      const label = make("label", { htmlFor: chosen.id }, swatch, title);
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, chosen, label),
        make("td", {}, rate),
        make("td", { class: "play-height" }, height),
      );
    });
    return make(
      "table",
      { class: "play-team" },
      make("caption", {}, "Who walks"),
      make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...rows),
    );
  }

  /** Those that walk, in the order of the table. */
  get equipment(): Equipment[] {
    return this.rows
      .filter(({ chosen, rate }) => chosen.checked && rate.validity.valid)
      .map(({ name, rate }) => ({ name, rate: rate.valueAsNumber }));
  }

  /** The step size of a walker, whether it walks or not. */
  equipmentOf(name: string): Equipment {
    return { name, rate: this.rows.find((row) => row.name === name)!.rate.valueAsNumber };
  }

  suit(surface: Surface): void {
    for (const { name, rate } of this.rows) fill(rate, suitableRate(walkers[name]!, surface));
  }

  /** Shows how high each walker stands at a step. */
  showHeights(paths: Readonly<Record<string, Path>>, step: number): void {
    for (const { name, height } of this.rows) height.textContent = heightText(paths[name], step);
  }
}

/** A height in few digits; a walker whose path has ended before is lost. */
function heightText(path: Path | undefined, step: number): string {
  if (path === undefined) return "";
  const height = path.height[step];
  if (height === undefined) return "lost";
  const size = Math.abs(height);
  return size === 0 || (size < 1e5 && size >= 1e-3) ? height.toPrecision(4) : height.toExponential(2);
}
