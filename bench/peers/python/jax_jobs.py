"""JAX's side of the table: eager for the small jobs, jit for the rest; Adam and the layers written out."""
import math
import os

from harness import (
    THREADS, classes, elementwise_functions, first_call, gate_samples, large_jobs,
    pattern, run_jobs, steps, text,
)

if THREADS == 1 and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, nn


def quadratic(x):
    return x**2 - 6 * x + 5


def descent():
    gradient = jax.grad(quadratic)

    def run():
        x = jnp.float32(0)
        for _ in range(20):
            x = x - 0.1 * gradient(x)
        return float(x)

    return run


def one_step():
    step = jax.jit(lambda x: x - 0.1 * jax.grad(quadratic)(x))
    state = [jnp.float32(0)]

    def run():
        state[0] = step(state[0])
        return state[0].block_until_ready()

    return run, {"calls": 1000, "most": 15}


def neuron():
    def loss_of(weights, bias, x, y):
        return (nn.relu((weights * x).sum() + bias) - y) ** 2

    gradient = jax.grad(loss_of, (0, 1))

    def run():
        weights, bias = jnp.array([0.5, 0.5]), jnp.float32(0.3)
        for _ in range(100):
            for sample in gate_samples():
                dw, db = gradient(weights, bias, jnp.array(sample), sample[0] * sample[1])
                weights, bias = weights - 0.1 * dw, bias - 0.1 * db
        return float(bias)

    return run, {"most": 4}


def matmul(size, case):
    def make():
        a, b = jnp.array(pattern((size, size), 1)), jnp.array(pattern((size, size), 2))
        step = jax.jit(lambda a, b: (a.T if case[0] == "T" else a) @ (b.T if case[1] == "T" else b))
        return lambda: step(a, b).block_until_ready()

    return make


def elementwise(function, shape):
    def make():
        x, y = jnp.array(pattern(shape, 1)), jnp.array(pattern(shape, 2))
        step = jax.jit(function)
        return lambda: step(x, y).block_until_ready()

    return make


def weight(key, *shape):
    limit = math.sqrt(6 / (math.prod(shape[:-1]) + shape[-1]))
    return jnp.array(np.random.default_rng(key).uniform(-limit, limit, shape), jnp.float32)


def dense_weights(key, units_in, units):
    return {"kernel": weight(key, units_in, units), "bias": jnp.zeros(units)}


def dense(p, x):
    return x @ p["kernel"] + p["bias"]


def cross_entropy(logits, y):
    return -jnp.take_along_axis(nn.log_softmax(logits), y[..., None], -1).mean()


def adam(parameters, gradients, state, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-7):
    count, m, v = state
    count = count + 1
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, gradients)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, gradients)
    scale = rate * jnp.sqrt(1 - b2**count) / (1 - b1**count)
    parameters = jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) + epsilon), parameters, m, v)
    return parameters, (count, m, v)


def training_step(parameters, forward, x, y):
    def update(parameters, state, x, y):
        loss, gradients = jax.value_and_grad(lambda p: cross_entropy(forward(p, x), y))(parameters)
        return *adam(parameters, gradients, state), loss

    step = jax.jit(update, donate_argnums=(0, 1))
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    held = [parameters, (jnp.float32(0), zeros(), zeros())]
    x, y = jnp.array(x), jnp.array(y)

    def run():
        held[0], held[1], loss = step(*held, x, y)
        return float(loss)

    return run


def training(parameters, forward, x, y):
    count = sum(p.size for p in jax.tree.leaves(parameters))
    return steps(training_step(parameters, forward, x, y), count)


def mlp():
    parameters = [dense_weights(0, 784, 512), dense_weights(1, 512, 256), dense_weights(2, 256, 10)]

    def forward(p, x):
        return dense(p[2], nn.relu(dense(p[1], nn.relu(dense(p[0], x)))))

    return training(parameters, forward, pattern((128, 784)), classes((128,), 10))


def cnn():
    def convolution(key, channels_in, channels):
        return {"kernel": weight(key, 3, 3, channels_in, channels), "bias": jnp.zeros(channels)}

    def block(p, x):
        x = lax.conv_general_dilated(x, p["kernel"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return lax.reduce_window(nn.relu(x + p["bias"]), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def forward(p, x):
        return dense(p[2], block(p[1], block(p[0], x)).reshape(x.shape[0], -1))

    parameters = [convolution(0, 1, 32), convolution(1, 32, 64), dense_weights(2, 1600, 10)]
    return training(parameters, forward, pattern((64, 28, 28, 1)), classes((64,), 10))


def lstm():
    parameters = {"gates": dense_weights(0, 128, 512), "state": weight(1, 128, 512), "head": dense_weights(2, 128, 10)}

    def forward(p, x):
        def cell(carry, gates):
            h, c = carry
            i, f, g, o = jnp.split(gates + h @ p["state"], 4, -1)
            c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
            return (nn.sigmoid(o) * jnp.tanh(c), c), None

        zero = jnp.zeros((x.shape[0], 128))
        (h, _), _ = lax.scan(cell, (zero, zero), dense(p["gates"], x).swapaxes(0, 1))
        return dense(p["head"], h)

    return training(parameters, forward, pattern((32, 64, 128)), classes((32,), 10))


def transformer_weights(width=128, depth=4, vocabulary=65, context=128):
    norm = lambda: {"scale": jnp.ones(width), "shift": jnp.zeros(width)}
    sizes = {"qkv": (width, 3 * width), "out": (width, width), "up": (width, 4 * width), "down": (4 * width, width)}
    blocks = []
    for index in range(depth):
        block = {name: dense_weights(index * 10 + i, *size) for i, (name, size) in enumerate(sizes.items())}
        blocks.append({**block, "norm1": norm(), "norm2": norm()})
    tables = {"token": weight(98, vocabulary, width), "place": weight(99, context, width)}
    return {**tables, "blocks": blocks, "norm": norm(), "head": dense_weights(97, width, vocabulary)}


def layer_norm(p, x):
    centred = x - x.mean(-1, keepdims=True)
    return centred * lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-3) * p["scale"] + p["shift"]


def attend(p, x, heads=4):
    batch, length, width = x.shape
    query, key, value = dense(p["qkv"], x).reshape(batch, length, 3, heads, -1).transpose(2, 0, 3, 1, 4)
    scores = query @ key.swapaxes(-1, -2) / math.sqrt(width // heads)
    scores = jnp.where(jnp.tril(jnp.ones((length, length), bool)), scores, -jnp.inf)
    mixed = (nn.softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(batch, length, width)
    return dense(p["out"], mixed)


def transform(p, x):
    x = p["token"][x] + p["place"]
    for block in p["blocks"]:
        x = x + attend(block, layer_norm(block["norm1"], x))
        hidden = nn.gelu(dense(block["up"], layer_norm(block["norm2"], x)), approximate=False)
        x = x + dense(block["down"], hidden)
    return dense(p["head"], layer_norm(p["norm"], x))


def transformer():
    return training(transformer_weights(), transform, *text())


def compile_transformer():
    return first_call(training_step(transformer_weights(), transform, *text()))


JOBS = {"descent": descent, "neuron": neuron, "function-step": one_step}
JOBS |= large_jobs(matmul, elementwise, elementwise_functions(jnp.exp, jnp.tanh, jnp.sum, jnp.mean))
JOBS |= {"mlp": mlp, "cnn": cnn, "lstm": lstm, "transformer": transformer}
JOBS |= {"compile-transformer": compile_transformer}

if __name__ == "__main__":
    run_jobs("JAX", JOBS, jax.__version__)
