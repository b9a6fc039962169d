"""The errors of tapes, accumulators, custom gradients and the registry: class and message."""

import re

import numpy as np
import tensorflow as tf

from encoding import raised

EXPERIMENTS = []


def results():
    return [{"name": name, "what": what, **stable(raised(function))} for name, what, function in EXPERIMENTS]


def stable(found):
    """Object addresses and file places differ from run to run."""
    message = re.sub(r"0x[0-9a-f]+", "0x...", found["message"])
    message = re.sub(r"(in|is in|with) \S*/\S+?\.py:\d+", r"\1 FILE:LINE", message)
    return {**found, "message": re.sub(r"/\S+?\.py:\d+", "FILE:LINE", message)}


def experiment(name, what):
    def add(function):
        EXPERIMENTS.append((name, what, function))
        return function

    return add


def used_tape(persistent=False):
    x = tf.Variable([[3.0]])
    with tf.GradientTape(persistent=persistent) as tape:
        y = x * x
    return tape, x, y


@experiment("gradient_twice", "gradient() called twice on a tape that is not persistent")
def _():
    tape, x, y = used_tape()
    tape.gradient(y, x)
    tape.gradient(y, x)


@experiment("jacobian_twice", "jacobian() called twice")
def _():
    tape, x, y = used_tape()
    tape.jacobian(y, x)
    tape.jacobian(y, x)


@experiment("batch_jacobian_twice", "batch_jacobian() called twice")
def _():
    tape, x, y = used_tape()
    tape.batch_jacobian(y, x)
    tape.batch_jacobian(y, x)


@experiment("never_entered", "gradient() of a tape that never recorded")
def _():
    x = tf.Variable(1.0)
    tf.GradientTape().gradient(x, x)


@experiment("entered_twice", "a tape entered while it is recording")
def _():
    with tf.GradientTape() as tape:
        with tape:
            pass


@experiment("stop_recording_before", "stop_recording() of a tape that never recorded")
def _():
    with tf.GradientTape().stop_recording():
        pass


@experiment("stop_recording_after", "stop_recording() after the block")
def _():
    tape, _, _ = used_tape()
    with tape.stop_recording():
        pass


@experiment("reset_outside", "reset() after the block")
def _():
    used_tape()[0].reset()


@experiment("watch_ndarray", "watch() of a NumPy array")
def _():
    with tf.GradientTape() as tape:
        tape.watch(np.array([1.0]))


@experiment("unknown_unconnected", "unconnected_gradients='nonsense'")
def _():
    tape, x, y = used_tape()
    tape.gradient(y, x, unconnected_gradients="nonsense")


@experiment("target_none", "gradient(None, x)")
def _():
    tape, x, _ = used_tape()
    tape.gradient(None, x)


@experiment("output_gradients_none", "gradient([y, 2x], x, output_gradients=[None, 1])")
def _():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        targets = [x * x, 2 * x]
    tape.gradient(targets, x, output_gradients=[None, tf.constant(1.0)])


@experiment("source_not_tensor", "gradient(y, 3.0)")
def _():
    tape, _, y = used_tape()
    tape.gradient(y, 3.0)


@experiment("jacobian_without_pfor", "jacobian(experimental_use_pfor=False), tape not persistent")
def _():
    tape, x, y = used_tape()
    tape.jacobian(y, x, experimental_use_pfor=False)


def batch_jacobian_of(target_shape, source_shape):
    with tf.GradientTape() as tape:
        x = tf.ones(source_shape)
        tape.watch(x)
        y = tf.ones(target_shape) * tf.reduce_sum(x)
    return tape.batch_jacobian(y, x)


@experiment("batch_jacobian_sizes", "batch_jacobian: target [3, 2], source [2, 2]")
def _():
    batch_jacobian_of([3, 2], [2, 2])


@experiment("batch_jacobian_source_rank", "batch_jacobian: target [2, 2], source [2]")
def _():
    batch_jacobian_of([2, 2], [2])


@experiment("batch_jacobian_target_rank", "batch_jacobian: target [2], source [2, 2]")
def _():
    batch_jacobian_of([2], [2, 2])


