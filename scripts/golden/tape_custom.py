"""custom_gradient, stop_gradient, grad_pass_through, recompute_grad."""

import tensorflow as tf

from tape_table import Table, gradient

table = Table()


def results():
    return table.results()


def second_derivative(function, point):
    x = tf.Variable(point)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = function(x)
        first = inner.gradient(y, x)
    return [y, first, outer.gradient(first, x)]


@table("CustomGradientTrivial", "identity with gradient 3*dy, applied twice at 3")
def _():
    @tf.custom_gradient
    def identity(x):
        return x, lambda dy: 3 * dy

    return gradient(lambda x: identity(identity(x)), 3.0)


@table("CustomGradientSwapped", "x1*x2 with gradients [dy*x1, dy*x2] at (3, 5)")
def _():
    @tf.custom_gradient
    def multiply(x1, x2):
        return x1 * x2, lambda dy: [dy * x1, dy * x2]

    return gradient(multiply, 3.0, 5.0)


@table("CustomGradientDescent", "a*b with gradients [dy*b, dy*a], loss 2*x, x=2, rate .25: losses of five steps")
def _():
    @tf.custom_gradient
    def multiply(a, b):
        return a * b, lambda dy: [dy * b, dy * a]

    x, losses = tf.Variable(2.0), []
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = multiply(2.0, x)
        losses.append(loss)
        x.assign_sub(tape.gradient(loss, x) * 0.25)
    return losses


@table("SecondOrderGoesThroughGradientBody", "x*x with gradient dy*5*x at 3: y, first, second")
def _():
    @tf.custom_gradient
    def odd_square(x):
        return x * x, lambda dy: dy * 5 * x

    return second_derivative(odd_square, 3.0)


@table("OverrideSecondOrder", "first 2.1*x and its derivative 2.2 by a nested custom gradient, at 1: y, first, second")
def _():
    @tf.custom_gradient
    def first_order(x):
        return 2.1 * x, lambda dy: dy * 2.2

    @tf.custom_gradient
    def function(x):
        return 2.0 * x, lambda dy: dy * first_order(x)

    return second_derivative(function, 1.0)


@table("CapturedVariable", "linear_poly(x)=w1*x+w0, x=[1,2,3], w=ones: y, dx, [dw1, dw0] from grad_fn(dy, variables)")
def _():
    weights = tf.Variable([1.0, 1.0])
    x = tf.constant([1.0, 2.0, 3.0])

    @tf.custom_gradient
    def linear(x):
        def backward(dy, variables=None):
            assert len(variables) == 1 and variables[0] is weights
            return dy * weights[1], [tf.stack([tf.reduce_sum(dy * x), tf.reduce_sum(dy)])]

        return weights[1] * x + weights[0], backward

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = linear(x)
    return [y, *tape.gradient(y, [x, weights])]


@table("VariablesKeywordOnly", "x=6, captured 3: y = x*captured, gradient (4*captured, [dy*x])")
def _():
    captured = tf.Variable(3.0)

    @tf.custom_gradient
    def function(x):
        def backward(dy, *, variables=None):
            return 4 * captured, [dy * x for _ in variables]

        return x * captured, backward

    x = tf.Variable(6.0)
    with tf.GradientTape() as tape:
        y = function(x)
    return tape.gradient(y, [x, captured])


@table("VariableAsArgument", "f(v, x) = v*x with gradients [dy*10, dy*100], v=2, x=3, both variables")
def _():
    @tf.custom_gradient
    def function(v, x):
        return v * x, lambda dy: [dy * 10, dy * 100]

    v, x = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = function(v, x)
    return tape.gradient(y, [v, x])


@table("SeveralOutputs", "f(x) = (x*x, x+1), backward dy0*100 + dy1: targets both, only the first, only the second")
def _():
    @tf.custom_gradient
    def function(x):
        return (x * x, x + 1), lambda dy0, dy1: dy0 * 100 + dy1

    with tf.GradientTape(persistent=True) as tape:
        x = tf.constant(3.0)
        tape.watch(x)
        first, second = function(x)
    return [tape.gradient([first, second], x), tape.gradient(first, x), tape.gradient(second, x)]


