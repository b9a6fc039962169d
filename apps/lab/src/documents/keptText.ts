/** @file The notebook as text that is kept: cells that have not changed since are not put into words again. */
import type { ICellModel } from "@jupyterlab/cells";
import type { INotebookModel } from "@jupyterlab/notebook";

export class KeptText {
  private readonly cells = new WeakMap<ICellModel, string>();

  /** The notebook as JSON, as it is now. */
  of(model: INotebookModel): string {
    const { metadata, nbformat, nbformat_minor } = model.sharedModel;
    const cells = Array.from(model.cells, (cell) => this.cellText(cell)).join(",");
    return `{"cells":[${cells}],${JSON.stringify({ metadata, nbformat, nbformat_minor }).slice(1)}`;
  }

  private cellText(cell: ICellModel): string {
    const known = this.cells.get(cell);
    if (known !== undefined) return known;
    const text = JSON.stringify(cell.sharedModel.toJSON());
    this.cells.set(cell, text);
    const { changed } = cell.sharedModel;
    const forget = (): void => {
      this.cells.delete(cell);
      changed.disconnect(forget);
    };
    changed.connect(forget);
    return text;
  }
}
