"""ForwardAccumulator."""

import math

import tensorflow as tf

from tape_table import Table

ForwardAccumulator = tf.autodiff.ForwardAccumulator
table = Table()


def results():
    return table.results()


def jvp(function, primals, tangents):
    primals, tangents = [tf.constant(p) for p in primals], [tf.constant(t) for t in tangents]
    with ForwardAccumulator(primals, tangents) as accumulator:
        y = function(*primals)
    return accumulator.jvp(y)


@table("Add", "x + y at (1, 3), tangents (1, 5)")
def _():
    return jvp(lambda x, y: x + y, [1.0, 3.0], [1.0, 5.0])


@table("Multiply", "x * y at (4, 5), tangents (2, 3)")
def _():
    return jvp(lambda x, y: x * y, [4.0, 5.0], [2.0, 3.0])


@table("Sin", "sin at .1, tangent .2")
def _():
    return jvp(tf.sin, [0.1], [0.2])


@table("ReEnter", "y=4x at -2, tangent 1.5, then entered again: y*y")
def _():
    x = tf.constant(-2.0)
    accumulator = ForwardAccumulator(x, tf.constant(1.5))
    with accumulator:
        y = 4.0 * x
    first = accumulator.jvp(y)
    with accumulator:
        z = y * y
    return [first, accumulator.jvp(z)]


@table("HigherOrder", "x^3.5 at 1.1, all tangents 1: first, second, third derivative")
def _():
    x = tf.constant(1.1)
    one = tf.constant(1.0)
    with ForwardAccumulator(x, one) as third, ForwardAccumulator(x, one) as second, ForwardAccumulator(x, one) as first:
        y = x**3.5
        d1 = first.jvp(y)
        d2 = second.jvp(d1)
        d3 = third.jvp(d2)
    return [d1, d2, d3]


@table("NestingIsStrict", "outer and inner over x*x at 3: outer.jvp(inner.jvp(y)), inner.jvp(outer.jvp(y))")
def _():
    x, one = tf.constant(3.0), tf.constant(1.0)
    with ForwardAccumulator(x, one) as outer:
        with ForwardAccumulator(x, one) as inner:
            y = x * x
            of_inner, of_outer = inner.jvp(y), outer.jvp(y)
            return [outer.jvp(of_inner), inner.jvp(of_outer)]


@table("Structure", "v=[1,2,3], tangent [.1,-.2,.3]: jvp of {a: v*v, b: [v+v, constant 1]}")
def _():
    v = tf.constant([1.0, 2.0, 3.0])
    with ForwardAccumulator(v, tf.constant([0.1, -0.2, 0.3])) as accumulator:
        outputs = {"a": v * v, "b": [v + v, tf.constant(1.0)]}
    return accumulator.jvp(outputs)


@table("Unconnected", "jvp of a constant [1, 2]: default, zero; of zeros_like(x)")
def _():
    x, other = tf.constant(3.0), tf.constant([1.0, 2.0])
    with ForwardAccumulator(x, tf.constant(1.0)) as accumulator:
        zeros = tf.zeros_like(x)
    found = [accumulator.jvp(other), accumulator.jvp(other, unconnected_gradients="zero")]
    return [*found, accumulator.jvp(zeros)]


@table("HessianVectorProduct", "sum(v^3), v=[1,2], vector [1,0]: tape inside the accumulator: gradient, its jvp")
def _():
    v = tf.constant([1.0, 2.0])
    with ForwardAccumulator(v, tf.constant([1.0, 0.0])) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(v)
            y = tf.reduce_sum(v**3)
        backward = tape.gradient(y, v)
    return [backward, accumulator.jvp(backward)]


@table("ReverseOverForward", "d/dc of the jvp of cos(c), tangent .1, at 1")
def _():
    c = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(c)
        with ForwardAccumulator(c, tf.constant(0.1)) as accumulator:
            y = tf.cos(c)
        forward = accumulator.jvp(y)
    return [tape.gradient(forward, c), -0.1 * math.cos(1.0)]


@table("Variables", "v=3, tangent 11, w=4, tangent 2: jvp of v*w, of v alone")
def _():
    v, w = tf.Variable(3.0), tf.Variable(4.0)
    with ForwardAccumulator([v, w], [tf.constant(11.0), tf.constant(2.0)]) as accumulator:
        y = v * w
    return [accumulator.jvp(y), accumulator.jvp(v)]


@table("Loop", "sum of i*y for i<5 at 1, tangent 1")
def _():
    return jvp(lambda y: sum(float(i) * y for i in range(5)), [1.0], [1.0])


@table("Reductions", "[1,2,3] tangent [1,0,2]: reduce_sum, reduce_prod, reduce_max, softmax, log-sum-exp")
def _():
    functions = (tf.reduce_sum, tf.reduce_prod, tf.reduce_max, tf.nn.softmax, tf.reduce_logsumexp)
    return [jvp(function, [[1.0, 2.0, 3.0]], [[1.0, 0.0, 2.0]]) for function in functions]


@table("Matmul", "[[1,2],[3,4]] @ [[5],[6]], tangents [[1,0],[0,1]] and [[1],[-1]]")
def _():
    return jvp(tf.matmul, [[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]], [[[1.0, 0.0], [0.0, 1.0]], [[1.0], [-1.0]]])


@table("CustomGradientOpaque", "sin computed outside TensorFlow, gradient dy*cos(x)*2: at 1, tangent 1: twice cos(1)")
def _():
    @tf.custom_gradient
    def opaque_sin(x):
        return tf.constant(math.sin(float(x))), lambda dy: dy * tf.cos(x) * 2

    return jvp(opaque_sin, [1.0], [1.0])


@table(
    "CustomGradientTransparent", "x*x in TensorFlow's ops, gradient 3*dy*x: at 2, tangent 1: the body's own jvp wins"
)
def _():
    @tf.custom_gradient
    def odd_square(x):
        return x * x, lambda dy: 3 * dy * x

    return jvp(odd_square, [2.0], [1.0])


@table("StopGradient", "stop_gradient(x) * x at 3, tangent 1")
def _():
    return jvp(lambda x: tf.stop_gradient(x) * x, [3.0], [1.0])
