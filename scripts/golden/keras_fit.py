"""fit, evaluate and predict from fixed weights, callbacks in their order, and the errors of wrong use."""

import re

import keras
import numpy as np

from encoding import number, numbers, raised, tensor

X = np.round(np.sin(np.arange(20.0) * 1.3), 3).reshape(10, 2).astype(np.float32)
Y = np.round(X[:, :1] * 0.7 - X[:, 1:] * 0.2 + 0.1, 3).astype(np.float32)
FLAGS = (X[:, :1] > X[:, 1:]).astype(np.float32)
CLASSES = ((X[:, 0] > 0).astype(np.int32) + (X[:, 1] > 0)).astype(np.int32)
ONE_HOT = np.eye(3, dtype=np.float32)[CLASSES]
WEIGHTS = [1.0, 2.0, 0.0, 1.0, 0.5, 1.0, 1.0, 3.0, 1.0, 0.25]


def layer_weights(rows, columns, seed):
    return np.round(np.cos(np.arange(rows * columns) * 0.9 + seed), 3).reshape(rows, columns).astype(np.float32)


def model_of(layers):
    """A Sequential of Dense layers with weights that are a fixed function of their shapes."""
    model = keras.Sequential([keras.layers.Dense(**options) for options in layers])
    model.build((None, 2))
    for index, layer in enumerate(model.layers):
        rows, columns = layer.kernel.shape
        layer.set_weights([layer_weights(rows, columns, index), np.full(columns, 0.1, np.float32)])
    return model


