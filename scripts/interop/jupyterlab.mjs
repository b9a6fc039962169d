/** @file What JupyterLab's page shows of our kernel. Its server's address is in LAB_ADDRESS; see `jupyterlab.py`. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { LabPage } from "./jupyterlabPage.mjs";

const address = process.env.LAB_ADDRESS ?? "";
/** @type {LabPage} */
let lab;
before(async () => {
  lab = await LabPage.start();
});
after(() => lab.close());

const svg = "image/svg+xml";
const plain = "text/plain";

test("the lesson runs from top to bottom without an error", async () => {
  await lab.open(address, "lesson.ipynb");
  await lab.command("notebook:run-all-cells");
  await lab.command("docmanager:save");
  const code = (await lab.cells()).filter(({ type }) => type === "code");
  assert.deepEqual(
    code.map(({ count }) => count),
    code.map((_, index) => index + 1),
  );
  assert.deepEqual(
    code.flatMap(({ outputs }) => outputs).filter(({ output_type }) => output_type === "error"),
    [],
  );
});

test("every figure of the lesson has pixels, on a ground of its own", async () => {
  const cells = await lab.cells();
  const figures = cells.flatMap(({ outputs }, index) =>
    outputs.some(({ data }) => data?.[svg]) ? [index] : [],
  );
  assert.ok(figures.length > 10, `${figures.length} figures`);
  for (const index of figures) {
    const { width, height, colors, opaque } = await lab.picture(index);
    assert.ok(
      width > 100 && height > 100 && colors > 20 && opaque,
      `cell ${index}: ${width} × ${height}, ${colors}`,
    );
  }
  await lab.keep("lesson");
});

test("cells are TypeScript to the editor", async () => {
  await lab.open(address, "small.ipynb");
  const first = lab.page.locator(".jp-CodeCell .cm-content").first();
  await first.locator("span", { hasText: /^interface$/ }).waitFor();
  assert.equal(await first.getAttribute("data-language"), "typescript");
  await first.click();
  await lab.page.keyboard.press("Shift+Enter");
  assert.equal((await lab.end(0)).count, 1);
});

test("a value, an error with the cell's own lines", async () => {
  await lab.run("import * as tf from 'nabla';");
  const square = await lab.run("tf.constant([1, 2, 3]) ** 2");
  assert.match(square.outputs[0].data?.[plain] ?? "", /\[1, 4, 9\]/);
  await lab.begin("function fail(): never {\n  throw new RangeError('too much');\n}\n\nfail()");
  const shown = await lab.output("RangeError: too much").innerText();
  assert.match(shown, /throw new RangeError\('too much'\);\n +\^/);
  assert.match(shown, /at fail \(small\.ipynb cell\[4\]:2:9\)\s+at small\.ipynb cell\[4\]:5:1/);
});

test("a display changes in its place while its cell runs, until the cell is interrupted", async () => {
  const index = await lab.begin(
    [
      "const shown = display.text('round 0');",
      "for (let round = 1; ; round++) {",
      "  await new Promise((resolve) => setTimeout(resolve, 50));",
      "  shown.update({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'round ' + round }) });",
      "}",
    ].join("\n"),
  );
  await lab.output(/round [1-9]/).waitFor();
  const early = Number((await lab.output("round").innerText()).split(" ")[1]);
  await lab.output(new RegExp(`round ${early + 3}`)).waitFor();
  assert.equal((await lab.cells())[index].outputs.length, 1);
  await lab.button("notebook:interrupt-kernel").click();
  const { outputs } = await lab.end(index);
  assert.deepEqual(
    outputs.map(({ output_type }) => output_type),
    ["display_data", "error"],
  );
});

test("an endless loop is interrupted, and what it made stays", async () => {
  await lab.run("let rounds = 0;");
  const index = await lab.begin("while (true) rounds++;");
  await lab.page.locator(".jp-InputPrompt", { hasText: "[*]" }).waitFor();
  await lab.button("notebook:interrupt-kernel").click();
  await lab.end(index);
  assert.doesNotMatch(await lab.output("Interrupted: the cell was stopped").innerText(), /file:/);
  const { outputs } = await lab.run("rounds > 0");
  assert.equal(outputs[0].data?.[plain], "true");
});

test("completion and documentation", async () => {
  await lab.type("tf.reduceSu");
  await lab.page.keyboard.press("Tab");
  await lab.page.locator(".jp-Completer-item", { hasText: "reduceSum" }).waitFor();
  await lab.page.keyboard.press("Enter");
  await lab.page.waitForFunction(() => /tf\.reduceSum$/m.test(document.body.innerText));
  await lab.page.keyboard.insertText("(");
  await lab.page.keyboard.press("Shift+Tab");
  const tooltip = lab.page.locator(".jp-Tooltip");
  await tooltip.getByText("reduceSum(x: TensorLike").waitFor();
  await tooltip.locator("li", { hasText: /^keepdims: / }).waitFor();
  await lab.keep("documentation");
  await lab.page.keyboard.press("Escape");
});

test("a cell asks its reader", async () => {
  const index = await lab.begin("const said = prompt('Your name?'); 'Hello, ' + said");
  const input = lab.page.locator(".jp-Stdin-input");
  await input.fill("Ada");
  await input.press("Enter");
  const { outputs } = await lab.end(index);
  assert.equal(outputs.at(-1)?.data?.[plain], "'Hello, Ada'");
});

test("a restart forgets all, and counts anew", async () => {
  await lab.button("notebook:restart-kernel").click();
  await lab.page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await lab.page.locator(".jp-Dialog").waitFor({ state: "detached" });
  await lab.idle();
  const { count, outputs } = await lab.run("[typeof rounds, typeof tf]");
  assert.deepEqual([count, outputs[0].data?.[plain]], [1, "[ 'undefined', 'undefined' ]"]);
});

test("errors can be read on a dark page", async () => {
  await lab.command("apputils:change-theme", { theme: "JupyterLab Dark" });
  await lab.begin("throw new Error('in the dark')");
  await lab.output("in the dark").waitFor();
  await lab.page.waitForFunction(() => document.body.dataset.jpThemeLight === "false");
  await lab.keep("dark");
});

test("the page has nothing to complain of", () => assert.deepEqual(lab.complaints, []));
