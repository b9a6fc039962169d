"""GradientTape.gradient: values, structures, lifecycle, higher orders, sparse gradients."""

import tensorflow as tf

from tape_table import Table, gradient, plain

table = Table()


def results():
    return table.results()


def watching(tape, *points):
    tensors = [tf.constant(point) for point in points]
    tape.watch(tensors)
    return tensors


@table("TapeNoOpGradient", "gradient(x, x) at 3, and of [[1,2],[3,4]]; targets [x, x] of the latter")
def _():
    with tf.GradientTape(persistent=True) as tape:
        x, table_2x2 = watching(tape, 3.0, [[1.0, 2.0], [3.0, 4.0]])
    return [tape.gradient(x, x), tape.gradient(table_2x2, table_2x2), tape.gradient([table_2x2, table_2x2], table_2x2)]


@table("TapeIdentityGradientIsIdentity", "gradient(identity(x), x) at 3")
def _():
    return gradient(tf.identity, 3.0)


@table("TapeGradientMultiTargetOneIsSource", "gradient([x, x*x], x) at 2")
def _():
    return gradient(lambda x: [x, x * x], 2.0)


@table("TapeNoOpGradientWithMultiTargetMultiSource", "targets [x, y, y*y], sources [x, y], at (3, 5)")
def _():
    return gradient(lambda x, y: [x, y, y * y], 3.0, 5.0)


@table("TwoTargets", "gradient([2x, 3y], [x, y]) at (3, 5)")
def _():
    return gradient(lambda x, y: [2 * x, 3 * y], 3.0, 5.0)


@table("GradientTapeVariable", "gradient(v*v, v) at v=1; gradient(v, v); gradient(read_value(v), v)")
def _():
    v = tf.Variable(1.0)
    with tf.GradientTape(persistent=True) as tape:
        square, read = v * v, v.read_value()
    return [tape.gradient(square, v), tape.gradient(v, v), tape.gradient(read, v)]


@table("NestedGradients", "y=x*x, z=y*y at x=3: gradient(z, [x, y])")
def _():
    with tf.GradientTape() as tape:
        (x,) = watching(tape, 3.0)
        y = x * x
        z = y * y
    return tape.gradient(z, [x, y])


@table("GradientTapeRepeatedSource", "gradient(x*x + x*y, [x, x]) then [y, x], persistent, at (3, 5)")
def _():
    with tf.GradientTape(persistent=True) as tape:
        x, y = watching(tape, 3.0, 5.0)
        z = x * x + x * y
    return [tape.gradient(z, [x, x]), tape.gradient(z, [y, x])]


@table(
    "GradientTapeStructure", "y=x1+2*x2+3*x3: sources x1; (x1,); [(x1,x2),(x2,x3)]; (x1,x2,[x1,x3]); [x1,{a:x2,b:x3}]"
)
def _():
    with tf.GradientTape(persistent=True) as tape:
        x1, x2, x3 = watching(tape, 1.0, 2.0, 3.0)
        y = x1 + 2 * x2 + 3 * x3
    sources = [x1, (x1,), [(x1, x2), (x2, x3)], (x1, x2, [x1, x3]), [x1, {"a": x2, "b": x3}]]
    return [tape.gradient(y, source) for source in sources]


@table("DifferentiatingScalarCache", "x1 and x2 are two constants 3: gradient(x1 + x2, x1)")
def _():
    with tf.GradientTape() as tape:
        x1, x2 = watching(tape, 3.0, 3.0)
        y = x1 + x2
    return tape.gradient(y, x1)


