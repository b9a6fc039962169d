"""What Keras prints: summary(), the progress bar and the lines of fit, byte for byte."""

import contextlib
import io
import os
from types import SimpleNamespace
from unittest import mock

import keras
import numpy as np
from keras import layers

import keras_fit

X, Y = keras_fit.X, keras_fit.Y


def text_of(model, **options):
    parts = []
    model.summary(print_fn=lambda text, **_: parts.append(text), **options)
    return "".join(parts)


class TwoLayers(keras.Model):
    """A model by subclassing."""

    def __init__(self):
        super().__init__(name="two_layers")
        self.hidden = layers.Dense(3, activation="relu", name="hidden")
        self.last = layers.Dense(1, name="last")

    def call(self, x):
        return self.last(self.hidden(x))


def built():
    return keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(8, name="first"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(4, name="second"),
        ],
        name="my_seq",
    )


def unbuilt():
    return keras.Sequential([layers.Dense(8, name="first"), layers.Flatten(name="flat")], name="unbuilt")


def trained():
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(3, name="first"), layers.Dense(1, name="last")], name="trained"
    )
    model.compile(optimizer="adam", loss="mse", jit_compile=False)
    model.fit(X, Y, verbose=0)
    return model


def frozen():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(1000, name="wide"), layers.Dense(1, name="last")], name="frozen"
    )
    model.layers[0].trainable = False
    return model


def long_names():
    model = keras.Sequential(name="long_names")
    model.add(keras.Input((28, 28)))
    model.add(layers.Flatten(name="flatten_the_picture_into_one_long_row_of_numbers"))
    model.add(layers.Dense(10, name="d" * 70))
    model.add(layers.Activation("softmax", name="a_b c d"))
    return model


def nested():
    inner = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, name="inside"), layers.Activation("relu", name="act")], name="inner"
    )
    return keras.Sequential([keras.Input((4,)), inner, layers.Dense(1, name="outside")], name="outer")


def functional():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    x = layers.Concatenate(name="both")([layers.Dense(3, name="left")(a), b])
    return keras.Model([a, b], layers.Dense(1, name="out")(x), name="two_inputs")


def empty():
    return keras.Sequential(name="empty")


def subclassed():
    model = TwoLayers()
    model(np.zeros([1, 2], np.float32))
    return model


# The model, the columns of the terminal, the options.
SUMMARIES = [
    (built, 80, {}), (built, 60, {}), (built, 120, {}), *((built, 200, {"line_length": n}) for n in (40, 60, 76, 88, 100, 120)),
    (built, 80, {"line_length": 88}), (built, 200, {"line_length": 100, "show_trainable": True}),
    (built, 80, {"positions": [0.5, 0.8, 1.0], "line_length": 80}), (built, 80, {"layer_range": ["drop", "second"]}), (unbuilt, 80, {}),
    (trained, 80, {}), (frozen, 80, {}), (frozen, 80, {"show_trainable": True}), (long_names, 80, {}), (long_names, 200, {"line_length": 100}),
    (nested, 80, {}), (nested, 80, {"expand_nested": True}), (nested, 200, {"expand_nested": True, "show_trainable": True, "line_length": 90}),
    (functional, 80, {}), (functional, 200, {}), (functional, 200, {"line_length": 108}), (subclassed, 80, {}), (TwoLayers, 80, {}), (empty, 80, {}),
]  # fmt: skip


def summaries():
    rows = []
    for model, columns, options in SUMMARIES:
        keras.utils.clear_session()
        with mock.patch.dict(os.environ, COLUMNS=str(columns)):
            rows.append(
                {"model": model.__name__, "columns": columns, "options": options, "text": text_of(model(), **options)}
            )
    return rows


class Clock:
    """Stands for the time module: the time is what it was last set to."""

    def __init__(self):
        self.now = 1000.0

    def time(self):
        return self.now


@contextlib.contextmanager
def captured(clock):
    output = io.StringIO()
    with mock.patch("keras.src.utils.progbar.time", SimpleNamespace(time=clock.time)):
        with contextlib.redirect_stdout(output):
            yield output


