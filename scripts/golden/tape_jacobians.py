"""jacobian and batch_jacobian."""

import tensorflow as tf

from tape_table import Table

table = Table()


def results():
    return table.results()


def two_points(tape, batched=False):
    points = ([[1.0, 2.0], [3.0, 4.0]], [[3.0, 4.0], [5.0, 6.0]]) if batched else ([1.0, 2.0], [3.0, 4.0])
    x, y = (tf.constant(point) for point in points)
    tape.watch([x, y])
    return x, y


@table("Jacobian", "z=x*x*y, x=[1,2], y=[3,4]: by [x, y]")
def _():
    with tf.GradientTape() as tape:
        x, y = two_points(tape)
        z = x * x * y
    return tape.jacobian(z, [x, y])


@table("JacobianShapes", "shapes: 2x3 = matmul(2x2, 2x3) by the 2x2; scalar by 2; 2 by scalar")
def _():
    a, b, s = tf.Variable(tf.ones([2, 2])), tf.ones([2, 3]), tf.Variable(2.0)
    v = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        product, total, scaled = tf.matmul(a, b), tf.reduce_sum(v), s * [1.0, 2.0]
    found = [tape.jacobian(product, a), tape.jacobian(total, v), tape.jacobian(scaled, s)]
    return [list(jacobian.shape) for jacobian in found]


@table("JacobianOfMatmul", "matmul(a, b) by a, a=[[1,2],[3,4]], b=[[5,6],[7,8]]")
def _():
    a = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        y = tf.matmul(a, [[5.0, 6.0], [7.0, 8.0]])
    return tape.jacobian(y, a)


@table("JacobianUnconnected", "x*x by an unrelated variable: default, zero")
def _():
    x, v = tf.Variable([1.0, 2.0]), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    return [tape.jacobian(y, v), tape.jacobian(y, v, unconnected_gradients="zero")]


@table("JacobianInsideGradientTapeScope", "y=x*x, z=y*y at 3, inside the block")
def _():
    with tf.GradientTape() as tape:
        x = tf.constant(3.0)
        tape.watch(x)
        y = x * x
        z = y * y
        return tape.jacobian(z, x)


@table("BatchJacobianInsideGradientTapeScope", "y=x*x, z=y*y at [[3]], inside the block")
def _():
    with tf.GradientTape() as tape:
        x = tf.constant([[3.0]])
        tape.watch(x)
        y = x * x
        z = y * y
        return tape.batch_jacobian(z, x)


@table("IndexedSlicesJacobian", "gather of rows [0, 1, 0] of 2x2 by the params")
def _():
    params = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        y = tf.gather(params, [0, 1, 0])
    return tape.jacobian(y, params)


@table("NestedJacobian", "Hessian of sum(x*x) at [1, 2], then of x0^2*x1 at [2, 3]")
def _():
    found = []
    for function, point in ((lambda x: tf.reduce_sum(x * x), [1.0, 2.0]), (lambda x: x[0] ** 2 * x[1], [2.0, 3.0])):
        x = tf.Variable(point)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                y = function(x)
            first = inner.gradient(y, x)
        found.append(outer.jacobian(first, x))
    return found


@table("BatchJacobian", "z=x*x*y, x=[[1,2],[3,4]], y=[[3,4],[5,6]]: by x")
def _():
    with tf.GradientTape() as tape:
        x, y = two_points(tape, batched=True)
        z = x * x * y
    return tape.batch_jacobian(z, x)


@table("BatchJacobianDegenerateShape", "x*x of shape [1, 0]: shape of the result")
def _():
    with tf.GradientTape() as tape:
        x = tf.zeros([1, 0])
        tape.watch(x)
        y = x**2
    return list(tape.batch_jacobian(y, x).shape)


@table("BatchJacobianUnconnected", "constant [[1]] target, source [[2]]: zeros and never None; dtype")
def _():
    found = []
    for dtype in (tf.float32, tf.float64):
        with tf.GradientTape() as tape:
            x = tf.constant([[2.0]], dtype)
            tape.watch(x)
            y = tf.constant([[1.0]], dtype)
        jacobian = tape.batch_jacobian(y, x)
        found.append([jacobian, jacobian.dtype.name])
    return found


@table("JacobianOfSoftmax", "softmax([0, 1, 2])")
def _():
    x = tf.Variable([0.0, 1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.nn.softmax(x)
    return tape.jacobian(y, x)


@table("JacobianThroughStridedSlice", "x[:, ::-1] * [1, 2] for x 2x2: batch_jacobian")
def _():
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        y = x[:, ::-1] * [1.0, 2.0]
    return tape.batch_jacobian(y, x)
