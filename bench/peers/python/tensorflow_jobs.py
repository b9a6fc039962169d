"""TensorFlow's and Keras's side of the table: eager for the small jobs, tf.function for the rest."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from harness import (
    THREADS, classes, elementwise_functions, first_call, gate_samples, large_jobs,
    pattern, run_jobs, steps, text,
)

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(1)


def descent_step(x):
    with tf.GradientTape() as tape:
        y = tf.add(tf.subtract(tf.pow(x, 2), tf.multiply(6.0, x)), 5.0)
    x.assign_sub(0.1 * tape.gradient(y, x))
    return y


def descent():
    def run():
        x = tf.Variable(0.0)
        for _ in range(20):
            descent_step(x)
        return x.numpy()

    return run


def one_step():
    x = tf.Variable(0.0)
    step = tf.function(lambda: descent_step(x))
    return step, {"calls": 1000, "most": 15}


def neuron():
    def run():
        weights = tf.Variable([0.5, 0.5], dtype="float64")
        bias = tf.Variable(0.3, dtype="float64")
        for _ in range(100):
            for sample in gate_samples():
                x = tf.constant(sample, "float64")
                with tf.GradientTape() as tape:
                    a = tf.nn.relu(tf.reduce_sum(weights * x) + bias)
                    loss = (a - sample[0] * sample[1]) ** 2
                dw, db = tape.gradient(loss, [weights, bias])
                weights.assign_sub(0.1 * dw)
                bias.assign_sub(0.1 * db)
        return bias.numpy()

    return run, {"most": 8}


def gate_fit():
    x = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], "float32")
    y = np.array([[1], [0], [0], [0]], "float32")

    def run():
        model = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="relu")])
        model.compile(loss="mean_squared_error", optimizer="adam", metrics=["accuracy"])
        model.set_weights([np.array([[0.5], [0.3]]), np.zeros(1)])
        return model.fit(x, y, epochs=1000, batch_size=4, verbose=0).history["loss"][-1]

    return run, {"warmups": 0, "most": 1}


def constant(shape, seed=0):
    return tf.constant(pattern(shape, seed))


def matmul(size, case):
    def make():
        a, b = constant((size, size), 1), constant((size, size), 2)
        return lambda: tf.matmul(a, b, transpose_a=case[0] == "T", transpose_b=case[1] == "T")

    return make


def elementwise(function, shape):
    def make():
        x, y = constant(shape, 1), constant(shape, 2)
        step = tf.function(function)
        return lambda: step(x, y)

    return make


def training_step(model, x, y):
    model(x)  # builds the weights
    optimizer = keras.optimizers.Adam(0.001)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    inputs = tf.constant(x), tf.constant(y)
    return lambda: step(*inputs).numpy()


def training(model, x, y):
    step = training_step(model, x, y)
    return steps(step, model.count_params())


def mlp():
    dense = layers.Dense
    model = keras.Sequential(
        [keras.Input((784,)), dense(512, activation="relu"), dense(256, activation="relu"), dense(10)]
    )
    return training(model, pattern((128, 784)), classes((128,), 10))


def cnn():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    return training(model, pattern((64, 28, 28, 1)), classes((64,), 10))


def lstm():
    model = keras.Sequential([keras.Input((64, 128)), layers.LSTM(128), layers.Dense(10)])
    return training(model, pattern((32, 64, 128)), classes((32,), 10))


class Transformer(keras.Model):
    def __init__(self, vocabulary=65, context=128, width=128, heads=4, depth=4):
        super().__init__()
        self.token, self.place = layers.Embedding(vocabulary, width), layers.Embedding(context, width)
        self.blocks = [Block(width, heads) for _ in range(depth)]
        self.norm, self.head = layers.LayerNormalization(), layers.Dense(vocabulary)

    def call(self, tokens):
        x = self.token(tokens) + self.place(tf.range(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class Block(layers.Layer):
    def __init__(self, width, heads):
        super().__init__()
        self.attention_norm, self.dense_norm = layers.LayerNormalization(), layers.LayerNormalization()
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.up, self.down = layers.Dense(4 * width, activation="gelu"), layers.Dense(width)

    def call(self, x):
        normal = self.attention_norm(x)
        x = x + self.attention(normal, normal, use_causal_mask=True)
        return x + self.down(self.up(self.dense_norm(x)))


def transformer():
    return training(Transformer(), *text())


def compile_transformer():
    return first_call(training_step(Transformer(), *text()))


JOBS = {"descent": descent, "neuron": neuron, "function-step": one_step}
JOBS |= large_jobs(matmul, elementwise, elementwise_functions(tf.exp, tf.tanh, tf.reduce_sum, tf.reduce_mean))
JOBS |= {"mlp": mlp, "cnn": cnn, "lstm": lstm, "transformer": transformer}
JOBS |= {"compile-transformer": compile_transformer, "gate-fit": gate_fit}

if __name__ == "__main__":
    run_jobs("TensorFlow", JOBS, f"{tf.__version__}, Keras {keras.__version__}")
