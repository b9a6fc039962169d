"""The kernel under Jupyter's own tools: its conformance tests, nbclient and nbconvert, on the built package.

The lesson must come out of them as it comes out of `nabla run`. Prints "N passed, N failed" as its last line.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from jupyter_kernel_test import KernelTests
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["node", str(ROOT / "dist" / "cli" / "main.js")]
LESSON = ROOT / "lessons" / "gradients.ipynb"
FOLDER = tempfile.TemporaryDirectory(prefix="nabla-interop-")


class Conformance(KernelTests):
    """What jupyter_kernel_test asks of every kernel."""

    kernel_name = "nabla"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('wrong')"
    completion_samples = [
        {"text": "whi", "matches": {"while"}},
        {"text": "Math.sqr", "matches": {"sqrt"}},
    ]
    complete_code_samples = ["1", "const f = (x: number) => x", "console.log('a')\n"]
    incomplete_code_samples = ["f(1,", "if (x) {", "const s = `a"]
    invalid_code_samples = ["const = 1", "1 = 2"]
    code_generate_error = "throw new Error('wrong')"
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "[1, 'a']", "result": "[ 1, 'a' ]"},
        {"code": "1 + 3", "result": "4"},
        {"code": "1 + 1", "result": "2"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1 ? 1"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math"


class Documentation(unittest.TestCase):
    """Inspection shows what the package documents."""

    def test_documentation(self):
        self.check()

    def test_other_copy(self):
        """Where the notebook's folder has the package, cells use that one, and not the kernel's."""
        home = Path(FOLDER.name)
        own = home / "project" / "node_modules" / "nabla"
        shutil.copytree(ROOT / "dist", own / "dist")
        shutil.copy(ROOT / "package.json", own)
        (home / "node_modules").symlink_to(ROOT / "node_modules")
        self.check(cwd=str(home / "project"))

    def check(self, **options):
        with started_kernel(**options) as client:
            client.execute_interactive("import * as tf from 'nabla'; import * as keras from 'nabla/keras'")
            client.execute_interactive("const x = tf.constant(2)")
            for code, expected in [
                ("tf.reduceSum(", "reduceSum("),
                ("keras.layers.Dense(", "Dense"),
                ("x.matmul", "matmul("),
            ]:
                content = client.inspect(code, reply=True, timeout=60)["content"]
                self.assertTrue(content["found"], code)
                self.assertIn(expected, content["data"]["text/plain"])
                self.assertIn("\n\n", content["data"]["text/plain"], code)


class Lesson(unittest.TestCase):
    """The lesson, by Jupyter's client and by our runner."""

    maxDiff = 4000

    def test_same_outputs(self):
        ours = Path(FOLDER.name) / "runner.ipynb"
        subprocess.run([*COMMAND, "run", str(LESSON), "--out", str(ours)], check=True, capture_output=True)
        expected = nbformat.read(ours, as_version=4)
        actual = nbformat.read(LESSON, as_version=4)
        NotebookClient(
            actual, kernel_name="nabla", timeout=600, resources={"metadata": {"path": str(LESSON.parent)}}
        ).execute(env={**os.environ, "JPY_SESSION_NAME": LESSON.name})
        nbformat.validate(actual)
        cells = zip(code_cells(expected), code_cells(actual), strict=True)
        for index, (ours_cell, theirs) in enumerate(cells):
            with self.subTest(cell=index, source=ours_cell.source[:80]):
                self.assertEqual(comparable(theirs.outputs), comparable(ours_cell.outputs))
                self.assertEqual(theirs.execution_count, ours_cell.execution_count)

    def test_exit_codes(self):
        for source, code in [("const n: number = 1; n", 0), ("throw new Error('no')", 1), ("const = 1", 1)]:
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
            notebook.metadata.kernelspec = {"name": "nabla", "display_name": "TypeScript", "language": "typescript"}
            path = Path(FOLDER.name) / "exit.ipynb"
            nbformat.write(notebook, path)
            command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", str(path)]
            self.assertEqual(subprocess.run(command, capture_output=True).returncode, code, source)


def started_kernel(**options):
    """A client of a new kernel, for a with statement."""
    from jupyter_client.manager import run_kernel

    return run_kernel(kernel_name="nabla", **options)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def comparable(outputs):
    """Outputs without what may differ: times, ids that are drawn anew, how text was cut into pieces."""
    joined = []
    for output in outputs:
        output = json.loads(json.dumps(output))
        last = joined[-1] if joined else None
        if output["output_type"] == "stream" and last and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            joined.append(output)
    for output in joined:
        if output["output_type"] == "stream":
            output["text"] = as_terminal(output["text"])
    return [json.loads(without_times(json.dumps(output))) for output in joined]


def as_terminal(text):
    """Text as a terminal leaves it, colours apart: what is written after a step back takes the place of what was."""
    lines = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n"):
        shown, column = [], 0
        for character in line:
            if character == "\r":
                column = 0
            elif character == "\b":
                column = max(0, column - 1)
            else:
                shown[column : column + 1] = [character]
                column += 1
        lines.append("".join(shown).rstrip())
    return "\n".join(lines)


def without_times(text):
    text = re.sub(r"\d+(\.\d+)?(e-?\d+)? ?(ms|µs|\\u00b5s|us|s)(/step|/epoch)?\b", "TIME", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|figure-[\w-]+", "ID", text)


def main():
    subprocess.run(["node", str(ROOT / "scripts" / "build.mjs")], check=True, cwd=ROOT)
    os.environ["JUPYTER_DATA_DIR"] = FOLDER.name
    subprocess.run([*COMMAND, "kernel", "install"], check=True)
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (Conformance, Documentation, Lesson)
    )
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - len(result.skipped) - failed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    code = main()
    FOLDER.cleanup()
    sys.exit(code)
