/** @file What becomes of the style sheets of others. */
import type { Plugin } from "postcss";

/** JupyterLab's two themes in one page: both set the same variables on `:root`, the dark one where the page is dark. */
export function themes(): Plugin {
  return {
    postcssPlugin: "themes",
    Rule(rule) {
      const isDark = /theme-dark-extension/.test(rule.source?.input.file ?? "");
      if (isDark && rule.selector === ":root") rule.selector = ':root[data-theme="dark"]';
    },
  };
}

/** KaTeX's fonts in the one format that all browsers of this page read. */
export function smallFonts(): Plugin {
  return {
    postcssPlugin: "small-fonts",
    Declaration: {
      src(declaration) {
        const small = /url\([^)]+\.woff2\)\s*format\("woff2"\)/.exec(declaration.value)?.[0];
        if (small !== undefined && small !== declaration.value) declaration.value = small;
      },
    },
  };
}
