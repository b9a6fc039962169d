"""PyTorch's side of the table, eager as its users train."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from harness import (
    THREADS, classes, elementwise_functions, gate_samples, large_jobs, pattern, run_jobs, steps, text,
)

torch.set_num_threads(THREADS)


def tensor(shape, seed=0):
    return torch.from_numpy(pattern(shape, seed))


def labels(shape, count):
    return torch.from_numpy(classes(shape, count)).long()


def descent_step(x):
    y = x**2 - 6 * x + 5
    (slope,) = torch.autograd.grad(y, x)
    with torch.no_grad():
        x -= 0.1 * slope
    return y


def descent():
    def run():
        x = torch.tensor(0.0, requires_grad=True)
        for _ in range(20):
            descent_step(x)
        return x.item()

    return run


def one_step():
    x = torch.tensor(0.0, requires_grad=True)
    return (lambda: descent_step(x)), {"calls": 1000, "most": 15}


def neuron():
    def run():
        weights = torch.tensor([0.5, 0.5], dtype=torch.float64, requires_grad=True)
        bias = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
        for _ in range(100):
            for sample in gate_samples():
                x = torch.tensor(sample, dtype=torch.float64)
                a = torch.relu((weights * x).sum() + bias)
                loss = (a - sample[0] * sample[1]) ** 2
                dw, db = torch.autograd.grad(loss, [weights, bias])
                with torch.no_grad():
                    weights -= 0.1 * dw
                    bias -= 0.1 * db
        return bias.item()

    return run


def gate_fit():
    x = torch.tensor([[1.0, 1], [1, 0], [0, 1], [0, 0]])
    y = torch.tensor([[1.0], [0], [0], [0]])

    def run():
        model = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
        with torch.no_grad():
            model[0].weight.copy_(torch.tensor([[0.5, 0.3]]))
            model[0].bias.zero_()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
        for _ in range(1000):
            optimizer.zero_grad(set_to_none=True)
            F.mse_loss(model(x), y).backward()
            optimizer.step()

    return run, {"most": 5}


def matmul(size, case):
    def make():
        a, b = tensor((size, size), 1), tensor((size, size), 2)
        left = a.t() if case[0] == "T" else a
        right = b.t() if case[1] == "T" else b
        return lambda: left @ right

    return make


def elementwise(function, shape):
    def make():
        x, y = tensor(shape, 1), tensor(shape, 2)
        return lambda: function(x, y)

    return make


def training(model, loss_of, rate=0.001):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, eps=1e-7)

    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model)
        loss.backward()
        optimizer.step()
        return loss.item()

    return steps(run, sum(p.numel() for p in model.parameters()))


def mlp():
    x, y = tensor((128, 784)), labels((128,), 10)
    model = nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)
    )
    return training(model, lambda model: F.cross_entropy(model(x), y))


def cnn():
    x, y = tensor((64, 1, 28, 28)), labels((64,), 10)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1600, 10),
    )
    return training(model, lambda model: F.cross_entropy(model(x), y))


class LastStep(nn.Module):
    """An LSTM's output at the last step, and ten classes from it."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(128, 128, batch_first=True)
        self.dense = nn.Linear(128, 10)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


def lstm():
    x, y = tensor((32, 64, 128)), labels((32,), 10)
    return training(LastStep(), lambda model: F.cross_entropy(model(x), y))


class Block(nn.Module):
    def __init__(self, width=128, heads=4):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-3), nn.LayerNorm(width, eps=1e-3)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.triu(torch.full((128, 128), float("-inf")), 1))

    def forward(self, x):
        batch, length, width = x.shape
        heads = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + self.mask
        attended = (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)
        x = x + self.out(attended)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, vocabulary=65, context=128, width=128, layers=4):
        super().__init__()
        self.token, self.place = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.Sequential(*(Block(width) for _ in range(layers)))
        self.norm, self.head = nn.LayerNorm(width, eps=1e-3), nn.Linear(width, vocabulary)

    def forward(self, x):
        embedded = self.token(x) + self.place(torch.arange(x.shape[1]))
        return self.head(self.norm(self.blocks(embedded)))


def transformer():
    x, y = (torch.from_numpy(codes).long() for codes in text())
    loss_of = lambda model: F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    return training(Transformer(), loss_of)


JOBS = {"descent": descent, "neuron": neuron, "function-step": one_step, "gate-fit": gate_fit}
JOBS |= large_jobs(matmul, elementwise, elementwise_functions(torch.exp, torch.tanh, torch.sum, torch.mean))
JOBS |= {"mlp": mlp, "cnn": cnn, "lstm": lstm, "transformer": transformer}

if __name__ == "__main__":
    run_jobs("PyTorch", JOBS, torch.__version__)
