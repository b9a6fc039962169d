/** @file Messages that are none, and ends of all kinds. */
import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "./client.js";

const header = (type: string): string =>
  JSON.stringify({
    msg_id: `bad ${type}`,
    msg_type: type,
    session: "s",
    username: "u",
    date: "",
    version: "5.3",
  });

test("survives what is no message, and does nothing that is not signed", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  await client.sendRaw(["no delimiter"]);
  await client.sendRaw([""]);
  await client.sendRaw(["<IDS|MSG>"]);
  await client.sendRaw(["<IDS|MSG>", "signature", "{}"]);
  await client.sendFrames(["not JSON", "{}", "{}", "{}"]);
  await client.sendFrames(["[1]", "{}", "{}", "{}"]);
  await client.sendFrames(["{}", "{}", "{}", "{}"]);
  await client.sendFrames(['{"msg_id": 3, "msg_type": null}', "{}", "{}", "{}"]);
  await client.sendFrames([header("no_such_request"), "{}", "{}", "{}"]);
  await client.sendFrames([header("constructor"), "{}", "{}", "{}"]);
  const forged = [header("execute_request"), "{}", "{}", '{"code": "globalThis.forged = 1"}'];
  await client.sendFrames(forged, "shell", "0".repeat(64));
  await client.sendFrames(forged, "control", "");
  assert.equal(await client.value("'forged' in globalThis"), "false");
  for (const type of ["execute_request", "complete_request", "inspect_request", "is_complete_request"]) {
    const reply = await client.request(type, { code: 5 });
    assert.deepEqual([reply["status"], reply["ename"]], ["error", "TypeError"], type);
  }
  const odd = await client.request("history_request", { hist_access_type: "range", start: "x", n: {} });
  assert.equal(odd["status"], "ok");
  assert.equal((await client.request("complete_request", { code: "ab", cursor_pos: 99 }))["cursor_end"], 2);
  assert.equal(await client.value("1 + 1"), "2");
});

test("an interrupt stops an endless loop, and all variables stay", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  await client.execute("let kept = 0");
  const id = await client.send("execute_request", { code: "while (true) kept++" });
  await client.find(({ type, parent }) => type === "execute_input" && parent === id, "input");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await client.beat("alive"), "alive");
  const start = performance.now();
  assert.deepEqual(await client.request("interrupt_request", {}, "control"), { status: "ok" });
  const reply = await client.replyTo(id);
  assert.ok(performance.now() - start < 2000, "it took too long");
  assert.deepEqual([reply["status"], reply["ename"]], ["error", "Interrupted"]);
  assert.deepEqual(reply["traceback"].slice(1), [
    "    while (true) kept++",
    "                 ^",
    `  at notebook.ipynb cell[${reply["execution_count"]}]:1:14`,
  ]);
  assert.equal(await client.value("kept > 1000"), "true");
});

test("an interrupt by the shell, as VS Code sends it, does not wait for the cell that it stops", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  await client.execute("let kept = 'kept'");
  const id = await client.send("execute_request", { code: "while (true);", stop_on_error: false });
  await client.find(({ type, parent }) => type === "execute_input" && parent === id, "input");
  assert.deepEqual(await client.request("interrupt_request"), { status: "ok" });
  assert.equal((await client.replyTo(id))["ename"], "Interrupted");
  assert.equal(await client.value("kept"), "'kept'");
});

test("an interrupt ends a wait, a question, a flood of text, and between cells does nothing", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  await client.execute("let kept = 'kept'");
  for (const code of ["await new Promise(() => {})", "prompt('?')", "while (true) console.log('flood')"]) {
    const id = await client.send("execute_request", { code, allow_stdin: true });
    await client.find(({ type, parent }) => type === "execute_input" && parent === id, "input");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.request("interrupt_request", {}, "control");
    assert.equal((await client.replyTo(id))["ename"], "Interrupted", code);
  }
  await client.request("interrupt_request", {}, "control");
  assert.equal(await client.value("let n = 0; while (n < 3) n++; kept + n"), "'kept3'");
});

test("where a loop cannot be stopped its thread is ended, and the cell says so", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  await client.execute("let lost = 1");
  const id = await client.send("execute_request", { code: "new Function('while (true);')()" });
  await client.find(({ type, parent }) => type === "execute_input" && parent === id, "input");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.request("interrupt_request", {}, "control");
  const reply = await client.replyTo(id);
  assert.equal(reply["ename"], "Interrupted");
  assert.match(reply["evalue"], /Variables were lost/);
  assert.equal(await client.value("typeof lost"), "'undefined'");
});

test("a cell that ends its thread does not end the kernel", async (context) => {
  const client = await Client.start();
  context.after(() => client.close());
  const { reply } = await client.execute("process.exit(3)");
  assert.deepEqual([reply["status"], reply["ename"]], ["error", "ThreadExit"]);
  assert.match(reply["evalue"], /exit code 3.*Variables were lost/);
  assert.equal(await client.value("2 + 2"), "4");
});

for (const restart of [false, true]) {
  test(`shutdown_request, restart: ${restart}, also while a cell runs`, async (context) => {
    const client = await Client.start();
    context.after(() => client.close());
    const exit = new Promise((resolve) => client.process.once("exit", resolve));
    await client.send("execute_request", { code: "while (true);" });
    const reply = await client.request("shutdown_request", { restart }, "control");
    assert.deepEqual(reply, { status: "ok", restart });
    assert.equal(await exit, 0);
  });
}
