/** @file What the page asks the worker to compute, and how it does so bit by bit. */
import { type Basins, findBasins } from "./basins.js";
import { descend, type Path } from "./descent.js";
import { equip } from "./equip.js";
import { parseFormula } from "./formula.js";
import type { Heights } from "./heightScale.js";
import { heightsOf } from "./heights.js";
import type { View } from "./surfaces.js";

/** A walker by its name, and its step size. */
export interface Equipment {
  readonly name: string;
  readonly rate: number;
}

export type Task =
  | { readonly kind: "heights"; readonly formula: string; readonly view: View; readonly count: number }
  | {
      readonly kind: "paths";
      readonly formula: string;
      readonly start: readonly [number, number];
      readonly steps: number;
      readonly team: readonly Equipment[];
    }
  | {
      readonly kind: "basins";
      readonly formula: string;
      readonly view: View;
      readonly steps: number;
      readonly count: number;
      readonly walker: Equipment;
    };

/** What comes back: parts of the answer, and how much of the work is done (0 to 1). */
export type Reply =
  | { readonly kind: "heights"; readonly heights: Heights }
  | { readonly kind: "paths"; readonly paths: Readonly<Record<string, Path>> }
  | { readonly kind: "basins"; readonly basins: Basins }
  | { readonly kind: "progress"; readonly done: number };

/** Does a task in small pieces; null where nothing is to be said yet. */
export function* perform(task: Task): Generator<Reply | null> {
  const formula = parseFormula(task.formula);
  if (task.kind === "heights") {
    yield { kind: "heights", heights: heightsOf(formula, task.view, task.count) };
  } else if (task.kind === "paths") {
    const paths: Record<string, Path> = {};
    for (const { name, rate } of task.team) {
      const walk = descend(formula, equip(name, rate), task.start, task.steps);
      let state = walk.next();
      for (; !state.done; state = walk.next()) yield null;
      paths[name] = state.value;
    }
    yield { kind: "paths", paths };
  } else {
    const { name, rate } = task.walker;
    const search = findBasins(formula, task.view, equip(name, rate), task);
    let state = search.next();
    for (; !state.done; state = search.next()) yield { kind: "progress", done: state.value };
    yield { kind: "basins", basins: state.value };
  }
}
