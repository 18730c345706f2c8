"""Times training steps of PyTorch on one thread for bench/pytorch.ts: a count on each line of the input, milliseconds per step on each line of the output."""

import json
import math
import sys
import time

import torch
from torch import nn

settings = json.loads(sys.argv[1])
torch.set_num_threads(1)
torch.manual_seed(0)
clock = time.process_time if settings["cpuTime"] else time.perf_counter
dims, classes, kind = settings["dims"], settings["classes"], settings["kind"]
examples = 2048


def perceptron():
    layers, width = [], dims[1]
    for i, units in enumerate(settings["widths"]):
        layers += [nn.Linear(width, units)] + ([nn.ReLU()] if i + 1 < len(settings["widths"]) else [])
        width = units
    return nn.Sequential(*layers)


def convolutional():
    conv = lambda a, b: [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*conv(1, 8), *conv(8, 16), nn.Flatten(), nn.Linear(784, 10))


class Transformer(nn.Module):
    def __init__(self, width=64, heads=4, blocks=2):
        super().__init__()
        self.heads, self.width = heads, width
        self.embedding = nn.Parameter(0.1 * torch.randn(classes, width))
        self.positions = nn.Parameter(0.1 * torch.randn(dims[1], width))
        self.mask = torch.ones(dims[1], dims[1]).tril().bool()
        linear = nn.Linear
        self.blocks = nn.ModuleList(
            nn.ModuleList([nn.LayerNorm(width), linear(width, 3 * width), linear(width, width), nn.LayerNorm(width), linear(width, 4 * width), linear(4 * width, width)])
            for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens):
        batch, length = tokens.shape
        x = self.embedding[tokens] + self.positions
        for ln1, qkv, out, ln2, up, down in self.blocks:
            q, k, v = (t.view(batch, length, self.heads, -1).transpose(1, 2) for t in qkv(ln1(x)).split(self.width, -1))
            scores = q @ k.transpose(-1, -2) / math.sqrt(self.width // self.heads)
            mixed = scores.masked_fill(~self.mask, -1e9).softmax(-1) @ v
            x = x + out(mixed.transpose(1, 2).reshape(batch, length, self.width))
            x = x + down(nn.functional.gelu(up(ln2(x)), approximate="tanh"))
        return self.norm(x) @ self.embedding.T


model = {"perceptron": perceptron, "convolutional": convolutional, "transformer": Transformer}[kind]()
optimizer = torch.optim.SGD(model.parameters(), 0.01) if settings["optimizer"] == "sgd" else torch.optim.Adam(model.parameters(), 1e-3)
rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100_000)
if kind == "transformer":
    inputs = torch.randint(classes, (examples, dims[1] + 1))
else:
    inputs = torch.rand(examples, *dims[1:])
    labels = torch.randint(classes, (examples,))


def step():
    picks = torch.randint(examples, (dims[0],))
    rows = inputs[picks]
    x, y = (rows[:, :-1], rows[:, 1:].flatten()) if kind == "transformer" else (rows, labels[picks])
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x).view(-1, classes), y)
    loss.backward()
    optimizer.step()
    rates.step()
    return loss.item()


print("ready", flush=True)
for line in sys.stdin:
    count = int(line)
    start = clock()
    for _ in range(count):
        step()
    print(1000 * (clock() - start) / count, flush=True)
