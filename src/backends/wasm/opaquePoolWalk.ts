/**
 * @file The loops of pooling. Either walk has a place of its own at each turn and folds all places of the other array that
 * belong to it: a window folds its cells, a cell the windows that hold it. Channels are treated four at a time.
 */
import type { FunctionBuilder, Local } from "./assembler.js";
import { elementBytes, type Four, loadFour } from "./fours.js";
import {
  type Columns,
  computed,
  copied,
  eachColumns,
  firstNumbers,
  lesser,
  replace,
  type WordReader,
} from "./opaqueRoutine.js";
import { VectorWriter } from "./vectors.js";

const AXES = [0, 1, 2] as const;
type Axis = (typeof AXES)[number];
const SOURCES = [0, 1] as const;

export type PoolDType = "float32" | "float64";

/** Sizes along the three spatial axes, and the argument block's arrays. */
export type PoolWord =
  | `${"whole" | "pooled" | "window" | "stride" | "before"}${Axis}`
  | "channels"
  | "target"
  | `source${0 | 1}`;

/** What pooling does to four channels. Its state is a list of vectors. */
export interface PoolFold {
  /** What is folded at each place: a window's cells, or the windows that hold a cell. */
  readonly over: "cells" | "windows";
  /** Tells apart what the functions below write. */
  readonly name: string;
  readonly dtype: PoolDType;
  /** How many arrays are folded. */
  readonly sources: number;
  /**
   * What the functions get as `place`: four times the number of the cell, the one that is folded or the one that folds, in
   * integers as wide as the dtype; or how many cells the window has, as one vector of float64.
   */
  readonly uses: "cell" | "count" | "nothing";
  /** The state before all else. `first` gives the values of a window's first cell; windows of a cell there may be none. */
  start(v: VectorWriter, first: () => { values: readonly Four[]; place: Four }): Four;
  /** The state after the sources' next values. */
  step(v: VectorWriter, state: Four, values: readonly Four[], place: Four): Four;
  /** `place` is that of what folds. */
  finish(v: VectorWriter, state: Four, place: Four): Four;
}

/** Positions from `first` up to `last` along one axis. */
interface Range {
  readonly first: Local;
  readonly last: Local;
}

