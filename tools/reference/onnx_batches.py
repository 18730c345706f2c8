"""Batches that this program and packages/onnxruntime-web/test/torch/batches.ts compute alike, bit for bit.

Only integers, sums and products of doubles, and one rounding to float32: nothing that two languages could round differently.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

Batch = dict[str, torch.Tensor]


def random(seed: int) -> Callable[[], float]:
    """mulberry32: numbers in [0, 1) from a seed."""
    state = seed

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t = ((t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        return ((t ^ (t >> 14)) & 0xFFFFFFFF) / 4294967296

    return draw


def vectors(count: int, size: int, seed: int, width: int = 16, classes: int = 6) -> list[Batch]:
    """Points whose class is the largest of their first coordinates."""
    draw = random(seed)
    batches = []
    for _ in range(count):
        rows = [[2 * draw() - 1 for _ in range(width)] for _ in range(size)]
        labels = [max(range(classes), key=lambda k: row[k]) for row in rows]
        batches.append({"x": torch.tensor(rows, dtype=torch.float32), "labels": torch.tensor(labels)})
    return batches


def images(count: int, size: int, seed: int, side: int = 12, classes: int = 6) -> list[Batch]:
    """Stripes of a width and phase that depend on the class and the channel, under noise."""
    draw = random(seed)
    batches = []
    for _ in range(count):
        labels = [int(classes * draw()) for _ in range(size)]
        pixels = [
            (0.5 if (row * (label + 1) + column * (channel + 1)) % 7 < 3 else -0.5) + (2 * draw() - 1)
            for label in labels
            for channel in range(3)
            for row in range(side)
            for column in range(side)
        ]
        x = torch.tensor(pixels, dtype=torch.float32).view(size, 3, side, side)
        batches.append({"x": x, "labels": torch.tensor(labels)})
    return batches


def tokens(count: int, size: int, seed: int, length: int = 16, vocabulary: int = 24) -> list[Batch]:
    """Sequences that go on by a step of their own, some shorter than the rest: padded with 0, label −100 there."""
    draw = random(seed)
    batches = []
    for _ in range(count):
        rows, masks, labels = [], [], []
        for _ in range(size):
            at, step = int(vocabulary * draw()), 1 + int(4 * draw())
            kept = length - int(6 * draw())
            row = [(at + step * i) % vocabulary for i in range(kept + 1)]
            rows.append(row[:kept] + [0] * (length - kept))
            masks.append([1] * kept + [0] * (length - kept))
            labels.append(row[1:] + [-100] * (length - kept))
        batches.append({"tokens": torch.tensor(rows), "mask": torch.tensor(masks), "labels": torch.tensor(labels)})
    return batches
