"""JupyterLab's own page with our kernel: its server here, the page in Chromium by `jupyterlab.mjs`, on the built package.

What the page saved must be a valid notebook. Prints "N passed, N failed" as its last line.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["node", str(ROOT / "dist" / "cli" / "main.js")]
LESSON = ROOT / "lessons" / "gradients.ipynb"
PATIENCE = 120


def environment_in(folder):
    """Jupyter with nothing of its user's, and with our kernel."""
    places = {name: folder / name for name in ("config", "data", "runtime", "prefix", "home")}
    for place in places.values():
        place.mkdir()
    subprocess.run([*COMMAND, "kernel", "install", "--prefix", str(places["prefix"])], check=True)
    return {
        **os.environ,
        "HOME": str(places["home"]),
        "JUPYTER_CONFIG_DIR": str(places["config"]),
        "JUPYTER_DATA_DIR": str(places["data"]),
        "JUPYTER_RUNTIME_DIR": str(places["runtime"]),
        "JUPYTER_PATH": str(places["prefix"] / "share" / "jupyter"),
    }


def write_notebooks(folder):
    """The lesson, and a notebook for trying things in."""
    folder.mkdir()
    shutil.copy(LESSON, folder / "lesson.ipynb")
    source = "interface Point { readonly x: number }\nconst origin = { x: 0 } satisfies Point;"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata.kernelspec = {"name": "nabla", "display_name": "TypeScript (Nabla)", "language": "typescript"}
    nbformat.write(notebook, folder / "small.ipynb")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_server(notebooks, environment, log):
    """The server's process, and its address once it answers."""
    port = free_port()
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", f"--ServerApp.root_dir={notebooks}"),
        # The test reads the notebook's model where the page does not draw cells that are out of sight.
        *("--LabApp.expose_app_in_browser=True", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).read()
            return server, address
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise RuntimeError("JupyterLab's server does not answer")


def check_page(address):
    """Drives the page: what it printed, and how many checks passed and failed."""
    reporter = ["--test-reporter=./scripts/reporter.mjs", "--test-reporter-destination=stdout"]
    command = ["node", "--test", *reporter, "scripts/interop/jupyterlab.mjs"]
    driver = subprocess.run(command, cwd=ROOT, env={**os.environ, "LAB_ADDRESS": address}, stdout=subprocess.PIPE, text=True)
    print(driver.stdout, flush=True)
    counts = re.findall(r"^(\d+) passed, (\d+) failed", driver.stdout, re.MULTILINE)
    passed, failed = map(int, counts[-1]) if counts else (0, 1)
    return passed, max(failed, int(driver.returncode != 0))


def is_saved(path):
    """Whether the page saved a valid notebook of our language, with all its outputs."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    pictures = [output for cell in cells for output in cell.outputs if "image/svg+xml" in output.get("data", {})]
    return (
        notebook.metadata.language_info.name == "typescript"
        and [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
        and len(pictures) > 0
    )


def main(folder):
    subprocess.run(["node", str(ROOT / "scripts" / "build.mjs")], check=True, cwd=ROOT)
    environment = environment_in(folder)
    notebooks = folder / "notebooks"
    write_notebooks(notebooks)
    log_path = folder / "server.log"
    with log_path.open("w") as log:
        server, address = start_server(notebooks, environment, log)
        try:
            passed, failed = check_page(address)
        finally:
            server.terminate()
            server.wait(PATIENCE)
    saved = is_saved(notebooks / "lesson.ipynb")
    print(f"{'ok' if saved else 'FAILED'}: the lesson as JupyterLab saved it")
    passed, failed = passed + saved, failed + (not saved)
    if failed:
        print(log_path.read_text()[-5000:])
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="nabla-jupyterlab-"))
    try:
        code = main(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sys.exit(code)