@table("NoneFromBackward", "f(x, y) = x*y with gradients [dy, None]: default, zero")
def _():
    @tf.custom_gradient
    def function(x, y):
        return x * y, lambda dy: [dy, None]

    return [gradient(function, 2.0, 3.0), gradient(function, 2.0, 3.0, unconnected_gradients="zero")]


@table("OutputIsANewTensor", "custom identity: output is the input object; the gradient of output by itself")
def _():
    @tf.custom_gradient
    def identity(x):
        return x, lambda dy: dy * 7

    with tf.GradientTape() as tape:
        x = tf.constant(3.0)
        tape.watch(x)
        y = identity(x)
    return [y is x, tape.gradient(y, [x, y])]


@table("ClipGradient", "clip_by_norm(dy, 0.5) as the gradient of identity: v*v through it at 2")
def _():
    @tf.custom_gradient
    def clipped(x):
        return x, lambda dy: tf.clip_by_norm(dy, 0.5)

    v = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = clipped(v * v)
    return tape.gradient(y, v)


@table(
    "RecursiveCustomGradient",
    "triple(x)=3x, gradient 3*dy; outer(x)=2*triple(x), gradient dy*2*(its inner tape's gradient): at 2",
)
def _():
    @tf.custom_gradient
    def triple(x):
        return 3 * x, lambda dy: 3 * dy

    @tf.custom_gradient
    def double_of_triple(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = 2 * triple(x)
        inner = tape.gradient(y, x)
        return y, lambda dy: dy * inner * 2

    return gradient(double_of_triple, 2.0)


@table("StopGradient", "stop_gradient(x)*x at 3; gradient of stop_gradient(x) alone")
def _():
    return [gradient(lambda x: tf.stop_gradient(x) * x, 3.0), gradient(tf.stop_gradient, 3.0)]


@table("PartialDerivatives", "z = x + 2x: by [x, y=2x] total; with stop_gradient on y's input")
def _():
    with tf.GradientTape(persistent=True) as tape:
        x = tf.constant(1.0)
        tape.watch(x)
        y = 2 * x
        z = x + y
        y_stopped = tf.stop_gradient(2 * x)
        tape.watch(y_stopped)
        z_stopped = x + y_stopped
    return [tape.gradient(z, [x, y]), tape.gradient(z_stopped, [x, y_stopped])]


@table("GradPassThrough", "x.assign(z**2) with z=3: dx/dz plain, through grad_pass_through; round through it at 2.4")
def _():
    x, z = tf.Variable(1.0), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        plain_value = x.assign(z**2) * 1.0
        passed = tf.grad_pass_through(x.assign)(z**2)
    return [tape.gradient(plain_value, z), tape.gradient(passed, z), gradient(tf.grad_pass_through(tf.round), 2.4)]


@table("GradPassThroughVariable", "f = v*x inside grad_pass_through, v=2, x=3: by x, by v")
def _():
    v, x = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.grad_pass_through(lambda x: v * x)(x)
    return [y, *tape.gradient(y, [x, v])]


@table("RecomputeGrad", "f(x) = sin(x)*w, w=2 captured, x=.5: y, by x, by w; times f is run by forward and backward")
def _():
    w, runs = tf.Variable(2.0), []

    def function(x):
        runs.append(1)
        return tf.sin(x) * w

    x = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        y = tf.recompute_grad(function)(x)
    found = tape.gradient(y, [x, w])
    return [y, *found, len(runs)]


@table("RecomputeGradWithStructures", "f({a, b}) = a*b + a recomputed at a=2, b=3: y, by a, by b")
def _():
    inputs = {"a": tf.Variable(2.0), "b": tf.Variable(3.0)}
    with tf.GradientTape() as tape:
        copies = {name: tf.identity(value) for name, value in inputs.items()}
        y = tf.recompute_grad(lambda both: both["a"] * both["b"] + both["a"])(copies)
    return [y, tape.gradient(y, inputs)]


@table(
    "StructuredOutput",
    "f(x) = {square: x*x, next: [x+1]}, backward(dnext, dsquare) = 100*dnext + dsquare, at 3: y, of both",
)
def _():
    @tf.custom_gradient
    def function(x):
        # Keys are flattened in alphabetical order.
        return {"square": x * x, "next": [x + 1]}, lambda dnext, dsquare: 100 * dnext + dsquare

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = function(x)
    return [y, tape.gradient(y, x)]
