/** @file Whether the page is light or dark around an element. */

/** The colour of text, and whether the page is dark: whoever writes in a light colour writes on a dark ground. */
export function themeOf(element: HTMLElement): { text: string; dark: boolean } {
  const text = getComputedStyle(element).color;
  const [r = 0, g = 0, b = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return { text, dark: 0.3 * r + 0.6 * g + 0.1 * b > 128 };
}

/** Calls when the theme may have changed; returns how to stop that. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true });
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    preference.removeEventListener("change", listener);
  };
}
