"""What the Python peers share: inputs, clock and peak memory. Each peer runs as a child process and prints one JSON
object per job."""
import json
import math
import os
import resource
import statistics
import sys
import time

import numpy as np

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
SIZES = (256, 512, 1024, 2048)
CASES = ("NN", "NT", "TN", "TT")
COUNTS = {"1e6": (1000, 1000), "1e7": (1000, 10000)}

# Jobs whose results are the same number for every peer.
VALUED = ("descent", "neuron")


def pattern(shape, seed=0):
    """Numbers between -0.5 and 0.5 that every language computes alike."""
    index = np.arange(math.prod(shape), dtype=np.float64)
    values = np.fmod(index * index * 31 + index * 17 + seed * 101, 10007) / 10007 - 0.5
    return values.astype(np.float32).reshape(shape)


def classes(shape, count, seed=0):
    """Class numbers from 0 to count - 1."""
    return np.minimum((pattern(shape, seed) + 0.5) * count, count - 1).astype(np.int32)


def resident():
    """Bytes of memory this process holds now."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return peak()


def peak():
    """Bytes of memory this process held at most."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(run, calls=1, seconds=2.0, most=400, warmups=3):
    """Median and least milliseconds of one call; a sample is `calls` calls."""
    start = time.perf_counter()
    for _ in range(warmups):
        run()
        if time.perf_counter() - start > seconds:
            break
    samples = []
    start = time.perf_counter()
    while len(samples) < most and (len(samples) < 3 or time.perf_counter() - start < seconds):
        before = time.perf_counter()
        for _ in range(calls):
            run()
        samples.append((time.perf_counter() - before) * 1000 / calls)
        if samples[0] > 3000:
            break
    return {"median": statistics.median(samples), "least": min(samples), "samples": len(samples)}


def report(peer, job, **fields):
    print(json.dumps({"peer": peer, "job": job, "threads": THREADS, **fields}), flush=True)


def run_jobs(peer, jobs, version):
    """Runs the jobs named on the command line (all without names). A job is a function that returns either a function
    to time with measure's settings, or a dict to report as it is."""
    for job in sys.argv[1:] or jobs:
        if job not in jobs:
            continue
        before = resident()
        try:
            made = jobs[job]()
            if isinstance(made, dict):
                report(peer, job, version=version, **made)
                continue
            run, settings = made if isinstance(made, tuple) else (made, {})
            fields = settings.pop("fields", {})
            value = float(run()) if job in VALUED else None
            times = measure(run, **settings)
            report(peer, job, version=version, **times, memory=peak() - before, value=value, **fields)
        except Exception as error:  # a job that fails is a row of the table, and the others still run
            report(peer, job, version=version, failed=f"{type(error).__name__}: {error}"[:200])


def steps(run, parameters):
    """A training step of so many parameters and its settings: the loss must fall, or it is not training."""
    first = float(run())
    last = first
    for _ in range(5):
        last = float(run())
    if not last < first:
        raise ValueError(f"the loss rose from {first} to {last}")
    return run, {"seconds": 4.0, "fields": {"loss": [first, last], "parameters": parameters}}


def first_call(step):
    """Milliseconds of the first call of a step."""
    start = time.perf_counter()
    step()
    return {"median": (time.perf_counter() - start) * 1000}


def elementwise_functions(exp, tanh, total, mean):
    """The functions of two arrays that the large jobs compute, from a library's own."""
    return {
        "add": lambda x, y: x + y,
        "muladd": lambda x, y: x * y + x,
        "exp": lambda x, y: exp(x),
        "tanh": lambda x, y: tanh(x),
        "sum": lambda x, y: total(x),
        "mean0": lambda x, y: mean(x, 0),
        "mean1": lambda x, y: mean(x, 1),
    }


def large_jobs(matmul, elementwise, functions):
    """The jobs on large arrays: `matmul(size, case)` and `elementwise(function, shape)` make them."""
    products = {f"matmul-{n}-{case}": matmul(n, case) for n in SIZES for case in CASES}
    return products | {
        f"{name}-{n}": elementwise(function, shape)
        for n, shape in COUNTS.items()
        for name, function in functions.items()
    }


def gate_samples():
    return [(1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0)]


def text():
    """Characters and those that follow them, as numbers."""
    return classes((8, 128), 65, 1), classes((8, 128), 65, 2)
