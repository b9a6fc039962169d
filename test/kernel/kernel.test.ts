/** @file The kernel as a front end sees it. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { nameInRequest } from "../../src/notebook/kernel/notebookName.js";
import { Client, type Received } from "./client.js";

let client: Client;
before(async () => {
  client = await Client.start({ JPY_SESSION_NAME: "course/lesson.ipynb" });
});
after(() => client.close());

const texts = (outputs: readonly Received[], type: string): string =>
  outputs
    .filter((output) => output.type === type)
    .map(({ content }) => content["text"])
    .join("");

test("says what it is", async () => {
  const info = await client.request("kernel_info_request");
  assert.equal(info["status"], "ok");
  assert.match(info["protocol_version"], /^5\.\d+$/);
  assert.equal(info["language_info"]["name"], "typescript");
  assert.equal(info["language_info"]["file_extension"], ".ts");
  assert.equal(info["language_info"]["codemirror_mode"], "typescript");
});

test("control answers the same requests", async () => {
  const info = await client.request("kernel_info_request", {}, "control");
  assert.equal(info["implementation"], "nabla");
});

test("the heart beats", async () => {
  assert.equal(await client.beat("are you there?"), "are you there?");
});

test("a cell: input, streams, displays, updates and result in order, all before idle", async () => {
  const { reply, outputs, id } = await client.execute(
    [
      "console.log('one'); console.error('two'); process.stdout.write('three')",
      "const shown = display.text('early')",
      "console.log('four'); shown.update({ toString: () => 'late' })",
      "const x: number = 6; x * 7",
    ].join("\n"),
  );
  assert.equal(reply["status"], "ok");
  const order = outputs.map(({ type, content }) =>
    [type, content["name"], content["text"]].filter(Boolean).join(" "),
  );
  assert.deepEqual(order, [
    "stream stdout one\n",
    "stream stderr two\n",
    "stream stdout three",
    "display_data",
    "stream stdout four\n",
    "update_display_data",
    "execute_result",
  ]);
  const displays = outputs.filter(({ type }) => type.endsWith("display_data"));
  assert.equal(displays[0]!.content["data"]["text/plain"], "early");
  assert.equal(
    displays[0]!.content["transient"]["display_id"],
    displays[1]!.content["transient"]["display_id"],
  );
  assert.deepEqual(outputs.at(-1)!.content["data"], { "text/plain": "42" });
  assert.equal(outputs.at(-1)!.content["execution_count"], reply["execution_count"]);
  const input = client.received.find(({ type, parent }) => type === "execute_input" && parent === id)!;
  assert.equal(input.content["execution_count"], reply["execution_count"]);
  const states = client.received.filter(({ type, parent }) => type === "status" && parent === id);
  assert.deepEqual(
    states.map(({ content }) => content["execution_state"]),
    ["busy", "idle"],
  );
});

test("operators work on tensors, and figures of them keep their JSON", async () => {
  assert.match(
    await client.value("import * as tf from 'nabla'; const v = tf.constant([1, 2]); v ** 2 - 1"),
    /\[0, 3\]/,
  );
  const { outputs } = await client.execute("display.bundle({ 'application/json': { a: [1] } })");
  assert.deepEqual(outputs[0]!.content["data"]["application/json"], { a: [1] });
});

test("an error names the notebook, the cell and its line", async () => {
  await client.execute("function fail(): never {\n  throw new RangeError('too much')\n}");
  const { reply, outputs } = await client.execute("\n\nfail()");
  assert.equal(reply["status"], "error");
  assert.equal(reply["ename"], "RangeError");
  assert.equal(reply["evalue"], "too much");
  const published = outputs.find(({ type }) => type === "error")!.content;
  assert.deepEqual(published["traceback"], reply["traceback"]);
  const trace = reply["traceback"].join("\n");
  assert.match(trace, /at fail \(lesson\.ipynb cell\[\d+\]:2:9\)/);
  assert.match(trace, new RegExp(`lesson\\.ipynb cell\\[${reply["execution_count"]}\\]:3:1`));
});

test("a syntax error is an error of the cell", async () => {
  const { reply } = await client.execute("const bad = ;");
  assert.equal(reply["ename"], "SyntaxError");
  assert.match(reply["traceback"].join("\n"), /:1:13/);
});

test("what is thrown in a timer is published", async () => {
  await client.execute("setTimeout(() => { throw new Error('nobody waits') }, 20)");
  const late = await client.find(
    ({ type, content }) => type === "error" && content["evalue"] === "nobody waits",
    "late error",
  );
  assert.equal(late.channel, "iopub");
  assert.equal(await client.value("1 + 1"), "2");
});

test("counts cells that are stored, and no others", async () => {
  const count = async (options: object): Promise<number> =>
    (await client.execute("1", options)).reply["execution_count"];
  const first = await count({});
  assert.equal(await count({ silent: true }), first);
  assert.equal(await count({ store_history: false }), first);
  assert.equal((await client.execute("  \n")).reply["execution_count"], first);
  assert.equal(await count({}), first + 1);
});

test("a silent cell publishes nothing, but runs", async () => {
  const { outputs, id } = await client.execute("let quiet = 5; console.log('sh'); quiet", { silent: true });
  assert.deepEqual(outputs, []);
  assert.ok(!client.received.some(({ type, parent }) => type === "execute_input" && parent === id));
  assert.equal(await client.value("quiet"), "5");
});

test("user expressions are evaluated after the cell, each for itself", async () => {
  const { reply } = await client.execute("const e = 4", {
    user_expressions: { good: "e * 2", bad: "nothingAtAll" },
  });
  const { good, bad } = reply["user_expressions"];
  assert.deepEqual([good.status, good.data["text/plain"]], ["ok", "8"]);
  assert.deepEqual([bad.status, bad.ename], ["error", "ReferenceError"]);
});

test("an error aborts the cells that wait, unless told otherwise", async () => {
  const send = (code: string, options = {}): Promise<string> =>
    client.send("execute_request", { code, ...options });
  const ids = [await send("throw new Error('first')"), await send("'second'"), await send("'third'")];
  const replies = await Promise.all(ids.map((id) => client.replyTo(id)));
  assert.deepEqual(
    replies.map((reply) => reply["status"]),
    ["error", "aborted", "aborted"],
  );
  const gentle = [await send("throw new Error('first')", { stop_on_error: false }), await send("'second'")];
  const kept = await Promise.all(gentle.map((id) => client.replyTo(id)));
  assert.deepEqual(
    kept.map((reply) => reply["status"]),
    ["error", "ok"],
  );
});

test("a request that waits behind an error is answered all the same", async () => {
  const failing = await client.send("execute_request", { code: "throw 1" });
  const question = await client.send("is_complete_request", { code: "1" });
  assert.equal((await client.replyTo(failing))["status"], "error");
  assert.equal((await client.replyTo(question))["status"], "complete");
});

const completeness: readonly (readonly [string, object])[] = [
  ["1 + 1", { status: "complete" }],
  ["f(1,", { status: "incomplete", indent: "" }],
  ["  if (x) {", { status: "incomplete", indent: "    " }],
  ["const = 1", { status: "invalid" }],
];
for (const [code, expected] of completeness) {
  test(`is it complete: ${code}`, async () => {
    assert.deepEqual(await client.request("is_complete_request", { code }), expected);
  });
}

test("history: tail, range, search", async () => {
  const first = (await client.execute("'𝛁 needle' + 1")).reply["execution_count"];
  await client.execute("'other'");
  await client.execute("'𝛁 needle' + 1");
  const ask = async (request: object): Promise<unknown> =>
    (await client.request("history_request", { raw: true, output: false, ...request }))["history"];
  assert.deepEqual(await ask({ hist_access_type: "tail", n: 2 }), [
    [1, first + 1, "'other'"],
    [1, first + 2, "'𝛁 needle' + 1"],
  ]);
  assert.deepEqual(await ask({ hist_access_type: "range", session: 0, start: first, stop: first + 2 }), [
    [1, first, "'𝛁 needle' + 1"],
    [1, first + 1, "'other'"],
  ]);
  assert.deepEqual(
    await ask({ hist_access_type: "search", pattern: "*need?e*", n: 9, unique: true, output: true }),
    [[1, first + 2, ["'𝛁 needle' + 1", "'𝛁 needle1'"]]],
  );
});

test("completion: members of live values, names of cells, keywords; places count characters", async () => {
  await client.execute(
    "const apple = { peel: 1, pulp: { pip() {} } }; const apricot = '𝛁'; class Anchor { static drop() {} }",
  );
  const ask = (code: string, cursor = [...code].length): Promise<any> =>
    client.request("complete_request", { code, cursor_pos: cursor });
  const members = await ask("'𝛁𝛁'; apple.p");
  assert.deepEqual(members.matches, ["peel", "pulp"]);
  assert.deepEqual([members.cursor_start, members.cursor_end], [12, 13]);
  assert.deepEqual((await ask("apple?.pulp.p")).matches, ["pip"]);
  assert.ok((await ask("apricot.toU")).matches.includes("toUpperCase"));
  assert.deepEqual((await ask("Anchor.dr")).matches, ["drop"]);
  const names = await ask("ap");
  assert.deepEqual(names.matches, ["apple", "apricot"]);
  assert.deepEqual((await ask("whi")).matches, ["while"]);
  assert.deepEqual((await ask("f().p")).matches, []);
  assert.deepEqual((await ask("nothing.p")).matches, []);
  assert.deepEqual((await ask("apple.p + 1", 7)).matches, ["peel", "pulp"]);
});

test("completion calls no getters", async () => {
  await client.execute("let called = 0; const trap = { get inner() { called++; return { x: 1 } } }");
  const reply = await client.request("complete_request", { code: "trap.inner.", cursor_pos: 11 });
  assert.deepEqual(reply["matches"], []);
  assert.equal(await client.value("called"), "0");
});

test("inspection: a value, a function of the reader's, one's callee, nothing", async () => {
  await client.execute(
    "const plain = { depth: 3 }; function twice(value: number, times = 2) { return value * times }",
  );
  const ask = (code: string, cursor = code.length): Promise<any> =>
    client.request("inspect_request", { code, cursor_pos: cursor, detail_level: 0 });
  const value = await ask("plain", 2);
  assert.equal(value.found, true);
  assert.match(value.data["text/plain"], /\{ depth: 3 \}/);
  assert.match((await ask("twice(1, ")).data["text/plain"], /^function twice\(value,\s+times = 2\)/);
  const nothing = await ask("unheardOf");
  assert.deepEqual([nothing.status, nothing.found, nothing.data], ["ok", false, {}]);
});

test("prompt asks the front end", async () => {
  const id = await client.send("execute_request", {
    code: "const said = prompt('your name?'); said.toUpperCase()",
    allow_stdin: true,
  });
  const question = await client.find(
    ({ channel, parent }) => channel === "stdin" && parent === id,
    "question",
  );
  assert.equal(question.type, "input_request");
  assert.deepEqual(question.content, { prompt: "your name?", password: false });
  await client.send("input_reply", { value: "ada" }, "stdin", question.header);
  await client.replyTo(id);
  assert.equal(client.outputsOf(id)[0]!.content["data"]["text/plain"], "'ADA'");
});

test("prompt without anyone to ask is an error", async () => {
  const { reply } = await client.execute("prompt('name?')", { allow_stdin: false });
  assert.equal(reply["status"], "error");
  assert.match(reply["evalue"], /takes no input/);
});

test("comms: none, and one that is opened is closed", async () => {
  assert.deepEqual(await client.request("comm_info_request"), { status: "ok", comms: {} });
  const id = await client.send("comm_open", { comm_id: "c1", target_name: "widget", data: {} });
  await client.idleAfter(id);
  assert.deepEqual(
    client.outputsOf(id).map(({ type, content }) => [type, content["comm_id"]]),
    [["comm_close", "c1"]],
  );
});

test("a thousand cells of one line lose no output", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 1000; index++) {
    const code =
      index % 2 === 0 ? `console.log('line ${index}')` : `display.text('shown ${index}'); ${index}`;
    ids.push(await client.send("execute_request", { code }));
  }
  await client.idleAfter(ids.at(-1)!);
  let complete = 0;
  for (const [index, id] of ids.entries()) {
    const outputs = client.outputsOf(id);
    if (index % 2 === 0) complete += Number(texts(outputs, "stream") === `line ${index}\n`);
    else
      complete += Number(outputs.length === 2 && outputs[1]!.content["data"]["text/plain"] === String(index));
  }
  assert.equal(complete, 1000);
});

test("text that is written in a loop arrives whole, in few messages", async () => {
  const { outputs } = await client.execute("for (let i = 0; i < 20000; i++) console.log(i)");
  const expected = Array.from({ length: 20000 }, (_, index) => `${index}\n`).join("");
  assert.equal(texts(outputs, "stream"), expected);
  assert.ok(outputs.length < 400, `${outputs.length} messages`);
});

test("the notebook's name, as VS Code gives it with a cell", async (context) => {
  const nameless = await Client.start({ JPY_SESSION_NAME: "" });
  context.after(() => nameless.close());
  const run = async (cellId: unknown): Promise<string> => {
    const header = { msg_id: `run ${cellId}`, msg_type: "execute_request", session: "s", version: "5.3" };
    const content = { code: "throw new Error('where?')" };
    await nameless.sendFrames([header, {}, { cellId }, content].map((part) => JSON.stringify(part)));
    return (await nameless.replyTo(header.msg_id))["traceback"].at(-1);
  };
  assert.equal(
    await run("vscode-notebook-cell:/home/ada/my%20notes/first%20steps.ipynb#W0sZmlsZQ%3D%3D"),
    "  at first steps.ipynb cell[1]:1:7",
  );
  assert.equal(await run("vscode-notebook-cell:/other.ipynb#W1"), "  at first steps.ipynb cell[2]:1:7");
});

for (const cellId of [
  undefined,
  7,
  "a1b2",
  "vscode-notebook-cell:/%E0%A4%A.ipynb#W0",
  "vscode-notebook-cell:/",
]) {
  test(`metadata that name no notebook: cellId ${cellId}`, () =>
    assert.equal(nameInRequest({ cellId }), null));
}