REGRESSION = [{"units": 3, "activation": "tanh"}, {"units": 1}]
BINARY = [{"units": 3, "activation": "relu"}, {"units": 1, "activation": "sigmoid"}]
SOFTMAX = [{"units": 4, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]
REGULARIZED = [{"units": 3, "activation": "tanh", "kernel_regularizer": "l2"}, {"units": 1, "bias_regularizer": "l1"}]
SGD = {"class_name": "SGD", "config": {"learning_rate": 0.1}}
RUNS = [
    ("plain", REGRESSION, {"optimizer": SGD, "loss": "mse", "metrics": ["mae"]}, "y", {"epochs": 3, "batch_size": 4}),
    ("one batch", REGRESSION, {"optimizer": SGD, "loss": "mean_squared_error"}, "y", {"epochs": 2}),
    ("validation_data", REGRESSION, {"optimizer": "adam", "loss": "mse", "metrics": ["mae", "mse"]}, "y", {"epochs": 3, "batch_size": 4, "validation_data": "first 6, times 2"}),
    ("validation_split", REGRESSION, {"optimizer": "rmsprop", "loss": "mae"}, "y", {"epochs": 3, "batch_size": 3, "validation_split": 0.25}),
    ("validation_freq", REGRESSION, {"optimizer": SGD, "loss": "mse"}, "y", {"epochs": 5, "batch_size": 5, "validation_data": "first 6, times 2", "validation_freq": 2}),
    ("initial_epoch", REGRESSION, {"optimizer": SGD, "loss": "mse"}, "y", {"epochs": 5, "batch_size": 5, "initial_epoch": 3}),
    ("regularizers", REGULARIZED, {"optimizer": SGD, "loss": "mse", "metrics": ["mse"]}, "y", {"epochs": 3, "batch_size": 4}),
    ("sample_weight", REGRESSION, {"optimizer": SGD, "loss": "mse", "metrics": ["mae"], "weighted_metrics": ["mse"]}, "y", {"epochs": 3, "batch_size": 4, "sample_weight": WEIGHTS}),
    ("same metric weighted", REGRESSION, {"optimizer": SGD, "loss": "mse", "metrics": ["mae"], "weighted_metrics": ["mae"]}, "y", {"epochs": 2, "batch_size": 4, "sample_weight": WEIGHTS}),
    ("binary", BINARY, {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"]}, "flags", {"epochs": 3, "batch_size": 4}),
    ("class_weight", BINARY, {"optimizer": SGD, "loss": "bce", "metrics": ["acc"], "weighted_metrics": ["accuracy"]}, "flags", {"epochs": 3, "batch_size": 4, "class_weight": {0: 1.0, 1: 3.0}}),
    ("class_weight of one_hot", SOFTMAX, {"optimizer": SGD, "loss": "categorical_crossentropy"}, "one_hot", {"epochs": 2, "batch_size": 4, "class_weight": {0: 0.5, 2: 2.0}}),
    ("sparse categorical", SOFTMAX, {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}, "classes", {"epochs": 3, "batch_size": 4}),
    ("categorical", SOFTMAX, {"optimizer": "rmsprop", "loss": "categorical_crossentropy", "metrics": ["accuracy", "mse"]}, "one_hot", {"epochs": 3, "batch_size": 4, "validation_split": 0.2}),
    ("crossentropy", SOFTMAX, {"optimizer": "sgd", "loss": "crossentropy", "metrics": ["accuracy"]}, "classes", {"epochs": 2, "batch_size": 10}),
    ("steps_per_epoch", REGRESSION, {"optimizer": SGD, "loss": "mse"}, "y", {"epochs": 2, "batch_size": 2, "steps_per_epoch": 2}),
    ("loss_weights", REGRESSION, {"optimizer": SGD, "loss": "mse", "loss_weights": 0.5, "metrics": ["mse"]}, "y", {"epochs": 2, "batch_size": 4}),
]  # fmt: skip
TARGETS = {"y": Y, "flags": FLAGS, "classes": CLASSES, "one_hot": ONE_HOT}


def runs():
    return [run(*spec) for spec in RUNS]


def run(name, layers, compile_options, target, fit_options):
    model, y = model_of(layers), TARGETS[target]
    start = [tensor(w) for w in model.get_weights()]
    model.compile(**compile_options, jit_compile=False)
    held_out = (X[:6] * 2, y[:6])
    actual = {**fit_options, **({"validation_data": held_out} if "validation_data" in fit_options else {})}
    if "sample_weight" in actual:
        actual["sample_weight"] = np.array(WEIGHTS, np.float32)
    history = model.fit(X, y, shuffle=False, verbose=0, **actual)
    evaluated = model.evaluate(X, y, batch_size=4, verbose=0)
    return {
        "name": name,
        "tolerance": 1e-5,
        "layers": layers,
        "compile": compile_options,
        "fit": {**fit_options, "shuffle": False, "verbose": 0},
        "x": tensor(X),
        "y": tensor(y),
        "start": start,
        "history": {key: numbers(values) for key, values in history.history.items()},
        "epoch": history.epoch,
        "params": history.params,
        "weights": [tensor(w) for w in model.get_weights()],
        "evaluate": numbers(evaluated) if isinstance(evaluated, list) else number(evaluated),
        "evaluate_dict": {
            k: number(v) for k, v in model.evaluate(X, y, batch_size=4, verbose=0, return_dict=True).items()
        },
        "metrics_names": model.metrics_names,
        "predict": tensor(model.predict(X, batch_size=4, verbose=0)),
    }


class Log(keras.callbacks.Callback):
    """Writes down every hook with its index and the keys of its logs."""

    def __init__(self, label, rows):
        super().__init__()
        for hook in dir(keras.callbacks.Callback):
            # on_batch_begin and on_batch_end are other names of the train hooks.
            if not hook.endswith(("_begin", "_end")) or hook in ("on_batch_begin", "on_batch_end"):
                continue
            indexed = "_batch_" in hook or "_epoch_" in hook
            setattr(self, hook, self.writer(label, hook, indexed, rows))

    @staticmethod
    def writer(label, hook, indexed, rows):
        def with_index(index, logs=None):
            rows.append([label, hook, index, list(logs or {})])

        def without_index(logs=None):
            rows.append([label, hook, None, list(logs or {})])

        return with_index if indexed else without_index


def callback_order():
    rows = []
    model = model_of(REGRESSION)
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"], jit_compile=False)
    logs = [Log("a", rows), Log("b", rows)]
    found = {}
    model.fit(
        X, Y, epochs=2, batch_size=5, validation_data=(X[:4], Y[:4]), validation_batch_size=2, verbose=0, callbacks=logs
    )
    found["fit"], rows[:] = list(rows), []
    model.evaluate(X, Y, batch_size=5, verbose=0, callbacks=logs[:1])
    found["evaluate"], rows[:] = list(rows), []
    model.predict(X, batch_size=5, verbose=0, callbacks=logs[:1])
    found["predict"], rows[:] = list(rows), []

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    model.fit(X, Y, epochs=3, batch_size=5, verbose=0, callbacks=[Stop(), logs[0]])
    found["stop_training_set_in_the_first_batch"] = list(rows)
    return found


def data_facts():
    model = model_of(REGRESSION)
    model.compile(optimizer="sgd", loss="mse", jit_compile=False)
    params = model.fit(X, Y, verbose=0).params
    train = {k: number(v) for k, v in model.train_on_batch(X[:4], Y[:4], return_dict=True).items()}
    return {
        "history_params_default_batch_size": params,
        "train_on_batch_keys": list(train),
        "validation_split_sizes": {
            f"{n} samples, {s}": split_sizes(n, s) for n, s in ((10, 0.25), (10, 0.3), (7, 0.5), (3, 0.1), (10, 0.8))
        },
    }


def split_sizes(count, split):
    from keras.src.trainers.data_adapters.array_slicing import train_validation_split

    (train,), (held_out,) = train_validation_split((np.arange(count),), split)
    return [len(train), len(held_out)]


def compiled(**options):
    model = model_of(REGRESSION)
    model.compile(**{"optimizer": "sgd", "loss": "mse", "jit_compile": False, **options})
    return model


def step_without_gradients():
    keras.optimizers.SGD().apply_gradients([(None, keras.Variable(1.0, name="v"))])


WRONG_USES = [
    ("fit before compile", lambda: model_of(REGRESSION).fit(X, Y, verbose=0)),
    ("evaluate before compile", lambda: model_of(REGRESSION).evaluate(X, Y, verbose=0)),
    ("unknown loss", lambda: compiled(loss="mean_squared_eror").fit(X, Y, verbose=0)),
    ("unknown metric", lambda: compiled(metrics=["acuracy"]).fit(X, Y, verbose=0)),
    ("unknown optimizer", lambda: compiled(optimizer="adan")),
    ("unknown activation", lambda: keras.layers.Dense(1, activation="rellu")),
    ("unknown initializer", lambda: keras.layers.Dense(1, kernel_initializer="glorot")),
    ("unknown regularizer", lambda: keras.layers.Dense(1, kernel_regularizer="l1_l2")),
    ("unknown constraint", lambda: keras.layers.Dense(1, kernel_constraint="positive")),
    ("crossentropy as a metric", lambda: compiled(metrics=["crossentropy"]).fit(X, Y, verbose=0)),
    ("no loss", lambda: compiled(loss=None).fit(X, Y, verbose=0)),
    ("no y", lambda: compiled().fit(X, verbose=0)),
    ("cardinality", lambda: compiled().fit(X, Y[:9], verbose=0)),
    ("validation_split leaves nothing", lambda: compiled().fit(X[:1], Y[:1], validation_split=0.5, verbose=0)),
    ("validation_split leaves nothing by rounding", lambda: compiled().fit(X, Y, validation_split=0.9, verbose=0)),
    ("class_weight and sample_weight", lambda: compiled().fit(X, Y, class_weight={0: 1.0}, sample_weight=np.ones(10), verbose=0)),
    ("wrong width", lambda: model_of(REGRESSION)(np.zeros([2, 3], np.float32))),
    ("wrong width in fit", lambda: compiled().fit(np.zeros([10, 3]), Y, verbose=0)),
    ("rank 1 into Dense", lambda: model_of(REGRESSION)(np.zeros([2], np.float32))),
    ("loss shapes", lambda: keras.losses.MeanSquaredError()(np.zeros([2, 3]), np.zeros([2, 2]))),
    ("units 0", lambda: keras.layers.Dense(0)),
    ("units a float", lambda: keras.layers.Dense(1.5)),
    ("unknown argument", lambda: keras.layers.Dense(1, activate="relu")),
    ("dropout rate 2", lambda: keras.layers.Dropout(2)),
    ("dropout rate -1", lambda: keras.layers.Dropout(-0.5)),
    ("learning rate an int", lambda: keras.optimizers.SGD(1)),
    ("learning rate a string", lambda: keras.optimizers.SGD("0.1")),
    ("momentum 2", lambda: keras.optimizers.SGD(momentum=2.0)),
    ("momentum -1", lambda: keras.optimizers.SGD(momentum=-1.0)),
    ("two clips", lambda: keras.optimizers.SGD(clipnorm=1.0, clipvalue=1.0)),
    ("no gradients at all", step_without_gradients),
    ("unknown reduction", lambda: keras.losses.MeanSquaredError(reduction="average")),
    ("add something else", lambda: keras.Sequential([5])),
    ("duplicate names", lambda: keras.Sequential([keras.layers.Dense(1, name="a"), keras.layers.Dense(1, name="a")])),
    ("second Input", lambda: keras.Sequential([keras.Input((2,)), keras.Input((2,))])),
    ("input_shape before build", lambda: keras.Sequential([keras.layers.Dense(1)], name="s").input_shape),
    ("build without layers", lambda: keras.Sequential(name="s").build((None, 2))),
    ("weights of an unbuilt layer", lambda: keras.layers.Dense(1, name="d").set_weights([np.zeros([2, 1])])),
    ("weight shape", lambda: model_of(REGRESSION).layers[0].set_weights([np.zeros([3, 3]), np.zeros(3)])),
    ("weight count", lambda: model_of(REGRESSION).layers[0].set_weights([np.zeros([2, 3])])),
    ("name with a slash", lambda: keras.layers.Dense(1, name="a/b")),
    ("get_layer unknown", lambda: keras.Sequential([keras.layers.Dense(1, name="a")]).get_layer("b")),
    ("call without build", lambda: keras.Model().call(X)),
    ("count_params unbuilt", lambda: keras.layers.Dense(1, name="d").count_params()),
    ("Input without a shape", lambda: keras.Input()),
    ("Input with shape and batch_shape", lambda: keras.Input((2,), batch_shape=(None, 2))),
]  # fmt: skip


def errors():
    rows = []
    for name, function in WRONG_USES:
        keras.utils.clear_session()
        rows.append({"name": name, **without_noise(raised(function))})
    return rows


def without_noise(found):
    """Object addresses and the order of a printed set differ from run to run."""
    text = re.sub(r"0x[0-9a-f]+", "0x...", found["message"])
    text = re.sub(
        r"\{('[^{}]*')[^{}]*\}", lambda match: "{" + ", ".join(sorted(match[0][1:-1].split(", "))) + "}", text
    )
    return {**found, "message": text}
