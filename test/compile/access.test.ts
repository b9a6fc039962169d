/**
 * @file Routes between nests of loops, against walking both.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { follow, isWhole, routeThrough, splitStrides, type Walk } from "../../src/compile/access.js";

/** The elements a walk visits, the last loop fastest. */
function visited({ offset, strides }: Walk, sizes: readonly number[]): number[] {
  let elements = [offset];
  sizes.forEach((size, loop) => {
    elements = elements.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[loop]!));
  });
  return elements;
}

/** For each element of an array, what another walk visits at the step at which `through` visits it. */
function carried(through: Walk, sizes: readonly number[], other: Walk): Map<number, number> {
  const values = visited(other, sizes);
  return new Map(visited(through, sizes).map((element, step) => [element, values[step]!]));
}

interface Case {
  readonly walk: Walk;
  readonly sizes: readonly number[];
  readonly through: Walk;
  readonly throughSizes: readonly number[];
}

/** The parts of the route, after checking that following it is walking the walk and looking up each element. */
function checkRoute({ walk, sizes, through, throughSizes }: Case): readonly (readonly number[])[] | null {
  const count = throughSizes.reduce((n, m) => n * m, 1);
  const route = routeThrough(walk, sizes, through, throughSizes, count);
  if (route === null) return null;
  const other = { offset: 5, strides: throughSizes.map((_, i) => [7, -3, 100, 0][i % 4]!) };
  const lookup = carried(through, throughSizes, other);
  const expected = visited(walk, sizes).map((element) => lookup.get(element));
  assert.deepEqual(visited(follow(route, other), route.parts.flat()), expected);
  const split = { offset: walk.offset, strides: splitStrides(walk.strides, route.parts) };
  assert.deepEqual(visited(split, route.parts.flat()), visited(walk, sizes));
  return route.parts;
}

const transposed: Pick<Case, "through" | "throughSizes"> = {
  through: { offset: 0, strides: [1, 4] },
  throughSizes: [4, 6],
};

test("a loop that crosses digits is split; one that moves one digit is not", () => {
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 0, strides: [1] }, sizes: [24] }), [[6, 4]]);
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 3, strides: [4] }, sizes: [6] }), [[6]]);
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 0, strides: [8, 1] }, sizes: [3, 8] }), [
    [3],
    [2, 4],
  ]);
});

test("backward, repeated, windowed and strided walks are followed", () => {
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 23, strides: [-1] }, sizes: [24] }), [[6, 4]]);
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 1, strides: [0, 4, 2] }, sizes: [5, 6, 2] }), [
    [5],
    [6],
    [2],
  ]);
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 0, strides: [4, 4, 1] }, sizes: [4, 3, 4] }), [
    [4],
    [3],
    [4],
  ]);
  assert.deepEqual(checkRoute({ ...transposed, walk: { offset: 0, strides: [2] }, sizes: [12] }), [[6, 2]]);
});

test("walks with carries, along diagonals, and through gaps have no route", () => {
  const none = (walk: Walk, sizes: number[]): void =>
    assert.equal(checkRoute({ ...transposed, walk, sizes }), null);
  none({ offset: 1, strides: [1] }, [20]);
  none({ offset: 0, strides: [5] }, [4]);
  none({ offset: 0, strides: [3] }, [8]);
  none({ offset: 0, strides: [4, 4] }, [5, 3]);
  const gaps = { through: { offset: 0, strides: [8, 1] }, throughSizes: [3, 4] };
  assert.equal(checkRoute({ ...gaps, walk: { offset: 0, strides: [1] }, sizes: [4] }), null);
});

test("every small walk that has a route follows it", () => {
  const through = { offset: 0, strides: [1, 12, 3] };
  const throughSizes = [3, 2, 4];
  let found = 0;
  for (let offset = 0; offset < 24; offset++)
    for (let stride = -12; stride <= 12; stride++)
      for (let size = 1; size <= 8; size++)
        for (const [second, times] of [
          [0, 3],
          [1, 3],
          [-1, 2],
          [6, 2],
          [12, 2],
        ] as const) {
          const walk = { offset, strides: [stride, second] };
          const ends = visited(walk, [size, times]);
          if (Math.min(...ends) < 0 || Math.max(...ends) > 23) continue;
          if (checkRoute({ walk, sizes: [size, times], through, throughSizes }) !== null) found += 1;
        }
  assert.ok(found > 500, `${found} routes`);
});

test("a walk is whole if it visits every element once", () => {
  assert.ok(isWhole({ offset: 0, strides: [1, 4] }, [4, 6], 24));
  assert.ok(isWhole({ offset: 0, strides: [] }, [], 1));
  assert.ok(!isWhole({ offset: 0, strides: [6, 1] }, [4, 5], 24));
  assert.ok(!isWhole({ offset: 0, strides: [0, 1] }, [2, 24], 24));
  assert.ok(!isWhole({ offset: 23, strides: [-1] }, [24], 24));
});
