/** @file Where notebooks come from: the shipped lessons, addresses of this origin, and files. */
import { type Notebook, parseNotebook } from "nabla/notebook";
import { keepFile, keptFile } from "./edits.js";

/** A notebook as it was opened. */
export interface OpenedDocument {
  /** Where its edits are kept in this browser. */
  readonly key: string;
  /** What the page's address says of it, so that a reload opens it again. */
  readonly query: string;
  readonly filename: string;
  /** Where it lies: relative links and imports start from there. */
  readonly address: string;
  readonly content: Notebook;
}

/** Reads a notebook whose cells can run here. */
function readTypeScript(text: string): Notebook {
  const notebook = parseNotebook(text);
  const { kernelspec, language_info: info } = notebook.metadata as Record<
    string,
    { language?: unknown; name?: unknown } | undefined
  >;
  const language = String(kernelspec?.language ?? info?.name ?? "typescript").toLowerCase();
  if (language === "typescript" || language === "javascript") return notebook;
  throw new Error(`it is a ${language} notebook, and cells must be TypeScript or JavaScript`);
}

const pageAddress = (): string => new URL("./", document.baseURI).href;

/** Fetches a notebook of this origin; `path` is relative to the page. */
export async function fetchDocument(path: string): Promise<OpenedDocument> {
  const address = new URL(path, pageAddress());
  if (address.origin !== location.origin) {
    throw new Error(
      `${address.origin} is another site: notebooks open from ${location.origin}, or as a file`,
    );
  }
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: the server answered ${response.status}`);
  const content = readTypeScript(await response.text());
  const filename = decodeURIComponent(address.pathname.split("/").at(-1)!);
  const query = new URLSearchParams({ notebook: path }).toString();
  return { key: `address ${address.pathname}`, query, filename, address: address.href, content };
}

/** Reads a notebook from the reader's own files, and keeps a copy: a page cannot find the file again by itself. */
export async function readDocument(file: File): Promise<OpenedDocument> {
  const text = await file.text();
  const opened = fileDocument(file.name, text);
  // A browser that keeps nothing still shows the file.
  await keepFile(opened.key, text).catch(() => {});
  return opened;
}

/** Opens what the page's address asks for: `?notebook=lessons/gradients.ipynb`, or a file of the reader's. */
export async function openRequested(fallback: string): Promise<OpenedDocument> {
  const query = new URLSearchParams(location.search);
  const key = query.get("file");
  if (key === null) return fetchDocument(query.get("notebook") ?? fallback);
  const text = await keptFile(key);
  const filename = /^file \S+ (.*)$/s.exec(key)?.[1];
  if (text === undefined || filename === undefined) throw new Error("this browser has kept no such file");
  return fileDocument(filename, text);
}

/** Files of one name and different content are different notebooks, each with edits of its own. */
function fileDocument(filename: string, text: string): OpenedDocument {
  const key = `file ${fingerprint(text)} ${filename}`;
  const query = new URLSearchParams({ file: key }).toString();
  return { key, query, filename, address: pageAddress(), content: readTypeScript(text) };
}

/** A number that differs between texts, in practice (FNV-1a, 32 bits, with the length). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${text.length.toString(36)}${(hash >>> 0).toString(36)}`;
}

/** Calls `open` with notebooks that are dropped on the page. */
export function acceptDrops(open: (file: File) => void): void {
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("dropping");
  });
  window.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    open(file);
  });
}

/** Has the reader choose a file. */
export function chooseFile(open: (file: File) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".ipynb,application/x-ipynb+json,application/json";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) open(file);
  });
  input.click();
}

/** Hands a notebook out as a file. */
export function download(text: string, filename: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
