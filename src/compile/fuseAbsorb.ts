/**
 * @file Two kernels as one: a producer's lane put where its reader asks for the element, or one kernel's targets added to
 * another's.
 */
import type { TypedLane } from "../ir/typedLane.js";
import { follow, type Route, routeThrough, sameWalk } from "./access.js";
import {
  adopted,
  lanesOf,
  type OpenKernel,
  type Reading,
  refined,
  sizesOf,
  type Writing,
  withLanes,
} from "./fuseKernel.js";
import { nodesOf, pathsOf, substitution } from "./fuseLane.js";

/** A kernel with more than this is slower to compile and to run than two. */
const MOST_ARRAYS = 16;
const MOST_NODES = 150;
const MOST_LOOPS = 12;

export const isModest = (open: OpenKernel): boolean =>
  open.reads.length + open.writes.length <= MOST_ARRAYS &&
  open.loops.length <= MOST_LOOPS &&
  hasFewNodes(lanesOf(open));

/** Counting every path is quick, and most often enough. */
const hasFewNodes = (lanes: readonly TypedLane[]): boolean =>
  lanes.reduce((n, lane) => n + pathsOf(lane), 0) <= MOST_NODES || nodesOf(lanes).length <= MOST_NODES;

/** The run-time numbers of two kernels; null where one name means two numbers, as after names have been made short. */
function bothParams(a: OpenKernel, b: OpenKernel): OpenKernel["params"] | null {
  for (const name of Object.keys(a.params))
    if (name in b.params && !Object.is(a.params[name], b.params[name])) return null;
  return { ...a.params, ...b.params };
}

/**
 * The reader, computing for itself what it read: the producer's lane stands where the array's element was asked for.
 *
 * @param read   the reader's way through the array
 * @param write  the producer's, which must visit every element once
 * @returns      null where the producer's loops do not follow from the reader's, or the reader needs an array
 */
export function absorbed(
  reader: OpenKernel,
  read: Reading,
  producer: OpenKernel,
  write: Writing,
): OpenKernel | null {
  const route = routeThrough(read, sizesOf(reader), write, sizesOf(producer), read.buffer.size);
  if (route === null) return null;
  const split = refined(reader, route.parts);
  const place = reader.reads.indexOf(read);
  const taken = producer.reads.map((source) => ({ ...source, ...follow(route, source), use: read.use }));
  const nodes = [...producer.nodes, ...reader.nodes];
  if (read.use === "a" || read.use === "b") {
    if (write.lane.kind !== "input") return null;
    const reads = split.reads.with(place, { ...taken[0]!, name: read.name });
    return { ...split, reads, nodes };
  }
  const { reads, names } = adopted(split.reads.toSpliced(place, 1), taken);
  const lane = substitution(names)(write.lane);
  const params = bothParams(producer, reader);
  if (params === null) return null;
  return withLanes({ ...split, reads, params, nodes }, read.use, new Map([[read.name, lane]]));
}

/**
 * Two kernels as one over the loops of the first. Where the second reads what the first writes, it must stand on the same
 * element.
 *
 * @param second  a map
 * @param route   from the first's loops to the second's
 */
export function joined(first: OpenKernel, second: OpenKernel, route: Route): OpenKernel | null {
  const base = refined(first, route.parts);
  const use = first.kind === "map" ? "element" : "target";
  const lanes = new Map<string, TypedLane>();
  const others: Reading[] = [];
  for (const read of second.reads) {
    const moved = { ...read, ...follow(route, read), use } as const;
    const write = base.writes.find(({ buffer }) => buffer === read.buffer);
    if (write === undefined) others.push(moved);
    else if (sameWalk(write, moved)) lanes.set(read.name, write.lane);
    else return null;
  }
  if (second.writes.some(({ buffer }) => base.writes.some((write) => write.buffer === buffer))) return null;
  const { reads, names } = adopted(base.reads, others);
  const put = substitution(new Map([...lanes, ...names]));
  const added = second.writes.map((write) => ({ ...write, ...follow(route, write), lane: put(write.lane) }));
  const writes = [...base.writes, ...added];
  const params = bothParams(first, second);
  if (params === null) return null;
  return { ...base, reads, writes, params, nodes: [...base.nodes, ...second.nodes] };
}
