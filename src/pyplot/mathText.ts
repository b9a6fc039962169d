import { asciiWidths, otherWidths, unitsPerEm } from "./fontTables.js";

/** A piece of text in one size and slant; `rise` lifts it, in ems of the whole text. */
export interface TextRun {
  text: string;
  italic: boolean;
  scale: number;
  rise: number;
}

const symbols: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  varepsilon: "ε",
  zeta: "ζ",
  eta: "η",
  theta: "θ",
  iota: "ι",
  kappa: "κ",
  lambda: "λ",
  mu: "μ",
  nu: "ν",
  xi: "ξ",
  pi: "π",
  rho: "ρ",
  sigma: "σ",
  tau: "τ",
  upsilon: "υ",
  phi: "φ",
  varphi: "φ",
  chi: "χ",
  psi: "ψ",
  omega: "ω",
  Gamma: "Γ",
  Delta: "Δ",
  Theta: "Θ",
  Lambda: "Λ",
  Xi: "Ξ",
  Pi: "Π",
  Sigma: "Σ",
  Phi: "Φ",
  Psi: "Ψ",
  Omega: "Ω",
  times: "×",
  cdot: "·",
  pm: "±",
  partial: "∂",
  nabla: "∇",
  infty: "∞",
  sum: "∑",
  int: "∫",
  sqrt: "√",
  leq: "≤",
  le: "≤",
  geq: "≥",
  ge: "≥",
  neq: "≠",
  ne: "≠",
  approx: "≈",
  equiv: "≡",
  in: "∈",
  to: "→",
  rightarrow: "→",
  leftarrow: "←",
  uparrow: "↑",
  downarrow: "↓",
  prime: "′",
  circ: "°",
  ldots: "…",
  dots: "…",
  " ": " ",
  ",": " ",
  ";": " ",
  "%": "%",
  $: "$",
  "{": "{",
  "}": "}",
  _: "_",
  "#": "#",
  "&": "&",
};

/** Commands that only change the font of their argument. */
const fontCommands = new Set([
  "mathrm",
  "mathdefault",
  "mathregular",
  "mathbf",
  "mathit",
  "mathsf",
  "text",
  "operatorname",
]);

/** Function names that stay upright. */
const functionNames = new Set([
  "sin",
  "cos",
  "tan",
  "exp",
  "log",
  "ln",
  "max",
  "min",
  "arctan",
  "sinh",
  "cosh",
  "tanh",
]);

const scriptScale = 0.7;

class MathParser {
  private position = 0;
  readonly runs: TextRun[] = [];

  constructor(private readonly source: string) {}

  parse(scale: number, rise: number, upright: boolean, untilBrace: boolean): void {
    while (this.position < this.source.length) {
      const character = this.source[this.position]!;
      this.position++;
      if (character === "}" && untilBrace) return;
      if (character === "^" || character === "_") {
        const shift = character === "^" ? 0.38 : -0.16;
        this.argument(scale * scriptScale, rise + shift * scale, upright);
      } else if (character === "{") this.parse(scale, rise, upright, true);
      else if (character === "\\") this.command(scale, rise, upright);
      else if (character !== " ") this.push(character === "-" ? "\u2212" : character, scale, rise, upright);
    }
  }

  private argument(scale: number, rise: number, upright: boolean): void {
    const next = this.source[this.position];
    if (next === undefined) return;
    this.position++;
    if (next === "{") this.parse(scale, rise, upright, true);
    else if (next === "\\") this.command(scale, rise, upright);
    else this.push(next === "-" ? "\u2212" : next, scale, rise, upright);
  }

  private command(scale: number, rise: number, upright: boolean): void {
    const name = /^([A-Za-z]+|.)/.exec(this.source.slice(this.position))?.[0] ?? "";
    this.position += name.length;
    if (fontCommands.has(name)) this.argument(scale, rise, name !== "mathit");
    else if (functionNames.has(name)) this.push(name, scale, rise, true);
    else if (name === "frac") {
      this.argument(scale, rise, upright);
      this.push("/", scale, rise, true);
      this.argument(scale, rise, upright);
    } else this.push(symbols[name] ?? name, scale, rise, upright);
  }

  private push(text: string, scale: number, rise: number, upright: boolean): void {
    const italic = !upright && /^[A-Za-zα-ω]$/.test(text);
    const spaced =
      /^[=+\u2212<>≤≥≈≠→]$/.test(text) && rise === 0 && this.runs.length > 0 ? ` ${text} ` : text;
    const last = this.runs.at(-1);
    if (last && last.italic === italic && last.scale === scale && last.rise === rise) last.text += spaced;
    else this.runs.push({ text: spaced, italic, scale, rise });
  }
}

/** Splits one line of text into runs; what stands between two dollar signs is read as math. */
export function textRuns(line: string): TextRun[] {
  const parts = line.split(/(?<!\\)\$/);
  const plain = (text: string): TextRun[] =>
    text === "" ? [] : [{ text: text.replaceAll("\\$", "$"), italic: false, scale: 1, rise: 0 }];
  if (parts.length % 2 === 0) return plain(line);
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return plain(part);
    const parser = new MathParser(part);
    parser.parse(1, 0, false, false);
    return parser.runs;
  });
}

function plainWidth(text: string): number {
  let units = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    units += asciiWidths[code - 32] ?? otherWidths[character] ?? asciiWidths["n".charCodeAt(0) - 32]!;
  }
  return units / unitsPerEm;
}

/** The width of one line in ems of DejaVu Sans. */
export function lineWidthInEms(line: string): number {
  return textRuns(line).reduce((sum, run) => sum + plainWidth(run.text) * run.scale, 0);
}

/** DejaVu Sans above and below the baseline, and from line to line, in ems. */
export const ascent = 0.76;
export const descent = 0.236;
export const lineStep = 1.164;

/** Width and height of a text in pixels, before rotation; `size` is the font's. */
export function textSize(text: string, size: number): { width: number; height: number } {
  const lines = text.split("\n");
  return {
    width: Math.max(...lines.map(lineWidthInEms)) * size,
    height: (ascent + descent + (lines.length - 1) * lineStep) * size,
  };
}

/** The text without math markup, for renderers that have none. */
export function plainText(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      textRuns(line)
        .map((run) => run.text)
        .join(""),
    )
    .join("\n");
}

/** The text as the small HTML that Plotly understands. */
export function htmlText(text: string): string {
  const escapeHtml = (part: string) =>
    part.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const tag = (run: TextRun) => {
    const inner = run.italic ? `<i>${escapeHtml(run.text)}</i>` : escapeHtml(run.text);
    if (run.rise === 0) return inner;
    return run.rise > 0 ? `<sup>${inner}</sup>` : `<sub>${inner}</sub>`;
  };
  return text
    .split("\n")
    .map((line) => textRuns(line).map(tag).join(""))
    .join("<br>");
}
