"""Trains a network in PyTorch and records what happens: losses, gradients of the first batch, final weights, and what one rounding does."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from onnx_batches import Batch

STEPS = 50
MOVES = 8
PICKS = 4


@dataclass(frozen=True)
class Recipe:
    """An optimizer of torch.optim under a warm-up and a cosine to 0; one rate for every update."""

    optimizer: str
    options: dict[str, Any] = field(default_factory=dict)
    peak: float = 0.1
    warmup: int = 5
    clip: float | None = None
    # Decay for weights of two axes and more only, as is usual for transformers.
    decay_matrices: bool = False

    def rate(self, step: int) -> float:
        if step < self.warmup:
            return self.peak * (step + 1) / (self.warmup + 1)
        return self.peak * (1 + math.cos(math.pi * (step - self.warmup) / (STEPS - self.warmup))) / 2


def loss_of(net: nn.Module, batch: Batch) -> torch.Tensor:
    """Cross entropy over the last axis; label −100 does not count."""
    dtype = next(net.parameters()).dtype
    inputs = {name: value.to(dtype) if value.is_floating_point() else value for name, value in batch.items() if name != "labels"}
    logits = net(**inputs)
    return F.cross_entropy(logits.flatten(0, -2), batch["labels"].flatten())


def make_optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    groups: list[dict[str, Any]] = [{"params": list(net.parameters())}]
    if recipe.decay_matrices:
        matrices = [w for w in net.parameters() if w.dim() >= 2]
        groups = [{"params": matrices}, {"params": [w for w in net.parameters() if w.dim() < 2], "weight_decay": 0.0}]
    return getattr(torch.optim, recipe.optimizer)(groups, lr=recipe.peak, foreach=False, **recipe.options)


def train(net: nn.Module, recipe: Recipe, batches: Sequence[Batch], stored: bool = False) -> list[float]:
    """The loss of each update, before it. `stored`: batch normalisation uses the statistics it has and leaves them."""
    net.train(not stored)
    optimizer = make_optimizer(net, recipe)
    losses = []
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate(step)
        optimizer.zero_grad()
        loss = loss_of(net, batch)
        loss.backward()
        if recipe.clip is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), recipe.clip, foreach=False)
        optimizer.step()
        losses.append(loss.item())
    return losses


def gradients(net: nn.Module, batch: Batch) -> dict[str, torch.Tensor]:
    """Of every parameter, on a copy: batch normalisation would remember the batch."""
    net = copy.deepcopy(net).train()
    loss_of(net, batch).backward()
    return {name: w.grad.detach().clone() for name, w in net.named_parameters()}


def moved(net: nn.Module, share: float) -> nn.Module:
    """A copy in which the weight that stands at a share of all of them is the next float32 away from zero."""
    net = copy.deepcopy(net)
    at = math.floor(share * sum(w.numel() for w in net.parameters()))
    for w in net.parameters():
        if at < w.numel():
            w.data.view(-1).view(torch.int32)[at] += 1
            break
        at -= w.numel()
    return net


def summary(net: nn.Module) -> dict[str, torch.Tensor]:
    """A few elements of every tensor, spread evenly, in the order of the tensor's own storage."""
    tensors = [*net.named_parameters(), *((name, b) for name, b in net.named_buffers() if b.is_floating_point())]
    picked = {}
    for name, tensor in tensors:
        flat = tensor.detach().flatten()
        picked[name] = flat[[i * flat.numel() // PICKS for i in range(min(PICKS, flat.numel()))]]
    return picked


def relative(losses: Sequence[float], other: Sequence[float]) -> list[float]:
    return [abs(a - b) / abs(a) for a, b in zip(losses, other, strict=True)]


def record(net: nn.Module, recipe: Recipe, batches: Sequence[Batch], say: Callable[[str], None]) -> dict[str, Any]:
    """Trains copies of the network: one as it is, MOVES with one weight moved by one unit in the last place, one in double precision."""
    trained = copy.deepcopy(net)
    losses = train(trained, recipe, batches)
    final = summary(trained)
    effect, spread = [0.0] * len(batches), {name: 0.0 for name in final}
    for i in range(MOVES):
        other = moved(net, i / MOVES)
        effect = [max(a, b) for a, b in zip(effect, relative(losses, train(other, recipe, batches)), strict=True)]
        for name, values in summary(other).items():
            spread[name] = max(spread[name], (values - final[name]).abs().max().item())
    normalised = any(isinstance(module, nn.BatchNorm2d) for module in net.modules())
    stored = train(copy.deepcopy(net), recipe, batches, stored=True) if normalised else None
    double = copy.deepcopy(net).double()
    exact = train(double, recipe, batches)
    say(
        f"loss {losses[0]:.4f} -> {losses[-1]:.4f}; one weight moved by one unit: {max(effect):.1e}; "
        f"from double precision: {max(relative(losses, exact)):.1e}"
    )
    return {
        "recipe": {
            "optimizer": recipe.optimizer,
            "options": recipe.options,
            "peak": recipe.peak,
            "warmup": recipe.warmup,
            "clip": recipe.clip,
            "decayMatrices": recipe.decay_matrices,
        },
        "losses": losses,
        # Element t: the largest effect, up to step t, on the loss, relative to it.
        "effect": [max(effect[: t + 1]) for t in range(len(effect))],
        # The same with stored statistics in batch normalisation.
        **({} if stored is None else {"storedLosses": stored}),
        "final": {name: {"values": values.tolist(), "effect": spread[name]} for name, values in final.items()},
    }
