"""How values become JSON, and how two versions of a golden file are compared."""

import json
import math

import numpy as np

HEADER_KEYS = ("made_with", "script")
RELATIVE_TOLERANCE = {"float64": 1e-12, "float32": 1e-6}
# Below this size a difference of nearly equal numbers is all rounding, which depends on the CPU's vector width.
RESIDUE = 1e-2


def number(value):
    """A JSON value that gives back the same double: integral values lose their ".0", NaN and infinities are strings."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        value = int(value)
        return value if abs(value) <= 2**53 else str(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    is_negative_zero = value == 0 and math.copysign(1, value) < 0
    if value.is_integer() and abs(value) < 1e15 and not is_negative_zero:
        return int(value)
    return value


def tensor(value):
    """A tensor, variable or array as {dtype, shape, data}, data flat in row-major order; None stays None."""
    if value is None:
        return None
    array = np.asarray(value)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": [number(v) for v in array.ravel().tolist()]}


def numbers(values):
    """A flat list of numbers from any array-like or iterable of floats."""
    return [number(v) for v in np.asarray(values).ravel().tolist()]


def raised(function):
    """The class and message of the error that function() raises; asserts that it raises."""
    try:
        result = function()
    except Exception as error:  # the class is the very thing being recorded
        text = error.args[0] if isinstance(error, KeyError) else str(error)
        return {"error": type(error).__name__, "message": str(text)}
    raise AssertionError(f"expected an error, got {result!r}")


def dump(document):
    """Compact JSON with one case a line, so that diffs and reviews can be read."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            body = "[\n" + ",\n".join(_compact(item) for item in value) + "\n]"
        elif isinstance(value, dict) and key not in HEADER_KEYS:
            body = "{\n" + ",\n".join(f"{json.dumps(k)}:{_compact(v)}" for k, v in value.items()) + "\n}"
        else:
            body = _compact(value)
        lines.append(f"{json.dumps(key)}:{body}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def cases_of(document):
    """The separately counted parts of a document: each item of its lists and objects.

    An object with a dtype or tolerance is one case, as that holds for all that is in it.
    """
    cases = {}
    for key, value in document.items():
        if key in HEADER_KEYS:
            continue
        if isinstance(value, list):
            cases.update({f"{key}[{index}]": item for index, item in enumerate(value)})
        elif isinstance(value, dict) and not {"dtype", "tolerance"} & value.keys():
            cases.update({f"{key}.{name}": item for name, item in value.items()})
        else:
            cases[key] = value
    return cases


def difference(expected, actual, where="", tolerance=RELATIVE_TOLERANCE["float32"]):
    """None if the two values agree, else where and how they first differ.

    A dict with a "dtype" or a "tolerance" sets the tolerance of all that is inside it; numbers outside any are float32
    results. Integers and booleans, by their dtype, are compared exactly.
    """
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(expected) != list(actual):
            return f"{where}: keys {list(expected)} became {list(actual)}"
        tolerance = _tolerance_inside(expected, tolerance)
        pairs = [(expected[key], actual[key], f"{where}.{key}") for key in expected]
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return f"{where}: length {len(expected)} became {len(actual)}"
        pairs = [(e, a, f"{where}[{i}]") for i, (e, a) in enumerate(zip(expected, actual))]
    elif _is_number(expected) and _is_number(actual):
        allowed = tolerance * max(abs(expected), abs(actual), RESIDUE)
        return None if abs(expected - actual) <= allowed else f"{where}: {expected!r} became {actual!r}"
    else:
        return None if expected == actual else f"{where}: {expected!r} became {actual!r}"
    for expected_part, actual_part, place in pairs:
        found = difference(expected_part, actual_part, place, tolerance)
        if found:
            return found
    return None


def _tolerance_inside(value, inherited):
    dtype = value.get("dtype")
    if "tolerance" in value:
        return value["tolerance"]
    if dtype == "float32":
        # A tensor inside a long training keeps that training's wider tolerance.
        return max(inherited, RELATIVE_TOLERANCE[dtype])
    return RELATIVE_TOLERANCE.get(dtype, 0) if isinstance(dtype, str) else inherited


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
