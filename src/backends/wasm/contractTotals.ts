/**
 * @file The second routine of products whose sums along k are cut into parts: adds the parts, always in one order, and computes
 * the targets. A unit is one tile's rows of a block.
 */
import type { FunctionBuilder, Local } from "./assembler.js";
import { tileBytes } from "./contractElement.js";
import { type ProductCode, UnitWriter } from "./contractUnit.js";

/** Writes the routine. */
export function writeTotals(f: FunctionBuilder, code: ProductCode): void {
  new TotalsWriter(f, code).write();
}

class TotalsWriter extends UnitWriter {
  protected unit(unit: Local): void {
    const { f } = this;
    const tileRows = this.code.element.rows;
    const [rest, block, panel] = [this.local("rest"), this.local("block"), this.local("panel")];
    f.get(unit).set(rest);
    // Rows of a block as strips have them.
    this.word("rowBlock").i32(tileRows).op("i32.div_u").set(block);
    f.get(rest).get(block).op("i32.rem_u").set(panel);
    f.get(rest).get(block).op("i32.div_u").set(rest);
    this.splitOff(rest, "rowBlocks", block);
    this.blockOf("row", "rows", block);
    this.#strip(rest, block, panel);
    this.splitOff(rest, "columnBlocks", block);
    this.blockOf("column", "columns", block);
    f.get(rest).set(this.local("batch"));
    const [first, here] = [this.local("rowFirst"), this.local("rowHere")];
    f.get(panel).i32(tileRows).op("i32.mul").set(panel);
    f.get(first).get(panel).op("i32.add").set(first);
    f.get(here).get(panel).op("i32.sub").set(here);
    this.pushAtMost(here, tileRows);
    f.tee(here).i32(0).op("i32.gt_s");
    f.if(() => {
      this.#add();
      this.sideTables("row", "m", 0);
      this.sideTables("column", "n", 1);
      f.get(f.parameters[0]!).get(this.local("strip"));
      this.table("row", 1);
      this.table("column", 1).get(here).i32(0).get(this.local("columnHere")).call(this.epilogue);
    });
  }

  /** Sets where the first part's strip is, and how far it is to the next part's. */
  #strip(columns: Local, block: Local, panel: Local): void {
    const { f } = this;
    const [strip, next] = [this.local("strip"), this.local("next")];
    this.word("rowBlocks");
    this.word("unitBytes").op("i32.mul").set(next);
    f.get(next).get(columns).op("i32.mul");
    this.word("splits").op("i32.mul");
    f.get(block);
    this.word("unitBytes").op("i32.mul").op("i32.add").get(panel);
    this.word("stripStep").op("i32.mul").op("i32.add");
    this.word("partials").op("i32.add").set(strip);
  }

  /** Adds the strips of all other parts to the first one's. */
  #add(): void {
    const { f } = this;
    const { vector } = this.code.element;
    const bytesOfTile = tileBytes(this.code.element);
    const [part, parts, to] = [this.local("part"), this.local("parts"), this.local("to")];
    const [from, column] = [this.local("from"), this.local("column")];
    f.i32(1).set(part);
    this.word("splits").set(parts);
    f.get(this.local("strip")).set(from);
    f.countTo(part, parts, 1, () => {
      f.get(from).get(this.local("next")).op("i32.add").set(from);
      f.i32(0).set(column);
      f.countTo(column, this.local("columnHere"), this.code.element.columns, () => {
        f.get(column)
          .i32(bytesOfTile / this.code.element.columns)
          .op("i32.mul")
          .set(to);
        for (let bytes = 0; bytes < bytesOfTile; bytes += 16) {
          f.get(this.local("strip")).get(to).op("i32.add");
          f.get(this.local("strip")).get(to).op("i32.add").memory("v128.load", bytes);
          f.get(from).get(to).op("i32.add").memory("v128.load", bytes);
          f.op(`${vector}.add`).memory("v128.store", bytes);
        }
      });
    });
  }
}
