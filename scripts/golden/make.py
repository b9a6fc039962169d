"""Makes test/golden/<name>.json from the independent implementations, or checks that they still say the same.

python scripts/golden/make.py [--check] [name ...]
"""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

# Before TensorFlow is loaded: no GPU, no oneDNN (its kernels round differently per CPU), no start-up log.
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["COLUMNS"] = "80"
sys.dont_write_bytecode = True

from encoding import cases_of, difference, dump  # noqa: E402

GOLDEN = Path(__file__).resolve().parents[2] / "test" / "golden"
MODULES = {
    "seed": "seed_cells",
    "ops": "op_cases",
    "tape": "tape_cases",
    "strings": "printed_text",
    "keras": "keras_cases",
    "promotion": "promotion_table",
    "random": "random_bits",
    "special": "special_functions",
    "vectorMath": "vector_math",
    "linalg": "linalg_cases",
    "optimizers": "optimizer_steps",
    "layers2": "layers2",
    "conv": "conv",
}


def make(name):
    import keras
    import numpy as np
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    versions = {
        "python": "%d.%d" % sys.version_info[:2],
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    body = importlib.import_module(MODULES[name]).make()
    return {"made_with": versions, "script": f"scripts/golden/make.py {name}", **body}


def check(name):
    """Prints the cases that changed; returns (passed, failed)."""
    expected = cases_of(json.loads((GOLDEN / f"{name}.json").read_text()))
    actual = cases_of(json.loads(dump(make(name))))
    passed = failed = 0
    for key in [*expected, *(key for key in actual if key not in expected)]:
        if key not in expected or key not in actual:
            found = f"{key}: {'is new' if key in actual else 'is gone'}"
        else:
            found = difference(expected[key], actual[key], key)
        passed, failed = passed + (not found), failed + bool(found)
        if found:
            print(f"{name}: {found}")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MODULES)}; all by default")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in MODULES]
    if unknown:
        parser.error(f"unknown name {unknown[0]!r}, expected one of {', '.join(MODULES)}")
    names = arguments.names or list(MODULES)
    if arguments.check:
        counts = [check(name) for name in names]
        passed, failed = (sum(column) for column in zip(*counts))
        print(f"{passed} passed, {failed} failed")
        sys.exit(1 if failed else 0)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = dump(make(name))
        (GOLDEN / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"test/golden/{name}.json: {len(cases_of(json.loads(text)))} cases, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
