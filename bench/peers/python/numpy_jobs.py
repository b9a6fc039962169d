"""The copy of a large array, which bounds what any elementwise job can reach."""
import numpy as np

from harness import COUNTS, pattern, run_jobs


def copy(shape):
    def make():
        x = pattern(shape, 1)
        y = np.empty_like(x)
        return lambda: np.copyto(y, x)

    return make


JOBS = {f"copy-{n}": copy(shape) for n, shape in COUNTS.items()}

if __name__ == "__main__":
    run_jobs("NumPy", JOBS, np.__version__)
