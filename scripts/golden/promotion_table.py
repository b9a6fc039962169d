"""Keras's dtype promotion: of every pair, and of the results of common keras.ops."""

import keras
import numpy as np

DTYPES = ["bool", "uint8", "int32", "int64", "float16", "bfloat16", "float32", "float64"]
# The types of plain Python numbers are weak: they take the other side's dtype where it can hold them.
WEAK = {"python int": int, "python float": float}
UNARY = [
    "abs",
    "negative",
    "square",
    "sqrt",
    "exp",
    "log",
    "sin",
    "floor",
    "sign",
    "sum",
    "mean",
    "prod",
    "max",
    "argmax",
    "any",
    "isnan",
    "round",
]
BINARY = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "floor_divide",
    "mod",
    "power",
    "maximum",
    "equal",
    "matmul",
]


def make():
    return {"pairs": pairs(), "ops": results_of_ops()}


def pairs():
    kinds = {**{name: name for name in DTYPES}, **WEAK}
    return {left: {right: keras.backend.result_type(kinds[left], kinds[right]) for right in kinds} for left in kinds}


def results_of_ops():
    """Dtype of keras.ops.<name>(x) or <name>(x, x) for x of each dtype; null where the op refuses it."""
    return {name: {dtype: result_dtype(name, dtype) for dtype in DTYPES} for name in [*UNARY, *BINARY]}


def result_dtype(name, dtype):
    x = keras.ops.cast(np.ones([2, 2]), dtype)
    arguments = [x, x] if name in BINARY else [x]
    try:
        return keras.backend.standardize_dtype(getattr(keras.ops, name)(*arguments).dtype)
    except Exception:  # TensorFlow has no kernel for this dtype: several error classes mean that
        return None
