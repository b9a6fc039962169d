/** @file Programs without tensors, made at random: rewriting must change neither their result nor what they do on the way. */
import assert from "node:assert/strict";
import test from "node:test";
import { plainJavaScript, testExecutor } from "../notebook/testExecutor.js";

/** A small generator of numbers that always gives the same ones. */
function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const binary = [
  "+",
  "-",
  "*",
  "/",
  "**",
  "%",
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "===",
  "&",
  "|",
  "&&",
  "||",
  "??",
  ",",
];
const compound = ["=", "+=", "-=", "*=", "/=", "**=", "%=", "&&=", "??="];
const leaves = [
  "a",
  "b",
  "c",
  "k",
  "o.p",
  "o['q']",
  "list[1]",
  "g()",
  "h(a)",
  "spy",
  "1",
  "0.5",
  "'s'",
  "2n",
  "null",
  "true",
];
const targets = ["a", "b", "c", "o.p", "o['q']", "list[i()]", "later.z"];

/** Makes one program: statements that log what they do. */
class Programs {
  constructor(private readonly next: (below: number) => number) {}

  private one<Item>(items: readonly Item[]): Item {
    return items[this.next(items.length)]!;
  }

  expression(depth: number): string {
    if (depth === 0 || this.next(5) === 0) return this.one(leaves);
    const inner = (): string => this.expression(depth - 1);
    switch (this.next(14)) {
      case 0:
        return `(-${this.one(["a", "g()", "o.p", "(1 + b)"])})`;
      case 1:
        return `(+${this.one(["a", "h(b)", "'4'"])})`;
      case 2:
        return `(${this.one(targets)} ${this.one(compound)} ${inner()})`;
      case 3:
        return `(${this.one(["a", "b", "o.p"])}${this.one(["++", "--"])})`;
      case 4:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 5:
        return `h(${inner()})`;
      case 6:
        return `((p, q = p * 2) => p - q)(${inner()})`;
      case 7:
        return `\`\${${inner()}}\``;
      default: {
        const [left, operator, right] = [inner(), this.one(binary), inner()];
        const mixed = operator === "??" || operator === "||" || operator === "&&";
        return mixed ? `((${left}) ${operator} (${right}))` : `((${left}) ${operator} ${right})`;
      }
    }
  }

  statement(depth: number): string {
    const expression = (): string => this.expression(3);
    const block = (): string => (depth === 0 ? `note(${expression()})` : this.statement(depth - 1));
    switch (this.next(9)) {
      case 0:
        return `if (${expression()}) { ${block()} } else ${block()}`;
      case 1:
        return `for (let j = 0; j < 2; j++) { ${block()}\nfns.push(() => j * a) }`;
      case 2:
        return `{ let a = ${expression()}; ${block()} }`;
      case 3:
        return `try { ${block()} } catch (e) { note(e.name) }`;
      case 4:
        return `${this.one(targets)} ${this.one(compound)} ${expression()}`;
      case 5:
        return `note((function (x) { x *= 2; ${block()}\nreturn x + b })(${expression()}))`;
      default:
        return `note(${expression()})`;
    }
  }

  program(): string {
    const count = 2 + this.next(4);
    return Array.from({ length: count }, () => this.statement(2)).join("\n");
  }
}

const prelude = `
const log = [], fns = [];
const note = (x) => { log.push(typeof x === "object" && x !== null ? "object" : x); return x };
let a = 3, b = 0.25, c = "t"; const k = 7;
const o = { p: 2, get q() { note("get q"); return 5 }, set q(v) { note("set q") } };
const later = { z: 1 };
const list = [1, 2, 3]; let at = 0; const i = () => (note("i"), at++ % 3);
const g = () => (note("g"), a++);
const h = (x) => (note("h"), x);
const spy = { valueOf() { note("valueOf"); return 6 } };
try {
`;
const ending = `
} catch (error) { log.push(error.name, error.message) }
const final = [a, b, c, o.p, later.z, list, fns.map((f) => f()), log];`;

const withoutNames = (text: string): string => text.replace(/Assignment to constant variable[^\\'"]*/g, "");

for (const form of ["at the top of a cell", "in a function"] as const) {
  test(`random programs ${form} do what plain JavaScript does`, async () => {
    const programs = new Programs(randomSource(form.length));
    for (let count = 0; count < 400; count++) {
      const body = `${prelude}${programs.program()}${ending}`;
      const source =
        form === "in a function" ? `const run = () => {${body}\nreturn final }; const result = run()` : body;
      const expression = form === "in a function" ? "result" : "final";
      const [expected, actual] = [
        await plainJavaScript(source, expression),
        await testExecutor().run(`${source}\n${expression}`),
      ];
      assert.equal(withoutNames(actual), withoutNames(expected), source);
    }
  });
}