@table(
    "VariablesAndConstantsProduceTheSameGradients", "gradient([a^3, b^2], [a, b]) at (2, 2): variables, then constants"
)
def _():
    a, b = tf.Variable(2.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        targets = [a**3, b**2]
    return [tape.gradient(targets, [a, b]), gradient(lambda a, b: [a**3, b**2], 2.0, 2.0)]


@table("Output", "f returns (x+2, x*x) at [0,1,2]")
def _():
    return gradient(lambda x: [x + 2, x * x], [0.0, 1.0, 2.0])


@table("ReturnSameThing", "f returns (x, 2x) at 3")
def _():
    return gradient(lambda x: [x, 2 * x], 3.0)


@table("NonEmptyParams", "a*b at (2, 3)")
def _():
    return gradient(lambda a, b: a * b, 2.0, 3.0)


@table("Dy", "identity at 3 with output_gradients 2")
def _():
    return gradient(tf.identity, 3.0, output_gradients=tf.constant(2.0))


@table("OutputGradUsedInComputation", "targets [x*y, x], output_gradients [1, 2], at (3, 2), sources [x, y]")
def _():
    return gradient(lambda x, y: [x * y, x], 3.0, 2.0, output_gradients=[tf.constant(1.0), tf.constant(2.0)])


@table("WhereGradient", "where(x<10, x, x*x) at 5, at 50")
def _():
    return [gradient(lambda x: tf.where(x < 10, x, x * x), point) for point in (5.0, 50.0)]


@table("PythonMax", "the largest, by Python's max, of variables 2, 3, 5")
def _():
    variables = [tf.Variable(value) for value in (2.0, 3.0, 5.0)]
    with tf.GradientTape() as tape:
        y = max(variables)
    return tape.gradient(y, variables)


@table("ExceptionSafety", "a function that throws inside a tape, then gradient of x*x at 1")
def _():
    try:
        gradient(lambda x: [][0], 1.0)
    except IndexError:
        return gradient(lambda x: x * x, 1.0)


@table("MultiValueConvertToTensor", "a=x+1, mean(stack [a, a]) at [0]")
def _():
    def mean_of_stack(x):
        a = x + 1
        return tf.reduce_mean(tf.stack([a, a]))

    return gradient(mean_of_stack, [0.0])


@table("PersistentTape", "y=x*x, z=y*y at 3: dz/dx, then dy/dx from the same tape")
def _():
    with tf.GradientTape(persistent=True) as tape:
        (x,) = watching(tape, 3.0)
        y = x * x
        z = y * y
    return [tape.gradient(z, x), tape.gradient(y, x)]


@table("GradientTapeReEnterContext", "one tape entered twice: y=2x, then z=2y; gradient(z, x)")
def _():
    tape = tf.GradientTape()
    with tape:
        (x,) = watching(tape, 3.0)
        y = 2 * x
    with tape:
        z = 2 * y
    return tape.gradient(z, x)


@table("GradientWithinTapeBlock", "2x, gradient called inside the block: plain tape, persistent tape")
def _():
    found = []
    for persistent in (False, True):
        x = tf.Variable(3.0)
        with tf.GradientTape(persistent=persistent) as tape:
            y = 2 * x
            found.append(tape.gradient(y, x))
    return found


@table("TapeStopRecording", "y=x*x computed inside stop_recording; then z=x2*x2 recorded after it at x2=2")
def _():
    with tf.GradientTape(persistent=True) as tape:
        x, x2 = watching(tape, 3.0, 2.0)
        with tape.stop_recording():
            y = x * x
        z = x2 * x2
    return [tape.gradient(y, x), tape.gradient(z, x2)]


@table(
    "StopRecordingIsPerTape",
    "outer and inner tape; inside inner.stop_recording(): y=x*x at 3; outer's gradient, inner's gradient",
)
def _():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            with inner.stop_recording():
                y = x * x
    return [outer.gradient(y, x), inner.gradient(y, x)]


@table("TapeReset", "v=1: z=v*v; reset; z=z+v*v; gradient(z, v)")
def _():
    v = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        z = v * v
        tape.reset()
        z += v * v
    return tape.gradient(z, v)


@table("WatchedVariables", "counts: before use, after v*v, after reset, after v*v again, after gradient()")
def _():
    v = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        counts = [len(tape.watched_variables())]
        _ = v * v
        counts.append(len(tape.watched_variables()))
        tape.reset()
        counts.append(len(tape.watched_variables()))
        y = v * v
        counts.append(len(tape.watched_variables()))
    tape.gradient(y, v)
    return [*counts, len(tape.watched_variables())]


@table("ImplicitGradOrdering", "v0 then v1 constructed, used as v1 * v0: values of watched_variables() with v0=1, v1=2")
def _():
    v0, v1 = tf.Variable(1.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        _ = v1 * v1 * v0 * v0
    return [variable.numpy() for variable in tape.watched_variables()]


@table(
    "SelectivelyWatchVariables",
    "watch_accessed_variables=False, watch(x2): gradients of x1^2 and x2^3 at (1, 1), number watched",
)
def _():
    x1, x2 = tf.Variable(1.0), tf.Variable(1.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x2)
        targets = [x1**2, x2**3]
    return [*tape.gradient(targets, [x1, x2]), len(tape.watched_variables())]


@table("WatchingIsTapeLocal", "trainable=False x1=x2=2: tape1 watches x1, tape2 both; targets x1^3, x2^2")
def _():
    x1, x2 = tf.Variable(2.0, trainable=False), tf.Variable(2.0, trainable=False)
    with tf.GradientTape() as tape1:
        with tf.GradientTape() as tape2:
            tape1.watch(x1)
            tape2.watch([x1, x2])
            y, z = x1**3, x2**2
    return [tape1.gradient([y, z], [x1, x2]), tape2.gradient([y, z], [x1, x2])]


@table("GradientTapeNested", "y=x*x at 3; an inner tape finds d(2y)/dy, which is added to y; the outer dy/dx")
def _():
    with tf.GradientTape() as outer:
        (x,) = watching(outer, 3.0)
        with tf.GradientTape() as inner:
            y = x * x
            inner.watch(y)
            z = 2 * y
        y = y + inner.gradient(z, y)
    return outer.gradient(y, x)


@table("HigherOrderGradient", "x^3 at 3, one persistent tape, all inside the block: y, y', y'', y'''")
def _():
    with tf.GradientTape(persistent=True) as tape:
        (x,) = watching(tape, 3.0)
        y = x * x * x
        first = tape.gradient(y, x)
        second = tape.gradient(first, x)
        third = tape.gradient(second, x)
    return [y, first, second, third]


@table("SecondOrderByNestedTapes", "x^3 at 1: first, second")
def _():
    x = tf.Variable(1.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x * x
        first = inner.gradient(y, x)
    return [first, outer.gradient(first, x)]


@table("GradGradExp", "exp at 0: second derivative")
def _():
    with tf.GradientTape() as outer:
        (x,) = watching(outer, 0.0)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.exp(x)
        first = inner.gradient(y, x)
    return outer.gradient(first, x)


@table("SecondGrad", "second derivative of softmax cross-entropy of [[5]] with labels [[1]]")
def _():
    with tf.GradientTape() as outer:
        (x,) = watching(outer, [[5.0]])
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.nn.softmax_cross_entropy_with_logits([[1.0]], x)
        first = inner.gradient(y, x)
    return outer.gradient(first, x)


@table("GradientNone", "mean(softmax_cross_entropy(logits [[0,0]], labels [[1,0]])) by the logits")
def _():
    return gradient(lambda x: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits([[1.0, 0.0]], x)), [[0.0, 0.0]])


@table(
    "NoOpBehaviorConsistent", "x=3: a=identity(x), b=x+0, c=x-0, d=x*1; of each squared: by x, then by the intermediate"
)
def _():
    with tf.GradientTape(persistent=True) as tape:
        (x,) = watching(tape, 3.0)
        copies = [tf.identity(x), x + 0, x - 0, x * 1]
        tape.watch(copies)
        squares = [copy * copy for copy in copies]
    return [[tape.gradient(y, x), tape.gradient(y, copy)] for y, copy in zip(squares, copies)]


@table("GradientOfAnEmptySourceList", "gradient(y, [])")
def _():
    with tf.GradientTape() as tape:
        (x,) = watching(tape, 3.0)
        y = x * x
    return tape.gradient(y, [])


@table("GradientTapeWithCond", "tf.cond(x < x, x, x*x) at 3")
def _():
    return gradient(lambda x: tf.cond(x < x, lambda: x, lambda: x * x), 3.0)


@table("GradientTapeWithWhileLoop", "x doubled twice by tf.while_loop, from 2")
def _():
    return gradient(lambda x: tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, y * 2), (0, x))[1], 2.0)