/** Writes one walk. A unit is a line of places: all along the last spatial axis. */
export class PoolWalk {
  readonly #v: VectorWriter;
  readonly #bytes: number;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly word: WordReader<PoolWord>,
    private readonly fold: PoolFold,
  ) {
    this.#v = new VectorWriter(f, fold.dtype === "float32" ? "f32x4" : "f64x2", false);
    this.#bytes = elementBytes(fold.dtype);
  }

  write(unit: Local): void {
    const { f, word } = this;
    const own = this.fold.over === "cells" ? "pooled" : "whole";
    const position = [f.local("i32"), f.local("i32"), f.local("i32")] as const;
    const example = f.local("i32");
    f.get(unit)
      .get(word(`${own}1`))
      .op("i32.rem_u")
      .set(position[1]);
    f.get(unit)
      .get(word(`${own}1`))
      .op("i32.div_u")
      .set(example);
    f.get(example)
      .get(word(`${own}0`))
      .op("i32.rem_u")
      .set(position[0]);
    f.get(example)
      .get(word(`${own}0`))
      .op("i32.div_u")
      .set(example);
    const [range0, range1] = [this.#range(0, position[0]), this.#range(1, position[1])];
    const offset = computed(f, () =>
      f
        .get(unit)
        .get(word(`${own}2`))
        .op("i32.mul")
        .get(this.#rowBytes())
        .op("i32.mul"),
    );
    f.i32(0).set(position[2]);
    f.countTo(position[2], word(`${own}2`), 1, () => {
      this.#writePlace(example, [range0, range1, this.#range(2, position[2])], offset);
      f.get(offset).get(this.#rowBytes()).op("i32.add").set(offset);
    });
  }

  /** Bytes of all channels at one place. */
  #rowBytes(): Local {
    const { f, word } = this;
    const channels = word("channels");
    return f.hoist("row bytes", "i32", () => f.get(channels).i32(this.#bytes).op("i32.mul"));
  }

  /** What belongs to a position. */
  #range(axis: Axis, position: Local): Range {
    return this.fold.over === "cells" ? this.#cells(axis, position) : this.#windows(axis, position);
  }

  /** The cells of a window that are inside. */
  #cells(axis: Axis, window: Local): Range {
    const { f, word } = this;
    const start = computed(f, () =>
      f
        .get(window)
        .get(word(`stride${axis}`))
        .op("i32.mul")
        .get(word(`before${axis}`))
        .op("i32.sub"),
    );
    const end = computed(f, () =>
      f
        .get(start)
        .get(word(`window${axis}`))
        .op("i32.add"),
    );
    const zero = f.hoist("zero", "i32", () => f.i32(0));
    return { first: lesser(f, start, zero, "gt_s"), last: lesser(f, end, word(`whole${axis}`)) };
  }

  /** The windows that hold a cell: from the first that ends after it to the last that begins before it. */
  #windows(axis: Axis, cell: Local): Range {
    const { f, word } = this;
    const from = computed(f, () =>
      f
        .get(cell)
        .get(word(`before${axis}`))
        .op("i32.add"),
    );
    const stride = word(`stride${axis}`);
    const first = f.local("i32");
    f.get(from)
      .get(word(`window${axis}`))
      .op("i32.ge_s");
    f.if(
      () => {
        f.get(from)
          .get(word(`window${axis}`))
          .op("i32.sub")
          .get(stride)
          .op("i32.div_s");
        f.i32(1).op("i32.add").set(first);
      },
      () => f.i32(0).set(first),
    );
    const end = computed(f, () => f.get(from).get(stride).op("i32.div_s").i32(1).op("i32.add"));
    return { first, last: lesser(f, end, word(`pooled${axis}`)) };
  }

  /** All channels of one place. */
  #writePlace(example: Local, ranges: readonly Range[], offset: Local): void {
    const { f, word, fold } = this;
    let place: Four = [];
    if (fold.over === "windows" && fold.uses === "cell") place = this.#cell(offset);
    if (fold.over === "cells" && fold.uses === "count") {
      const extents = ranges.map(({ first, last }) =>
        computed(f, () => f.get(last).get(first).op("i32.sub")),
      );
      place = this.#count(extents);
    }
    eachColumns(f, fold.dtype, word("channels"), fold.dtype === "float32" ? 4 : 2, (columns) => {
      this.#writeColumns(columns, example, ranges, offset, place);
    });
  }

  /** The number of a cell, which is the offset of its first channel, four times. */
  #cell(offset: Local): Four {
    const { f } = this;
    const number = f.local("v128");
    f.get(offset);
    if (this.fold.dtype === "float32") f.op("i32x4.splat").set(number);
    else f.op("i64.extend_i32_u").op("i64x2.splat").set(number);
    return this.fold.dtype === "float32" ? [number] : [number, number];
  }

  /** How many cells there are with these extents. */
  #count(extents: readonly Local[]): Four {
    const { f } = this;
    const count = f.local("v128");
    f.get(extents[0]!).get(extents[1]!).op("i32.mul").get(extents[2]!).op("i32.mul");
    f.op("f64.convert_i32_s").op("f64x2.splat").set(count);
    return [count];
  }

  #writeColumns(
    columns: Columns,
    example: Local,
    ranges: readonly Range[],
    offset: Local,
    ownPlace: Four,
  ): void {
    const { f, word, fold } = this;
    const v = this.#v;
    const pointers = SOURCES.slice(0, fold.sources).map((k) =>
      computed(f, () =>
        f
          .get(word(`source${k}`))
          .get(columns.at)
          .op("i32.add"),
      ),
    );
    const groups = firstNumbers(columns.fours);
    const load = (group: number, at: Local): Four[] =>
      pointers.map((pointer) => {
        const address = computed(f, () => f.get(pointer).get(at).op("i32.add"));
        return loadFour(f, fold.dtype, address, 4 * group * this.#bytes);
      });
    const moving = fold.uses === "cell" && fold.over === "cells";
    const states = groups.map((group) => {
      const state = fold.start(v, () => {
        const at = this.#offsetOf(
          example,
          ranges.map(({ first }) => first),
        );
        return { values: load(group, at), place: moving ? this.#cell(at) : ownPlace };
      });
      return copied(f, state);
    });
    this.#eachPlace(example, ranges, (at, positions) => {
      const place = this.#movingPlace(at, positions) ?? ownPlace;
      for (const group of groups) {
        const next = fold.step(v, states[group]!, load(group, at), place);
        replace(f, states[group]!, next);
      }
    });
    const target = computed(f, () =>
      f.get(word("target")).get(columns.at).op("i32.add").get(offset).op("i32.add"),
    );
    for (const group of groups) columns.store(target, group, fold.finish(v, states[group]!, ownPlace));
  }

  /** What the fold wants to know of the place that is folded; null if it is not asked for. */
  #movingPlace(at: Local, positions: readonly Local[]): Four | null {
    const { f, fold } = this;
    if (fold.over === "cells") return fold.uses === "cell" ? this.#cell(at) : null;
    if (fold.uses !== "count") return null;
    const extents = AXES.map((axis) => {
      const { first, last } = this.#cells(axis, positions[axis]!);
      return computed(f, () => f.get(last).get(first).op("i32.sub"));
    });
    return this.#count(extents);
  }

  /** The offset of a place in the arrays that are folded. */
  #offsetOf(example: Local, positions: readonly Local[]): Local {
    const { f, word } = this;
    const other = this.fold.over === "cells" ? "whole" : "pooled";
    return computed(f, () => {
      f.get(example);
      for (const axis of AXES)
        f.get(word(`${other}${axis}`))
          .op("i32.mul")
          .get(positions[axis]!)
          .op("i32.add");
      f.get(this.#rowBytes()).op("i32.mul");
    });
  }

  /** Writes `body` for all places in the ranges, in order, with their offset and their positions. */
  #eachPlace(
    example: Local,
    ranges: readonly Range[],
    body: (at: Local, positions: readonly Local[]) => void,
  ): void {
    const { f } = this;
    const positions = AXES.map(() => f.local("i32"));
    const walk = (axis: Axis, inner: () => void): void => {
      f.get(ranges[axis]!.first).set(positions[axis]!);
      f.countTo(positions[axis]!, ranges[axis]!.last, 1, inner);
    };
    walk(0, () =>
      walk(1, () => {
        const at = this.#offsetOf(example, [positions[0]!, positions[1]!, ranges[2]!.first]);
        walk(2, () => {
          body(at, positions);
          f.get(at).get(this.#rowBytes()).op("i32.add").set(at);
        });
      }),
    );
  }
}
