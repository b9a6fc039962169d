/** @file The looks of the page: light and dark, from phones to wide screens. */

const colours = (theme: Record<string, string>): string =>
  Object.entries(theme)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");

const light = colours({
  paper: "#ffffff",
  ink: "#1f2328",
  muted: "#59636e",
  line: "#d9dee4",
  code: "#f6f8fa",
  link: "#0757b8",
  keyword: "#b3202c",
  string: "#0a3069",
  number: "#0550ae",
  comment: "#59636e",
  title: "#6a3bbf",
  "error-paper": "#fff0ef",
  "error-ink": "#8c1d18",
});

const dark = colours({
  paper: "#14171c",
  ink: "#e3e7ec",
  muted: "#9aa4af",
  line: "#343b44",
  code: "#1c2129",
  link: "#79b4ff",
  keyword: "#ff8379",
  string: "#a5d6ff",
  number: "#79c0ff",
  comment: "#9aa4af",
  title: "#d2b1ff",
  "error-paper": "#35191a",
  "error-ink": "#ffb4ad",
});

export const pageStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 1.5rem 1rem 6rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2em 0 0.6em; text-wrap: balance; }
h1 { font-size: 2rem; margin-top: 0.5em; }
h2 { font-size: 1.45rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25em; }
a { color: var(--link); }
img, svg, video { max-width: 100%; height: auto; }
.display > img { background: #ffffff; border-radius: 6px; }
pre, code, .prompt { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.9em; background: var(--code); padding: 0.1em 0.3em; border-radius: 4px; }
pre { font-size: 0.875rem; line-height: 1.5; margin: 0; overflow-x: auto; tab-size: 2; }
pre code { font-size: inherit; background: none; padding: 0; }
.markdown pre, .cell .source { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; }
.markdown .katex-display { overflow: auto hidden; padding: 0.2em 0.5em; scrollbar-width: thin; }
pre, .display { scrollbar-width: thin; }
.markdown table, .html table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 0.3em 0.7em; }
blockquote { margin: 1em 0; padding: 0 1em; border-left: 4px solid var(--line); color: var(--muted); }
.code { margin: 1.25rem 0; }
.prompt { display: block; font-size: 0.75rem; color: var(--muted); margin: 0 0 0.2rem 0.1rem; }
.outputs { margin-top: 0.6rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.6rem; }
.outputs > pre, .display > pre { padding: 0.1rem 1rem; }
.stderr { border-left: 4px solid #c9842a; }
.error { background: var(--error-paper); color: var(--error-ink); border-radius: 8px; padding: 0.75rem 1rem !important; }
.display { overflow-x: auto; }
.figure { background: #ffffff; border-radius: 6px; overflow: hidden; }
.hljs-keyword, .hljs-operator, .hljs-doctag { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-subst { color: var(--string); }
.hljs-number, .hljs-literal, .hljs-built_in, .hljs-attr, .hljs-type { color: var(--number); }
.hljs-comment { color: var(--comment); font-style: italic; }
.hljs-title, .hljs-title.function_, .hljs-title.class_ { color: var(--title); }
.ansi-bold { font-weight: 600; }
.ansi-red-fg, .ansi-bright-red-fg { color: var(--keyword); }
.ansi-green-fg, .ansi-bright-green-fg { color: #2b8a3e; }
.ansi-yellow-fg, .ansi-bright-yellow-fg { color: #a86a00; }
.ansi-blue-fg, .ansi-bright-blue-fg { color: var(--link); }
.ansi-magenta-fg, .ansi-bright-magenta-fg { color: var(--title); }
.ansi-cyan-fg, .ansi-bright-cyan-fg { color: #0e7c86; }
nav { font-size: 0.9rem; max-width: 50rem; margin: 0 auto; padding: 1rem 1rem 0; }
nav summary { cursor: pointer; color: var(--muted); }
nav ol { list-style: none; margin: 0.5rem 0; padding: 0; }
nav li { margin: 0.3em 0; }
nav li.level-3 { padding-left: 1em; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
@media (min-width: 80rem) {
  body { display: grid; grid-template-columns: minmax(0, 1fr) 50rem minmax(0, 1fr); }
  nav { grid-column: 1; justify-self: end; width: 100%; max-width: 16rem; position: sticky; top: 0; align-self: start;
    max-height: 100vh; overflow-y: auto; padding: 2.5rem 1rem; }
  main { grid-column: 2; width: 100%; }
}
@media print { nav { display: none; } .cell { break-inside: avoid; } }
`;
