/** @file Light and dark: as the reader's system has it, until they choose. */
export type Theme = "light" | "dark";

const storageKey = "nabla-lab theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen(): Theme | null {
  const value = localStorage.getItem(storageKey);
  return value === "light" || value === "dark" ? value : null;
}

export const currentTheme = (): Theme => chosen() ?? (system.matches ? "dark" : "light");

function apply(): void {
  const theme = currentTheme();
  const { dataset } = document.documentElement;
  dataset["theme"] = theme;
  // JupyterLab's own style sheets look here.
  document.body.dataset["jpThemeLight"] = String(theme === "light");
}

export function followTheme(): void {
  apply();
  system.addEventListener("change", apply);
}

export function toggleTheme(): void {
  localStorage.setItem(storageKey, currentTheme() === "dark" ? "light" : "dark");
  apply();
}
