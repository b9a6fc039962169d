/** @file What cells send out, put into the notebook. */
import type { IOutputAreaModel } from "@jupyterlab/outputarea";
import type { IOutputModel } from "@jupyterlab/rendermime";
import { errorOutput, type MimeBundle } from "nabla/notebook";
import type { PageEvent, StreamText } from "../cells/protocol.js";

/** A place where a display is shown. */
interface Place {
  readonly area: IOutputAreaModel;
  model: IOutputModel;
}

/** Puts events into the outputs of cells, and finds displays again that are to be updated. */
export class Outputs {
  private readonly places = new Map<string, Place[]>();
  /** The text that is being written below a cell. */
  private readonly streams = new WeakMap<IOutputAreaModel, { name: string; model: IOutputModel }>();

  add(area: IOutputAreaModel, event: PageEvent): void {
    if (event.type === "stream") this.write(area, event);
    else if (event.type === "error") area.add({ ...errorOutput(event.error) });
    else if (event.update) this.update(event.displayId, event.data);
    else this.show(area, event.displayId, event.data);
  }

  /** Adds to the text of a stream itself: the area's own way compares all of it, a character at a time. */
  private write(area: IOutputAreaModel, { name, back, text }: StreamText): void {
    const open = this.streams.get(area);
    const written = open?.model.streamText;
    if (open?.name !== name || !written || area.get(area.length - 1) !== open.model) {
      const length = area.add({ output_type: "stream", name, text });
      this.streams.set(area, { name, model: area.get(length - 1) });
      return;
    }
    const start = Math.max(0, written.text.length - back);
    if (start < written.text.length) written.remove(start, written.text.length);
    written.insert(start, text);
  }

  private show(area: IOutputAreaModel, displayId: string | undefined, data: MimeBundle): void {
    const length = area.add({ output_type: "display_data", data: data as never, metadata: {} });
    if (displayId === undefined) return;
    const place = { area, model: area.get(length - 1) };
    this.places.set(displayId, [...(this.places.get(displayId) ?? []), place]);
  }

  private update(displayId: string | undefined, data: MimeBundle): void {
    for (const place of this.places.get(displayId ?? "") ?? []) {
      const index = indexOf(place);
      if (index < 0) continue;
      place.area.set(index, { output_type: "display_data", data: data as never, metadata: {} });
      place.model = place.area.get(index);
    }
  }
}

/** Where a display is now; -1 once its cell has been run again. */
function indexOf({ area, model }: Place): number {
  for (let index = 0; index < area.length; index++) if (area.get(index) === model) return index;
  return -1;
}
