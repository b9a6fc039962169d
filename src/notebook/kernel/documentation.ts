/** @file The documentation of our own functions and classes, read from the declarations that the package ships. */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A documented name. */
export interface Declaration {
  /** `square`, or `Tensor.square` for a member. */
  readonly name: string;
  /** `square(x: TensorLike): Tensor` */
  readonly signature: string;
  readonly text: string;
  readonly file: string;
}

const container = /^export (?:declare )?(?:default )?(?:abstract )?(?:class|interface) ([\w$]+)/;
const exported = /^export (?:declare )?(?:abstract )?(?:const|function|class) ([\w$]+)(.*)$/;
const member = /^\s+(?:(?:static|readonly|abstract|get|set) )*([\w$]+)(\??[(:<].*)$/;

/** The documented names of one file of declarations. */
export function parseDeclarations(source: string, file: string): Declaration[] {
  const found: Declaration[] = [];
  let owner: string | null = null;
  let comment: string[] | null = null;
  let open = false;
  for (const line of source.split("\n")) {
    if (open || /^\s*\/\*\*/.test(line)) {
      comment = open ? [...comment!, line] : [line];
      open = !line.includes("*/");
      continue;
    }
    const outside = exported.exec(line);
    const inside = owner === null || outside !== null ? null : member.exec(line);
    const match = outside ?? inside;
    if (match !== null && comment !== null) {
      const name = inside === null ? match[1]! : `${owner}.${match[1]}`;
      found.push({ name, signature: signatureOf(match[1]!, match[2]!), text: textOf(comment), file });
    }
    comment = null;
    owner = container.exec(line)?.[1] ?? (line.startsWith("}") ? null : owner);
  }
  return found;
}

/** A declaration as a call: `const f: (x: A) => B` is `f(x: A): B`. */
function signatureOf(name: string, rest: string): string {
  const text = rest.replace(/[;{]\s*$/, "").trimEnd();
  const call = /^: (\(.*\)) => (.*)$/.exec(text);
  return call === null ? `${name}${text}` : `${name}${call[1]}: ${call[2]}`;
}

/** The text of a comment, without what draws it. */
function textOf(comment: readonly string[]): string {
  const lines = comment.map((line) =>
    line
      .replace(/^\s*\/\*\*\s?/, "")
      .replace(/\s*\*\/\s*$/, "")
      .replace(/^\s*\*\s?/, ""),
  );
  return lines.join("\n").trim();
}

/** A declaration as Markdown: what is tagged becomes a list, what has a label a paragraph, examples code. */
export function markdownOf({ signature, text }: Pick<Declaration, "signature" | "text">): string {
  const body = text
    .replace(/^@param\s+(\S+)\s+/gm, "- `$1`: ")
    .replace(/^@returns\s+/gm, "- returns ")
    .replace(/^@throws\s+\{(\w+)\}\s+/gm, "- throws `$1`: ")
    .replace(/^(?:Gradient|Accuracy): /gm, "\n$&")
    .replace(/^@example\s*([\s\S]*?)(?=^@|$(?![\s\S]))/gm, "\n```ts\n$1\n```\n");
  return `\`\`\`ts\n${signature}\n\`\`\`\n\n${body.replace(/\n{3,}/g, "\n\n")}`;
}

let index: Promise<Map<string, Declaration[]>> | null = null;

/** All documented names of the package, by the name without its owner. Read when first asked for. */
export function documentation(): Promise<Map<string, Declaration[]>> {
  index ??= readAll(join(dirname(createRequire(import.meta.url).resolve("nabla/package.json")), "dist"));
  return index;
}

async function readAll(folder: string): Promise<Map<string, Declaration[]>> {
  const found = new Map<string, Declaration[]>();
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".d.ts"))) {
    for (const declaration of parseDeclarations(await readFile(join(folder, file), "utf8"), file)) {
      const key = declaration.name.split(".").at(-1)!;
      found.set(key, [...(found.get(key) ?? []), declaration]);
    }
  }
  return found;
}
