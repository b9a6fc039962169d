/**
 * @file What the workers of a pool run, as text: it must be whole in itself, wherever the library's own files are.
 */
import { CONTROL, MESSAGE_CHARACTERS, SPINS } from "./poolControl.js";

/**
 * The worker's whole life. It never comes back to its event loop: it waits for a step, takes part, and waits again.
 *
 * A worker counts itself in before it looks whether the step is still open, and the main thread closes a step before it
 * looks whether anybody is in: so nobody works on a step that is over, and nobody waits for a worker that sleeps or died.
 */
const SERVE = `
const C = ${JSON.stringify(CONTROL)};
function serve({ memory, control, id, words: length }) {
  const words = new Int32Array(memory.buffer, control, length);
  const routines = [];
  let modules = 0, module = 0, last = 0;

  const loadModules = (count) => {
    // After growth by another thread this makes the buffer the whole memory.
    memory.grow(0);
    for (; modules < count; modules++) {
      module = modules === 0 ? words[C.firstModule] >>> 0 : new Uint32Array(memory.buffer, module, 1)[0];
      const bytes = new Uint8Array(memory.buffer, module + 8, new Uint32Array(memory.buffer, module, 2)[1]).slice();
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
      for (const name of Object.keys(exports)) routines[Number(name.slice(1))] = exports[name];
    }
  };

  const nextPhase = () => {
    for (let spins = ${SPINS}; ; spins--) {
      const phase = Atomics.load(words, C.phase);
      if ((phase & 1) === 1 && phase !== last) return phase;
      if (spins > 0) continue;
      Atomics.add(words, C.sleepers, 1);
      Atomics.wait(words, C.phase, phase);
      Atomics.sub(words, C.sleepers, 1);
      spins = ${SPINS};
    }
  };

  const work = () => {
    const run = routines[words[C.routine]], args = words[C.args], units = words[C.units], grain = words[C.grain];
    for (;;) {
      const begin = Atomics.add(words, C.next, grain);
      if (begin >= units) return;
      run(args, begin, Math.min(begin + grain, units), id);
    }
  };

  const tell = (error) => {
    Atomics.store(words, C.next, words[C.units]);
    if (Atomics.compareExchange(words, C.failed, 0, id) !== 0) return;
    const message = String(error && error.message || error).slice(0, ${MESSAGE_CHARACTERS});
    for (let i = 0; i < message.length; i++) words[C.message + i] = message.charCodeAt(i);
    words[C.messageLength] = message.length;
  };

  Atomics.add(words, C.ready, 1);
  Atomics.notify(words, C.ready);
  for (;;) {
    last = nextPhase();
    if (id > words[C.helpers]) continue;
    const count = Atomics.load(words, C.moduleCount);
    if (modules < count) loadModules(count);
    Atomics.add(words, C.active, 1);
    if (Atomics.load(words, C.phase) === last) {
      try { work(); } catch (error) { tell(error); }
    }
    if (Atomics.sub(words, C.active, 1) === 1 && Atomics.load(words, C.joining) === 1) Atomics.notify(words, C.active);
  }
}
`;

/** For a worker thread of Node, which gets its data at birth. */
export const NODE_WORKER = `"use strict";${SERVE}serve(require("node:worker_threads").workerData);`;

/** For a worker of a page, which is told. */
export const PAGE_WORKER = `${SERVE}onmessage = ({ data }) => serve(data);`;