@table("MultiValuePreservesIfNotDiffedAgainst", "conv2d of [[[[3]]]] with the 1x1 kernel 2, by the input")
def _():
    return gradient(lambda x: tf.nn.conv2d(x, [[[[2.0]]]], 1, "SAME"), [[[[3.0]]]])


@table(
    "ImplicitGradOverEmbeddingLookup",
    "gather rows [1, 2, 1] of a 4x2 variable, sum of (rows * [[1,2],[3,4],[5,6]]): gradient as it comes, and dense",
)
def _():
    rows = tf.Variable(tf.reshape(tf.range(8.0), [4, 2]))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(rows, [1, 2, 1]) * [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    found = tape.gradient(y, rows)
    return [found, tf.convert_to_tensor(found)]


@table("SparseAndDenseAggregated", "the same variable v gathered at [0, 0] and also squared: sum of both, v=[[1],[2]]")
def _():
    v = tf.Variable([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(v, [0, 0])) + tf.reduce_sum(v * v)
    return tape.gradient(y, v)


@table("TwoSparseAggregated", "v=[[1],[2],[3]] gathered at [0, 2], and at [2]: sum(first) + 10 * sum(second)")
def _():
    v = tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(v, [0, 2])) + 10 * tf.reduce_sum(tf.gather(v, [2]))
    return tape.gradient(y, v)


@table("GatherAxis1IsDense", "gather(v, [1, 1], axis=1) summed, v 2x2")
def _():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(v, [1, 1], axis=1))
    return tape.gradient(y, v)


