/** @file What a reader does with the page: edit, run, stop, reload, download, open, read without a network. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { schemaErrors } from "../notebook/validate.js";
import { assertQuiet, Lab, type LabPage, noBrowser } from "./lab.js";

const lab = new Lab();
let address: string;
let open: LabPage;

before(async () => {
  if (noBrowser) return;
  await lab.start();
  ({ address } = await lab.serve());
  open = await lab.page(address);
});
after(() => lab.close());

test("a cell is edited and run again, by keyboard alone", { skip: noBrowser }, async () => {
  await open.open(["const a = 2", "a ** 10"]);
  await open.runAll();
  assert.equal(await open.shown(1), "1024");
  const { keyboard } = open.page;
  await open.page.locator("#notebook .jp-Cell").first().focus();
  await keyboard.press("Enter");
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("const a = 3");
  await keyboard.press("Shift+Enter");
  await keyboard.press("Shift+Enter");
  await open.ready();
  assert.equal(await open.shown(1), "59049");
  await keyboard.press("Escape");
  await keyboard.press("ArrowUp");
  await keyboard.press("b");
  assert.equal(await open.page.locator(".jp-Cell").count(), 4);
});

test("an endless loop is stopped at once and the variables stay", { skip: noBrowser }, async () => {
  await open.open(["let count = 0", "while (true) count++", "count > 1000", "await new Promise(() => {})"]);
  await open.output(0);
  await open.run(1);
  await open.page.locator(".state[data-state=busy]").waitFor();
  await open.page.waitForTimeout(300);
  const start = performance.now();
  await open.button("Stop").click();
  await open.ready();
  assert.ok(performance.now() - start < 20_000);
  assert.match(await open.shown(1), /Interrupted: the cell was stopped/);
  assert.equal(await open.output(2), "true");
  await open.run(3);
  await open.page.locator(".state[data-state=busy]").waitFor();
  await open.button("Stop").click();
  await open.ready();
  assert.equal(await open.output(2), "true");
});

test("an error names the line of the cell and the reader's functions", { skip: noBrowser }, async () => {
  await open.open([
    'import * as tf from "nabla";',
    "const f = (x: any) =>\n  tf.matmul(x, x);\n\nf(tf.ones([2, 3]))",
  ]);
  await open.output(0);
  const trace = await open.output(1);
  assert.match(trace, /^ShapeError: /);
  await open.screenshot("error");
  assert.match(trace, /at f \(small\.ipynb cell\[\d+\]:2:\d+\)\s+at small\.ipynb cell\[\d+\]:4:1$/);
});

test("a flood of output neither stops the page nor is lost", { skip: noBrowser }, async () => {
  await open.open([
    "for (let i = 0; i < 20000; i++) console.log(i)",
    "for (let i = 0; ; i++) console.log(i)",
  ]);
  const lines = (await open.output(0)).split("\n");
  assert.equal(lines.length, 20000);
  assert.equal(lines.at(-1), "19999");
  await open.run(1);
  await open.page.locator(".state[data-state=busy]").waitFor();
  await open.page.waitForTimeout(1000);
  await open.button("Stop").click();
  await open.ready();
  assert.match(await open.shown(1), /the rest is left out/);
});

test("edits survive a reload, and can be given up", { skip: noBrowser }, async () => {
  const page = await lab.page(address);
  const original = await page.cell(1).textContent();
  await page.type(1, "const kept = 7;\nkept * 6");
  await page.page.getByText("Kept in this browser").waitFor();
  await page.page.reload();
  await page.ready();
  await page.page.getByText("Your edits of last time are back.").waitFor();
  assert.equal(await page.output(1), "42");
  await page.button("Start over").click();
  await page.page.waitForFunction(() => !document.body.textContent!.includes("kept * 6"));
  assert.equal(await page.cell(1).textContent(), original);
  // Leaving at once loses nothing either.
  await page.type(1, "const late = 1;");
  await page.page.reload();
  await page.ready();
  assert.match((await page.editor(1).textContent())!, /const late = 1/);
  await page.close();
});

test("a notebook is downloaded, is valid, and opens again", { skip: noBrowser }, async () => {
  await open.open(["1 + 1", 'console.log("text")', 'throw new Error("on purpose")'], "mine.ipynb");
  await open.runAll();
  const { name, text } = await open.download();
  assert.equal(name, "mine.ipynb");
  const notebook = JSON.parse(text);
  assert.deepEqual(schemaErrors(notebook), []);
  assert.deepEqual(
    notebook.cells.map((cell: any) => cell.outputs.map((output: any) => output.output_type)),
    [["execute_result"], ["stream"], ["error"]],
  );
  await open.openFile("again.ipynb", text);
  await open.page.waitForFunction(() => document.title.startsWith("again.ipynb"));
  await open.ready();
  assert.equal(await open.shown(0), "2");
  assert.equal(await open.output(0), "2");
});

test("a file is opened by dropping it, and one that is no notebook is refused", {
  skip: noBrowser,
}, async () => {
  const drop = (name: string, text: string) =>
    open.page.evaluate(
      ([name, text]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text!], name!));
        document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
      },
      [name, text],
    );
  const cell = { cell_type: "code", metadata: {}, source: "'dropped'", execution_count: null, outputs: [] };
  await drop(
    "dropped.ipynb",
    JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] }),
  );
  await open.page.waitForFunction(() => document.title.startsWith("dropped.ipynb"));
  await open.ready();
  assert.equal(await open.output(0), "'dropped'");
  await drop("broken.ipynb", '{"nbformat": 4, ');
  await open.page.getByText("The notebook cannot be opened: not a notebook, or cut short").waitFor();
  const metadata = { language_info: { name: "python" } };
  await drop("python.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [] }));
  await open.page.getByText("it is a python notebook").waitFor();
  assert.equal(await open.output(0), "'dropped'");
});

test("an address of the same origin is opened, one of another is not", { skip: noBrowser }, async () => {
  const page = await lab.page(`${address}?notebook=lessons/gradients.ipynb`);
  assert.match(await page.page.title(), /^gradients\.ipynb/);
  await page.page.goto(`${address}?notebook=https://example.com/x.ipynb`);
  await page.page.getByText("https://example.com is another site").waitFor();
  assert.deepEqual(page.foreign, []);
  await page.close();
});

test("the page works below any folder, and then without a network", { skip: noBrowser }, async () => {
  const server = await lab.serve({ prefix: "/some/where/" });
  const page = await lab.page(server.address);
  await page.page.evaluate(() => navigator.serviceWorker.ready);
  await server.close();
  await page.page.reload();
  await page.ready();
  const cells = ["nabla", "nabla/keras", "nabla/pyplot"].map(
    (door) => `import * as m from "${door}"; typeof m`,
  );
  await page.open([
    ...cells,
    'import * as plt from "nabla/pyplot"; plt.plot([1, 2, 3], "o"); plt.show();',
    'import * as tf from "nabla"; const t = new tf.GradientTape(); t.record(() => tf.square(new tf.Variable(2))); tf.plotTape(t)',
  ]);
  await page.runAll();
  assert.deepEqual(
    await Promise.all(cells.map((_, index) => page.shown(index))),
    cells.map(() => "'object'"),
  );
  await page.page.locator(".lab-Figure svg").first().waitFor();
  await page.page.locator(".lab-Picture img").waitFor();
  await page.editor(0).click();
  await page.page.locator(".cm-lint-marker, .cm-content").first().waitFor();
  assertQuiet(page);
  await page.close();
});

test("without shared memory an endless loop costs the variables, and the page says so", {
  skip: noBrowser,
}, async () => {
  const { address } = await lab.serve({ isolated: false });
  const page = await lab.page(address, { serviceWorkers: "block" });
  assert.equal(await page.page.evaluate(() => crossOriginIsolated), false);
  await page.open(["const base = 41", "while (true);", "base + 1"]);
  await page.output(0);
  await page.run(1);
  await page.page.locator(".state[data-state=busy]").waitFor();
  await page.button("Stop").click();
  await page.page.getByText("Stopped. Variables were lost.").waitFor();
  await page.screenshot("variables-lost");
  await page.button("Run the cells above again").click();
  await page.ready();
  assert.equal(await page.output(2), "42");
  await page.close();
});

test("nothing is evaluated in the page, and cells reach no other site", { skip: noBrowser }, async () => {
  const { errors } = open;
  const before = errors.length;
  const evaluated = await open.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.intruder = true";
    document.body.append(script);
    return "intruder" in globalThis;
  });
  assert.equal(evaluated, false);
  await open.open(['await fetch("https://example.com/").then(() => "reached", () => "refused")']);
  assert.equal(await open.output(0), "'refused'");
  assert.deepEqual(open.foreign, []);
  errors.length = before;
});

test("the editor completes, explains and checks", { skip: noBrowser }, async () => {
  await open.open([
    'import * as tf from "nabla";\nconst x = new tf.Variable(3);',
    "const y = x ** 2;",
    'const wrong = x * "a";',
    "y",
  ]);
  const mark = open.cell(2).locator(".cm-lintRange-error");
  await mark.waitFor();
  assert.equal(await mark.textContent(), '"a"');
  assert.equal(await open.page.locator(".cm-lintRange-error").count(), 1);
  await mark.hover();
  await open.page.getByText("Operators take numbers, tensors and variables, not 'string'.").waitFor();
  await open.hover(1, "y");
  await open.page.locator(".lab-Help", { hasText: "const y: tf.Tensor" }).waitFor();
  await open.editor(3).click();
  await open.page.keyboard.press("End");
  await open.page.keyboard.type(".resha");
  await open.page.locator(".cm-tooltip-autocomplete", { hasText: "reshape" }).waitFor();
  await open.page.locator(".cm-completionInfo .lab-Help").waitFor();
  // A notebook that names no language is TypeScript to the editor as well.
  assert.ok((await open.editor(0).locator("span").count()) > 3);
  await open.screenshot("completion");
  await open.page.keyboard.press("Enter");
  assert.equal(await open.editor(3).textContent(), "y.reshape");
});

test("no error was logged", { skip: noBrowser }, () => assertQuiet(open));
