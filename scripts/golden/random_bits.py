"""Philox 4x32-10: published known answers, confirmed by this file's own implementation and by TensorFlow's."""

import numpy as np
import scipy.stats
import tensorflow as tf

from encoding import number, numbers

ROUND_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_INCREMENTS = (0x9E3779B9, 0xBB67AE85)
MASK = 0xFFFFFFFF
# Random123's kat_vectors, lines "philox4x32 10": counter, key, output.
PUBLISHED = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
FURTHER = [
    ([1, 0, 0, 0], [0, 0]),
    ([0, 1, 0, 0], [0, 0]),
    ([0, 0, 1, 0], [0, 0]),
    ([0, 0, 0, 1], [0, 0]),
    ([0, 0, 0, 0], [1, 0]),
    ([0, 0, 0, 0], [0, 1]),
    ([0xFFFFFFFF, 0, 0, 0], [42, 0]),
    ([12345, 678, 90, 1], [0xDEADBEEF, 0x80000000]),
]


def make():
    return {"philox": known_answers(), "philox_stream": stream(), "distributions": distributions()}


def philox(counter, key):
    """Ten rounds; counter is four, key two 32-bit words, the least significant first."""
    c, k = list(counter), list(key)
    for _ in range(10):
        products = [multiplier * word for multiplier, word in zip(ROUND_MULTIPLIERS, (c[0], c[2]))]
        c = [
            (products[1] >> 32) ^ c[1] ^ k[0],
            products[1] & MASK,
            (products[0] >> 32) ^ c[3] ^ k[1],
            products[0] & MASK,
        ]
        k = [(word + increment) & MASK for word, increment in zip(k, KEY_INCREMENTS)]
    return c


def tensorflow_philox(counter, key, count=4):
    """The same bits from TensorFlow, whose key and counter are 64-bit words; alg 1 is Philox."""
    words = np.array([*key, *counter], np.uint32).view(np.uint64)
    return tf.raw_ops.StatelessRandomUniformFullIntV2(
        shape=[count], key=words[:1], counter=words[1:], alg=1, dtype=tf.uint32
    ).numpy()


def known_answers():
    answers = []
    for counter, key, output in PUBLISHED:
        counter, key, output = ([int(word, 16) for word in text.split()] for text in (counter, key, output))
        answers.append((counter, key, output, "Random123 kat_vectors"))
    answers += [(counter, key, philox(counter, key), "computed") for counter, key in FURTHER]
    for counter, key, output, _ in answers:
        assert philox(counter, key) == output, (counter, key)
        assert tensorflow_philox(counter, key).tolist() == output, (counter, key)
    return [
        {"dtype": "uint32", "counter": counter, "key": key, "output": output, "from": source}
        for counter, key, output, source in answers
    ]


def stream():
    """32 words of consecutive counters, the first word counting up with carry."""
    counter, key = [0xFFFFFFFE, 0xFFFFFFFF, 7, 0], [1, 2]
    words = tensorflow_philox(counter, key, 32).tolist()
    own = []
    for step in range(8):
        total = sum(word << (32 * i) for i, word in enumerate(counter)) + step
        own += philox([(total >> (32 * i)) & MASK for i in range(4)], key)
    assert own == words
    return {"dtype": "uint32", "counter": counter, "key": key, "output": words}


def distributions():
    """Moments and cumulative probabilities that large samples must come near to."""
    points = [-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
    table = {
        "normal": scipy.stats.norm(),
        "truncated_normal": scipy.stats.truncnorm(-2, 2),
        "uniform": scipy.stats.uniform(),
    }
    return {name: described(distribution, points) for name, distribution in table.items()}


def described(distribution, points):
    mean, variance, skewness, excess_kurtosis = (float(moment) for moment in distribution.stats("mvsk"))
    return {
        "dtype": "float64",
        "mean": number(mean),
        "variance": number(variance),
        "standard_deviation": number(distribution.std()),
        "skewness": number(skewness),
        "excess_kurtosis": number(excess_kurtosis),
        "points": points,
        "cumulative": numbers(distribution.cdf(points)),
    }