# Seconds since the start, step, values, finalize.
PLAIN = [
    (0.1, 1, [("loss", 0.5)], None),
    (0.12, 2, [("loss", 0.4)], None),
    (0.3, 3, [("loss", 1e-4)], None),
    (0.5, 5, [("loss", -2.0)], None),
]
FIVE_STEPS = [(0.0, 0, [], None), (0.1, 1, [("accuracy", 0.25), ("loss", 12.5)], None), (1.5, 3, [("accuracy", 0.5), ("loss", 0.25)], None),
              (4.0, 5, [("accuracy", 1.0), ("loss", 0.001)], False), (4.5, 5, [("accuracy", 1.0), ("loss", 0.001), ("val_loss", 0.5)], True)]  # fmt: skip
SLOW = [
    (10.0, 1, [], None),
    (100.0, 10, [("loss", 1.0)], None),
    (5000.0, 50, [("loss", 1.0)], None),
    (9000.0, 100, [("loss", 1.0)], None),
]
UNKNOWN = [(0.1, 1, [("loss", 3.0)], None), (0.2, 2, [("loss", 2.0)], None), (0.9, 12, [("loss", 1.0)], None)]
FAST = [(0.00002, 1, [], None), (0.0002, 10, [], None), (0.002, 1000, [("loss", 0.125)], None)]
BARS = [
    ("plain, values averaged", {"target": 5}, PLAIN), ("stateful", {"target": 5, "stateful_metrics": ["loss"]}, PLAIN),
    ("as in fit", {"target": 5, "stateless_metrics": []}, FIVE_STEPS), ("slow", {"target": 100, "stateless_metrics": []}, SLOW),
    ("unknown target", {"target": None, "stateless_metrics": []}, UNKNOWN), ("fast", {"target": 1000, "stateless_metrics": []}, FAST),
    ("width 5, samples", {"target": 5, "width": 5, "unit_name": "sample"}, PLAIN),
    ("verbose 2", {"target": 5, "verbose": 2, "stateless_metrics": []}, FIVE_STEPS), ("verbose 2, negative", {"target": 5, "verbose": 2, "stateless_metrics": []}, PLAIN),
    ("verbose 0", {"target": 5, "verbose": 0}, PLAIN), ("one step", {"target": 1, "stateless_metrics": []}, [(0.25, 1, [("loss", 0.5)], None)]),
    ("interval 0.2", {"target": 5, "interval": 0.2}, PLAIN), ("not a number", {"target": 1, "stateless_metrics": []}, [(0.1, 1, [("loss", float("nan"))], None)]),
]  # fmt: skip


def progress_bars():
    """What each update adds to the output, with dynamic display (a terminal, or any POSIX system) and without."""
    return [bar(name, options, updates, dynamic) for name, options, updates in BARS for dynamic in (True, False)]


def bar(name, options, updates, dynamic):
    clock, rows = Clock(), []
    with captured(clock) as output:
        progress = keras.utils.Progbar(**options)
        progress._dynamic_display = dynamic
        for seconds, current, values, finalize in updates:
            clock.now = 1000.0 + seconds
            start = output.tell()
            progress.update(current, values=values, finalize=finalize)
            shown = [[key, "NaN" if value != value else value] for key, value in values]
            rows.append(
                {
                    "seconds": seconds,
                    "current": current,
                    "values": shown,
                    "finalize": finalize,
                    "text": output.getvalue()[start:],
                }
            )
    return {"name": name, "options": options, "dynamic": dynamic, "updates": rows}


def fit_outputs():
    """All that fit, evaluate and predict print while the clock stands still."""
    rows = []
    for name, verbose, options in (
        ("fit", 1, {"epochs": 2, "batch_size": 4}), ("fit", 1, {"epochs": 1, "batch_size": 10}), ("fit", 2, {"epochs": 2, "batch_size": 4}),
        ("fit", 2, {"epochs": 1}), ("fit", 0, {"epochs": 2}), ("fit", "auto", {"epochs": 2, "batch_size": 5, "validation_split": 0.5}),
        ("fit", 2, {"epochs": 2, "batch_size": 5, "validation_split": 0.5}),
        ("evaluate", 1, {"batch_size": 4}), ("evaluate", 2, {"batch_size": 4}), ("predict", 1, {"batch_size": 4}), ("predict", 2, {"batch_size": 4}),
    ):  # fmt: skip
        model = keras_fit.compiled(metrics=["mae"])
        data = {"fit": (X, Y), "evaluate": (X, Y), "predict": (X,)}[name]
        shuffled = {"shuffle": False} if name == "fit" else {}
        with captured(Clock()) as output:
            getattr(model, name)(*data, verbose=verbose, **options, **shuffled)
        rows.append({"method": name, "verbose": verbose, "options": options, "text": output.getvalue()})
    return rows
