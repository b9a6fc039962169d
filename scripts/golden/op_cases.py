"""Runs every op case in TensorFlow: the output, and in float64 the first and second gradients."""

import keras
import numpy as np
import tensorflow as tf

import op_activations
import op_elementwise
import op_reductions
import op_views
from encoding import number, raised, tensor

ROOTS = {"tf": tf, "keras": keras}
# These take one list of tensors as their first argument.
LIST_ARGUMENT = {"tf.concat", "tf.stack", "tf.add_n"}
# Where TensorFlow's own gradient is not the derivative: the case says so in "quirk", for the reader to decide.
QUIRKS = {
    "keras.activations.celu": "at 0 both halves claim the tie, so the slope there is 2",
    "tf.nn.softmax_cross_entropy_with_logits": "the gradient of the logits assumes labels that sum to 1, and "
    "the second gradient leaves out the path through the labels",
    "tf.math.cumprod": "the gradient divides by the input, so it is 0 where the input is 0",
}


def make():
    specs = [
        *op_elementwise.specs(),
        *op_reductions.specs(),
        *op_views.specs(),
        *op_activations.specs(),
    ]
    return {
        "cases": [case for spec in specs for case in cases_of_spec(spec)],
        "errors": [error_case(spec) for spec in op_views.error_specs()],
    }


def cases_of_spec(spec):
    """One case per dtype. "inputs" are nested lists, or arrays where the dtype is fixed."""
    name, inputs, attrs, dtypes = spec
    return [run(name, [convert(value, dtype) for value in inputs], attrs) for dtype in dtypes]


def convert(value, dtype):
    return tf.constant(value if isinstance(value, np.ndarray) else np.array(value).astype(dtype))


def call(name, inputs, attrs):
    if name == "getitem":
        return inputs[0][tuple(index_item(item) for item in attrs["index"])]
    function = ROOTS
    for part in name.split("."):
        function = function[part] if isinstance(function, dict) else getattr(function, part)
    return function(list(inputs), **attrs) if name in LIST_ARGUMENT else function(*inputs, **attrs)


def index_item(item):
    if isinstance(item, dict):
        return slice(item.get("start"), item.get("stop"), item.get("step"))
    return {"ellipsis": ..., "newaxis": tf.newaxis}.get(item, item)


def run(name, inputs, attrs):
    case = {"name": name, "inputs": [tensor(x) for x in inputs], "attrs": encoded(attrs)}
    outputs = as_list(call(name, inputs, attrs))
    case["output"] = [tensor(y) for y in outputs]
    is_differentiable = any(y.dtype == tf.float64 for y in outputs)
    if is_differentiable and any(x.dtype == tf.float64 for x in inputs):
        case.update(gradients(name, inputs, attrs, outputs))
        case.update({"quirk": QUIRKS[name]} if name in QUIRKS else {})
    return case


def gradients(name, inputs, attrs, outputs):
    """grads of sum(output * weights), and second: grads of the sum of the squares of these grads.

    Where TensorFlow has no gradient registered for an op on the way, "no_gradient" or "no_second" has its message.
    """
    weights = [fixed_weights(y) for y in outputs]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch([x for x in inputs if x.dtype.is_floating])
        with tf.GradientTape() as inner:
            inner.watch([x for x in inputs if x.dtype.is_floating])
            results = as_list(call(name, inputs, attrs))
            total = tf.add_n([tf.reduce_sum(y * w) for y, w in zip(results, weights) if w is not None])
        try:
            first = [dense(g) for g in inner.gradient(total, inputs)]
        except LookupError as error:
            return {"no_gradient": str(error)}
        squares = [tf.reduce_sum(g * g) for g in first if g is not None]
        square_sum = tf.add_n(squares) if squares else None
    found = {"weights": [tensor(w) for w in weights], "grads": [tensor(g) for g in first]}
    try:
        second = [None if square_sum is None else dense(outer.gradient(square_sum, x)) for x in inputs]
    except LookupError as error:
        return {**found, "no_second": str(error)}
    return {**found, "second": [tensor(g) for g in second]}


def fixed_weights(output):
    """Weights in no pattern that a wrong axis order could hide behind; None for outputs that are not float64."""
    if output.dtype != tf.float64:
        return None
    count = int(np.prod(output.shape))
    return tf.reshape(tf.constant([((7 * i + 3) % 11 - 4) / 4 for i in range(count)], tf.float64), output.shape)


def dense(gradient):
    return tf.convert_to_tensor(gradient) if isinstance(gradient, tf.IndexedSlices) else gradient


def as_list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def encoded(value):
    if isinstance(value, dict):
        return {key: encoded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    return number(value) if isinstance(value, float) else value


def error_case(spec):
    name, inputs, attrs = spec
    tensors = [convert(value, "float32") for value in inputs]
    found = raised(lambda: call(name, tensors, attrs))
    return {"name": name, "inputs": [tensor(x) for x in tensors], "attrs": encoded(attrs), "error": found["error"]}
