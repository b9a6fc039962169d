/**
 * @file The code of a product: a unit is a block of rows and columns of one batch, summed in passes along k. Each worker packs
 * what it needs into scratch of its own.
 */
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";
import { dotFunction } from "./contractDot.js";
import { LOW_ROWS, type ProductElement, TILE_ROW_BYTES, tileBytes } from "./contractElement.js";
import { packFunction } from "./contractPack.js";
import { type PanelPlace, tileFunction } from "./contractTile.js";
import { type ProductCode, UnitWriter } from "./contractUnit.js";

interface Functions {
  readonly pack: Readonly<Record<"row" | "column", FunctionHandle>>;
  readonly dot: FunctionHandle;
  /** The tile of all rows, and the lower one for the last few. */
  readonly tile: Readonly<Record<PanelPlace, FunctionHandle>>;
  readonly lowTile: Readonly<Record<PanelPlace, FunctionHandle>>;
}

/** Writes the routine of a product. */
export function writeProduct(f: FunctionBuilder, code: ProductCode): void {
  new ProductWriter(f, code).write();
}

class ProductWriter extends UnitWriter {
  readonly #element: ProductElement;
  readonly #functions: Functions;

  constructor(f: FunctionBuilder, code: ProductCode) {
    super(f, code);
    const { module } = f;
    const { element } = code;
    this.#element = element;
    const tilesOf = (height: number) => ({
      packed: tileFunction(module, element, "packed", height),
      direct: tileFunction(module, element, "direct", height),
    });
    this.#functions = {
      pack: {
        row: packFunction(module, element, element.rows),
        column: packFunction(module, element, element.columns),
      },
      dot: dotFunction(module, element),
      tile: tilesOf(element.rows),
      lowTile: tilesOf(LOW_ROWS),
    };
  }

  protected override before(): void {
    this.f.i32(-1).set(this.local("packed"));
  }

  protected unit(unit: Local): void {
    const { f } = this;
    const [rest, block, split] = [this.local("rest"), this.local("block"), this.local("split")];
    f.get(unit).set(rest);
    this.splitOff(rest, "rowBlocks", block);
    this.blockOf("row", "rows", block);
    f.get(rest).set(this.local("panelsOf"));
    this.splitOff(rest, "splits", split);
    this.splitOff(rest, "columnBlocks", block);
    this.blockOf("column", "columns", block);
    f.get(rest).set(this.local("batch"));
    this.sideTables("row", "m", 0);
    this.sideTables("column", "n", 1);
    this.#strips(unit);
    const [pass, first, end] = [this.local("pass"), this.local("firstPass"), this.local("endPass")];
    f.get(split);
    this.word("passes").op("i32.mul").tee(first).set(pass);
    f.get(first);
    this.word("passes").op("i32.add").set(end);
    this.word("depthBlocks").get(end).get(end);
    this.word("depthBlocks").op("i32.gt_s").op("select").set(end);
    f.countTo(pass, end, 1, () => this.#pass(pass));
  }

  /** Sets where the unit's strips of tiles are: in scratch, or kept for later where units are parts of sums. */
  #strips(unit: Local): void {
    const strips = this.local("strips");
    this.word("splits").i32(1).op("i32.eq").tee(this.local("whole"));
    this.f.if(
      () => this.scratch("strips").set(strips),
      () => {
        this.word("partials").get(unit);
        this.word("unitBytes").op("i32.mul").op("i32.add").set(strips);
      },
    );
  }

  /** One pass along k, over all the unit's tiles. */
  #pass(pass: Local): void {
    const { f } = this;
    this.blockOf("depth", "depth", pass);
    // Dot products along contiguous k need no more than where it begins.
    const entries = this.local("depthEntries");
    f.i32(1).get(this.local("depthHere"));
    this.word("thin");
    this.word("runs").op("i32.and").op("select").set(entries);
    for (const array of [0, 1]) {
      this.loops("k", array).i32(0).get(this.local("depthFirst")).get(entries);
      this.table("depth", array).call(this.tables);
    }
    this.word("thin")
      .op("i32.eqz")
      .if(() => this.#panels());
    const row = this.local("row");
    f.i32(0).set(row);
    f.countTo(row, this.local("rowHere"), this.#element.rows, () => this.#rowsOfTiles(pass, row));
  }

  /** Sets where tiles find b: the first panel, the bytes to the next, and those of a step along k. */
  #panels(): void {
    const { f } = this;
    const [panel, next, step] = [this.local("panel"), this.local("panelNext"), this.local("panelStep")];
    this.word("direct")
      .tee(this.local("direct"))
      .if(
        () => {
          this.table("column", 0).memory("i32.load");
          this.table("depth", 1).memory("i32.load").op("i32.add").set(panel);
          f.i32(TILE_ROW_BYTES).set(next);
          this.word("directStep").set(step);
        },
        () => {
          this.scratch("panels").set(panel);
          f.get(this.local("depthHere")).i32(TILE_ROW_BYTES).op("i32.mul").set(next);
          f.i32(TILE_ROW_BYTES).set(step);
          this.#packPanels();
        },
      );
  }

  /** Packs the block's panels, unless they are still there: neighbouring units differ in their rows. */
  #packPanels(): void {
    const { f } = this;
    const column = this.local("packColumn");
    this.word("depthBlocks").i32(1).op("i32.gt_s");
    f.get(this.local("packed")).get(this.local("panelsOf")).op("i32.ne").op("i32.or");
    f.if(() => {
      f.get(this.local("panelsOf")).set(this.local("packed"));
      f.i32(0).set(column);
      this.#pack("column", column, this.local("columnHere"), this.local("panel"));
    });
  }

  /** Packs the rows of some tiles, if this tile is the first of them. */
  #packRows(row: Local): void {
    const { f } = this;
    const [first, end] = [this.local("packRow"), this.local("packRowEnd")];
    f.get(row);
    this.word("rowGroup").op("i32.rem_u").op("i32.eqz");
    f.if(() => {
      f.get(row).set(first).get(row);
      this.word("rowGroup").op("i32.add").set(end);
      f.get(end).get(this.local("rowHere")).get(end).get(this.local("rowHere")).op("i32.lt_s");
      f.op("select").set(end);
      this.#pack("row", first, end, this.local("scratch"));
    });
  }

  /** Packs lines from one on to an end, one tile's or panel's after the other: some steps of k of all, then the next. */
  #pack(kind: "row" | "column", first: Local, end: Local, out: Local): void {
    const { f } = this;
    const [step, steps, here] = [this.local("packStep"), this.local("packSteps"), this.local("packHere")];
    const [line, to, next] = [this.local("packLine"), this.local("packTo"), this.local("packNext")];
    const [width, factor] = kind === "row" ? [this.#element.rows, 0] : [this.#element.columns, 1];
    const perStep = width * this.#element.packedBytes;
    f.get(this.local("depthHere")).i32(perStep).op("i32.mul").set(next);
    f.i32(0).set(step);
    this.word(`${kind}Steps`).set(steps);
    f.loop((again) => {
      f.get(this.local("depthHere")).get(step).op("i32.sub").set(here);
      f.get(here).get(steps).get(here).get(steps).op("i32.lt_s").op("select").set(here);
      f.get(step).i32(perStep).op("i32.mul").get(out).op("i32.add").set(to);
      f.get(first).set(line);
      f.countTo(line, end, width, () => {
        this.table(kind, 0).get(line).i32(2).op("i32.shl").op("i32.add");
        this.table("depth", factor).get(step).i32(2).op("i32.shl").op("i32.add");
        f.get(here).get(to).call(this.#functions.pack[kind]);
        f.get(to).get(next).op("i32.add").set(to);
      });
      f.get(step).get(steps).op("i32.add").tee(step);
      f.get(this.local("depthHere")).op("i32.lt_s").branchIf(again);
    });
  }

  /** A tile's rows of the unit, times all its columns. */
  #rowsOfTiles(pass: Local, row: Local): void {
    const { f } = this;
    const [strip, last, later] = [this.local("strip"), this.local("last"), this.local("later")];
    this.word("stripStep").get(row).i32(this.#element.rows).op("i32.div_u").op("i32.mul");
    f.get(this.local("strips")).op("i32.add").set(strip);
    f.get(pass).get(this.local("firstPass")).op("i32.ne").set(later);
    f.get(pass).i32(1).op("i32.add").get(this.local("endPass")).op("i32.eq");
    f.get(this.local("whole")).op("i32.and").set(last);
    const rowsHere = this.local("rowsHere");
    f.get(this.local("rowHere")).get(row).op("i32.sub").set(rowsHere);
    this.pushAtMost(rowsHere, this.#element.rows);
    f.set(rowsHere);
    f.i32(0).set(this.local("written"));
    this.word("thin").if(
      () => this.#dots(row),
      () => this.#strip(row),
    );
    f.get(last).if(() => {
      f.get(f.parameters[0]!).get(strip);
      this.table("row", 1).get(row).i32(2).op("i32.shl").op("i32.add");
      this.table("column", 1).get(rowsHere).get(this.local("written")).get(this.local("columnHere"));
      f.call(this.epilogue);
    });
  }

  /** Fills the tiles of a strip cell by cell. */
  #dots(row: Local): void {
    const { f } = this;
    const { columns, packedBytes } = this.#element;
    const [r, c] = [this.local("dotRow"), this.local("dotColumn")];
    f.i32(0).set(r);
    f.countTo(r, this.local("rowsHere"), 1, () => {
      f.i32(0).set(c);
      f.countTo(c, this.local("columnHere"), 1, () => {
        this.table("row", 0)
          .get(row)
          .get(r)
          .op("i32.add")
          .i32(2)
          .op("i32.shl")
          .op("i32.add")
          .memory("i32.load");
        this.table("column", 0).get(c).i32(2).op("i32.shl").op("i32.add").memory("i32.load");
        this.table("depth", 0);
        this.table("depth", 1).get(this.local("depthHere"));
        this.word("runs").get(this.local("strip"));
        f.get(r).i32(TILE_ROW_BYTES).op("i32.mul").op("i32.add");
        f.get(c).i32(columns).op("i32.div_u").i32(tileBytes(this.#element)).op("i32.mul").op("i32.add");
        f.get(c).i32(columns).op("i32.rem_u").i32(packedBytes).op("i32.mul").op("i32.add");
        f.get(this.local("later")).call(this.#functions.dot);
      });
    });
  }

  /** A strip of tiles: packs the rows, and multiplies them by one panel after the other. */
  #strip(row: Local): void {
    const { f } = this;
    this.#packRows(row);
    f.get(row);
    this.word("rowGroup").op("i32.rem_u").get(this.local("depthHere")).op("i32.mul");
    f.i32(this.#element.packedBytes).op("i32.mul").get(this.local("scratch")).op("i32.add");
    f.set(this.local("packedRows"));
    f.i32(0).set(this.local("column"));
    f.get(this.local("panel")).set(this.local("panelAt"));
    f.get(this.local("strip")).set(this.local("tile"));
    if (this.code.plain) this.#tilesInPlace(row);
    this.#tilesInStrip();
  }

  /** One tile after the other up to a column, to `outAt`, its rows `outStep` bytes apart; the next is `next` bytes on. */
  #tiles(end: Local, next: number): void {
    const { f } = this;
    const [column, panel, tile] = [this.local("column"), this.local("panelAt"), this.local("tile")];
    const out = this.local("outAt");
    const call = (function_: FunctionHandle): void => {
      f.get(this.local("packedRows")).get(panel).get(this.local("panelStep")).get(this.local("depthHere"));
      f.get(tile).i32(0).get(this.local("later")).op("select");
      f.get(out).get(this.local("outStep")).call(function_);
    };
    const callIn = (place: PanelPlace): void => {
      const { tile: whole, lowTile } = this.#functions;
      f.get(this.local("rowsHere")).i32(LOW_ROWS).op("i32.le_s");
      f.if(
        () => call(lowTile[place]),
        () => call(whole[place]),
      );
    };
    f.countTo(column, end, this.#element.columns, () => {
      f.get(this.local("direct")).if(
        () => callIn("direct"),
        () => callIn("packed"),
      );
      f.get(panel).get(this.local("panelNext")).op("i32.add").set(panel);
      f.get(tile).i32(tileBytes(this.#element)).op("i32.add").set(tile);
      f.get(out).i32(next).op("i32.add").set(out);
    });
  }

  /** Tiles that go to the strip, to be added to or finished there. */
  #tilesInStrip(): void {
    const { f } = this;
    f.get(this.local("column")).set(this.local("written"));
    f.get(this.local("tile")).set(this.local("outAt"));
    f.i32(TILE_ROW_BYTES).set(this.local("outStep"));
    this.#tiles(this.local("columnHere"), tileBytes(this.#element));
  }

  /** In the last pass, whole tiles whose sums are the result go straight to it. */
  #tilesInPlace(row: Local): void {
    const { f } = this;
    const [out, step, end] = [this.local("outAt"), this.local("outStep"), this.local("wholeEnd")];
    const rows = this.local("rowPlaces");
    this.table("row", 1).get(row).i32(2).op("i32.shl").op("i32.add").set(rows);
    f.get(rows).memory("i32.load", 4).get(rows).memory("i32.load").op("i32.sub").set(step);
    this.word("even").get(this.local("last")).op("i32.and");
    f.get(this.local("rowsHere")).i32(this.#element.rows).op("i32.eq").op("i32.and");
    this.#pushEvenRows(rows, step);
    f.op("i32.and").if(() => {
      f.get(this.local("columnHere")).i32(-this.#element.columns).op("i32.and").set(end);
      f.get(rows).memory("i32.load");
      this.table("column", 1).memory("i32.load").op("i32.add").set(out);
      this.#tiles(end, TILE_ROW_BYTES);
    });
  }

  /** Pushes whether a tile's rows' places are `step` apart. */
  #pushEvenRows(rows: Local, step: Local): void {
    const { f } = this;
    for (let row = 2; row < this.#element.rows; row++) {
      f.get(rows)
        .memory("i32.load", 4 * row)
        .get(rows)
        .memory("i32.load", 4 * (row - 1));
      f.op("i32.sub").get(step).op("i32.eq");
      if (row > 2) f.op("i32.and");
    }
  }
}
