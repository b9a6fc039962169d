"""The lesson under another TypeScript kernel, Deno's, as a second opinion.

Deno knows nothing of operators on tensors, so each cell is first rewritten by `nabla/operators`, as a bundler would do.
It lets no cell declare a name by `const` that another declared by `let`, so both become `var` at the top of cells. All
else is the cells' own. No cell may end with an error. Deno comes from npm, into a folder outside of the tree.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "lessons" / "gradients.ipynb"
DENO = "2.9.6"

REWRITE = """
import { rewrite } from "nabla/operators";
let text = "";
for await (const chunk of process.stdin) text += chunk;
const cells = JSON.parse(text).map((source) => rewrite(source, { file: "lesson.ipynb" }).code);
console.log(JSON.stringify(cells));
"""


# How figures get below their cells in a kernel that is not ours.
DISPLAY = """
globalThis[Symbol.for("nabla.display")] = (data) =>
  Deno.jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
"""


def run(command, folder, **options):
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def prepare(folder):
    """A project that has the package as a user has it, and Deno."""
    (folder / "package.json").write_text(json.dumps({"type": "module", "private": True}))
    (folder / "deno.json").write_text(json.dumps({"nodeModulesDir": "manual"}))
    packed = json.loads(run(["npm", "pack", "--json", "--pack-destination", str(folder)], ROOT, stderr=subprocess.DEVNULL))
    package = packed[0] if isinstance(packed, list) else next(iter(packed.values()))
    run(["npm", "install", "--no-audit", "--no-fund", str(folder / package["filename"]), f"deno@{DENO}"], folder)
    os.environ["HOME"] = str(folder)
    for name in ("XDG_DATA_HOME", "JUPYTER_DATA_DIR"):
        os.environ.pop(name, None)
    run([str(folder / "node_modules" / ".bin" / "deno"), "jupyter", "--install"], folder)


def without_operators(notebook, folder):
    """Rewrites the code cells."""
    script = folder / "rewrite.mjs"
    script.write_text(REWRITE)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    sources = json.dumps([re.sub(r"^(const|let) ", "var ", cell.source, flags=re.MULTILINE) for cell in cells])
    for cell, source in zip(cells, json.loads(run(["node", str(script)], folder, input=sources)), strict=True):
        cell.source = source
    return len(cells)


def main(folder):
    prepare(folder)
    notebook = nbformat.read(LESSON, as_version=4)
    count = without_operators(notebook, folder)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(DISPLAY))
    client = NotebookClient(
        notebook, kernel_name="deno", timeout=600, resources={"metadata": {"path": str(folder)}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(error)
        return 1
    errors = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]
    figures = [o for c in notebook.cells for o in c.get("outputs", []) if "image/svg+xml" in o.get("data", {})]
    print(f"{count} cells, {len(errors)} errors, {len(figures)} pictures")
    return 1 if errors or not figures else 0


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="nabla-deno-"))
    try:
        failed = main(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{1 - failed} passed, {failed} failed")
    sys.exit(failed)
