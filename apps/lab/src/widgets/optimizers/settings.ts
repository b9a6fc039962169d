/** @file What a cell may set: checked, since notebooks come from anywhere. */
import { firstSurface, surfaces } from "./surfaces.js";
import { walkers } from "./walkers.js";

export interface Settings {
  readonly surface: string;
  /** Instead of the surface's own. */
  readonly formula?: string;
  readonly optimizers: readonly string[];
  readonly start?: readonly [number, number];
  readonly steps: number;
}

const defaults: Settings = { surface: firstSurface, optimizers: ["sgd", "momentum", "adam"], steps: 600 };

const isFiniteNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

/** Settings from a cell's data; what is missing or makes no sense is as it is by default. */
export function settingsOf(data: Readonly<Record<string, unknown>>): Settings {
  const { surface, formula, optimizers, start, steps } = data;
  const chosen = Array.isArray(optimizers)
    ? optimizers.filter((name) => Object.hasOwn(walkers, String(name)))
    : [];
  return {
    surface: typeof surface === "string" && Object.hasOwn(surfaces, surface) ? surface : defaults.surface,
    ...(typeof formula === "string" ? { formula } : {}),
    optimizers: chosen.length > 0 ? chosen.map(String) : defaults.optimizers,
    ...(Array.isArray(start) && start.length === 2 && start.every(isFiniteNumber)
      ? { start: [start[0], start[1]] as const }
      : {}),
    steps: isFiniteNumber(steps) && steps >= 1 && steps <= 5000 ? Math.floor(steps) : defaults.steps,
  };
}