@table("AssignSubOfIndexedSlices", "v=[[1],[2]]: v.assign_sub(dense of gather gradient at [1, 1])")
def _():
    v = tf.Variable([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(v, [1, 1]))
    v.assign_sub(tape.gradient(y, v))
    return v


@table("GuideExamples", "[1,3]: y=x*x, z=y*y, dz/dx and dy/dx; [x^2, 1/x] summed at 2; x*[3,4] at 2; softplus' at 10")
def _():
    with tf.GradientTape(persistent=True) as tape:
        (x,) = watching(tape, [1.0, 3.0])
        y = x * x
        z = y * y
    return [
        tape.gradient(z, x), tape.gradient(y, x), gradient(lambda x: [x**2, 1 / x], 2.0),
        gradient(lambda x: x * [3.0, 4.0], 2.0), gradient(tf.nn.softplus, 10.0),
    ]  # fmt: skip


@table("TwoSimultaneousTapes", "sin(0) on one tape, sigmoid(0) on the other")
def _():
    x0, x1 = tf.constant(0.0), tf.constant(0.0)
    with tf.GradientTape() as tape0, tf.GradientTape() as tape1:
        tape0.watch(x0)
        tape1.watch(x1)
        y0, y1 = tf.math.sin(x0), tf.nn.sigmoid(x1)
    return [tape0.gradient(y0, x0), tape1.gradient(y1, x1)]


@table("WatchedKinds", "x0=3 Variable, x1=3 trainable=False, x2=Variable+1, x3=constant: gradient(x0^2+x1^2+x2^2, all)")
def _():
    x0, x1 = tf.Variable(3.0), tf.Variable(3.0, trainable=False)
    x2, x3 = tf.Variable(2.0) + 1.0, tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x0**2 + x1**2 + x2**2
    return tape.gradient(y, [x0, x1, x2, x3])


@table("AssignBreaksThePath", "x0=3, x1=0: x1.assign_add(x0); y=x1^2; gradient(y, x0), gradient(y, x1)")
def _():
    x0, x1 = tf.Variable(3.0), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        x1.assign_add(x0)
        y = x1**2
    return tape.gradient(y, [x0, x1])


@table("VariableChangedAfterItsRead", "v=2: y=v*v, v.assign(10), z=v*v; gradient(y, v), gradient(z, v)")
def _():
    v = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = v * v
        v.assign(10.0)
        z = v * v
    return [tape.gradient(y, v), tape.gradient(z, v)]


def none_or_zero():
    """For each way to have no gradient: the result by default, and with unconnected_gradients="zero"."""
    return [
        {"name": name, "what": what, "none": plain(case("none")), "zero": plain(case("zero"))}
        for name, what, case in NONE_OR_ZERO
    ]


def _alone(function, point):
    return lambda unconnected: gradient(function, point, unconnected_gradients=unconnected)[0]


def _unwatched(unconnected):
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    return tape.gradient(y, x, unconnected_gradients=unconnected)


def _not_trainable(unconnected):
    v = tf.Variable([1.0, 2.0], trainable=False)
    with tf.GradientTape() as tape:
        y = v * v
    return tape.gradient(y, v, unconnected_gradients=unconnected)


def _unconnected(unconnected):
    v = tf.Variable([[1.0, 1.0], [1.0, 1.0]])
    with tf.GradientTape() as tape:
        y = tf.constant(1.0) * 2
    return tape.gradient(y, v, unconnected_gradients=unconnected)


NONE_OR_ZERO = [
    ("unconnected", "no path to a 2x2 variable", _unconnected),
    ("unwatched", "a constant that was not watched", _unwatched),
    ("not_trainable", "a variable with trainable=False", _not_trainable),
    ("stop_gradient", "stop_gradient(x) * 2", _alone(lambda x: tf.stop_gradient(x) * 2, 3.0)),
    ("integer", "x + x of int32 3", _alone(lambda x: x + x, 3)),
    ("argmax", "argmax([1, 3, 2])", _alone(tf.argmax, [1.0, 3.0, 2.0])),
    ("floor", "floor(2.5)", _alone(tf.floor, 2.5)),
    ("ceil", "ceil(2.5)", _alone(tf.math.ceil, 2.5)),
    ("round", "round(2.5)", _alone(tf.round, 2.5)),
    ("rint", "rint(2.5)", _alone(tf.math.rint, 2.5)),
    ("sign", "sign(2.5)", _alone(tf.sign, 2.5)),
    ("floordiv", "x // 2 at 5", _alone(lambda x: x // 2.0, 5.0)),
    ("floormod", "x % 2 at 5", _alone(lambda x: x % 2.0, 5.0)),
    ("cast_to_int_and_back", "cast(cast(x, int32), float32) at 2.5", _alone(lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32), 2.5)),
    ("cast_float64_float32", "cast(x, float64) at 2.5", _alone(lambda x: tf.cast(x, tf.float64), 2.5)),
    ("comparison", "cast(x > 1, float32) at 2.5", _alone(lambda x: tf.cast(x > 1, tf.float32), 2.5)),
    ("zeros_like", "zeros_like(x) at 2.5", _alone(tf.zeros_like, 2.5)),
    ("ones_like", "ones_like(x) at 2.5", _alone(tf.ones_like, 2.5)),
    ("relu_off", "relu(x) at -1", _alone(tf.nn.relu, -1.0)),
    ("maximum_other", "maximum(x, 5) at 1", _alone(lambda x: tf.maximum(x, 5.0), 1.0)),
    ("clip_outside", "clip_by_value(x, 0, 1) at 3", _alone(lambda x: tf.clip_by_value(x, 0.0, 1.0), 3.0)),
    ("one_hot", "one_hot of an index", _alone(lambda x: tf.one_hot(tf.cast(x, tf.int32), 3), 1.0)),
    ("through_numpy", "constant(x.numpy() * 2)", _alone(lambda x: tf.constant(x.numpy() * 2), 1.0)),
]  # fmt: skip