@experiment("no_registered_gradient", "an op without a gradient on the way: truncatemod")
def _():
    x = tf.Variable(5.0)
    with tf.GradientTape() as tape:
        y = tf.truncatemod(x, 3.0)
    tape.gradient(y, x)


@experiment("prevent_gradient", "raw PreventGradient with a message")
def _():
    x = tf.Variable(5.0)
    with tf.GradientTape() as tape:
        y = tf.raw_ops.PreventGradient(input=tf.identity(x), message="because")
    tape.gradient(y, x)


@experiment("gradients_in_eager", "tf.gradients in eager mode")
def _():
    tf.gradients(tf.constant(1.0), tf.constant(1.0))


def custom(backward, function=lambda *xs: xs[0] * 2, count=1):
    decorated = tf.custom_gradient(lambda *xs: (function(*xs), backward))
    xs = [tf.Variable(float(i + 1)) for i in range(count)]
    with tf.GradientTape() as tape:
        y = decorated(*xs)
    return tape.gradient(y, xs)


@experiment("custom_too_few", "custom_gradient: backward returns [] for one input")
def _():
    custom(lambda dy: [])


@experiment("custom_too_many", "custom_gradient: backward returns three for two inputs")
def _():
    custom(lambda dy: [dy, dy, dy], count=2)


@experiment("custom_throws", "custom_gradient: backward raises RuntimeError('x')")
def _():
    def backward(dy):
        raise RuntimeError("x")

    custom(backward)


@experiment(
    "custom_no_variables_argument", "custom_gradient uses a variable named 'w', its backward takes no 'variables'"
)
def _():
    w = tf.Variable(2.0, name="w")
    custom(lambda dy: dy, function=lambda x: x * w)


@experiment("custom_variable_count", "custom_gradient uses one variable, backward returns no gradient for it")
def _():
    w = tf.Variable(2.0, name="w")
    custom(lambda dy, variables: (dy, []), function=lambda x: x * w)


@experiment("forward_same_primal_twice", "ForwardAccumulator([x, x], [1, 1])")
def _():
    x = tf.constant(3.0)
    tf.autodiff.ForwardAccumulator([x, x], [tf.constant(1.0), tf.constant(1.0)])


@experiment("forward_entered_twice", "a ForwardAccumulator entered while it is recording")
def _():
    with tf.autodiff.ForwardAccumulator(tf.constant(3.0), tf.constant(1.0)) as accumulator:
        with accumulator:
            pass


@experiment("forward_through_recompute", "the jvp of a recompute_grad function")
def _():
    x = tf.constant(3.0)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as accumulator:
        y = tf.recompute_grad(lambda x: x * x)(x)
    accumulator.jvp(y)


@experiment("second_order_through_recompute", "nested tapes around recompute_grad(x^3)")
def _():
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.recompute_grad(lambda x: x**3)(x)
        first = inner.gradient(y, x)
    outer.gradient(first, x)


@experiment("register_not_a_string", "RegisterGradient(5)")
def _():
    tf.RegisterGradient(5)


@experiment("register_twice", "RegisterGradient('Sin') again")
def _():
    tf.RegisterGradient("Sin")(lambda op, dy: dy)


@experiment("no_gradient_twice", "no_gradient('Sin')")
def _():
    tf.no_gradient("Sin")


@experiment("registry_lookup", "lookup of a name that is not registered")
def _():
    from tensorflow.python.framework import ops

    ops._gradient_registry.lookup("NoSuchOp")


@experiment("variable_shape", "Variable([1, 2]).assign([1, 2, 3])")
def _():
    tf.Variable([1.0, 2.0]).assign([1.0, 2.0, 3.0])


@experiment("variable_assign_none", "Variable.assign_sub(None)")
def _():
    tf.Variable(1.0).assign_sub(None)


@experiment("tensor_truth", "bool() of a tensor with two elements")
def _():
    bool(tf.constant([1.0, 2.0]))


@experiment("scalar_item_of_many", "float() of a tensor with two elements")
def _():
    float(tf.constant([1.0, 2.0]))
