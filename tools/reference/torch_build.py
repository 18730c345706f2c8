"""Builds a real PyTorch scheduler from its description and reads what it does, step by step.

A description is {"name": class, "args": keyword arguments, "lr": rate, "momentum"?: number, "optimizer"?: "sgd" | "adam"}.
Schedulers inside `args.schedulers` have a name and args only. A function (`lr_lambda`, `scale_fn`) is written as the
text of a Python lambda.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.optim import lr_scheduler
from torch.optim.swa_utils import SWALR

from common import finite

FUNCTIONS = ("lr_lambda", "scale_fn")
CYCLES_MOMENTUM = ("CyclicLR", "OneCycleLR")
READS_METRICS = ("ReduceLROnPlateau",)


def optimizer_of(description: Mapping[str, Any]) -> torch.optim.Optimizer:
    parameter = torch.nn.Parameter(torch.zeros(1))
    momentum = description.get("momentum")
    if description.get("optimizer", "sgd") == "adam":
        betas = (0.9 if momentum is None else momentum, 0.999)
        return torch.optim.Adam([parameter], lr=description["lr"], betas=betas)
    return torch.optim.SGD([parameter], lr=description["lr"], momentum=momentum or 0.0)


def class_of(name: str) -> type:
    return SWALR if name == "SWALR" else getattr(lr_scheduler, name)


def build(description: Mapping[str, Any], optimizer: torch.optim.Optimizer) -> Any:
    args = dict(description.get("args", {}))
    for key in FUNCTIONS:
        function = args.get(key)
        called = lambda text: eval(text, {"math": math})  # noqa: S307 - the texts stand in this folder
        if isinstance(function, str):
            args[key] = called(function)
        elif isinstance(function, list):
            args[key] = [called(text) for text in function]
    if "schedulers" in args:
        args["schedulers"] = [build(child, optimizer) for child in args["schedulers"]]
    if description["name"] == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler(args.pop("schedulers"), **args)
    return class_of(description["name"])(optimizer, **args)


def cycles_momentum(description: Mapping[str, Any]) -> bool:
    args = description.get("args", {})
    if description["name"] in CYCLES_MOMENTUM:
        return bool(args.get("cycle_momentum", True))
    return any(cycles_momentum(child) for child in args.get("schedulers", ()))


class Recorder:
    """Reads learning rate and, where the scheduler cycles it, momentum or beta1 off the optimizer."""

    def __init__(self, optimizer: torch.optim.Optimizer, momentum: bool) -> None:
        self.group = optimizer.param_groups[0]
        self.track = None if not momentum else "beta1" if "betas" in self.group else "momentum"
        self.values: dict[str, list[float | None]] = {"learningRate": []}
        if self.track is not None:
            self.values[self.track] = []

    def read(self) -> None:
        self.values["learningRate"].append(finite(self.group["lr"]))
        if self.track is not None:
            momentum = self.group["betas"][0] if self.track == "beta1" else self.group["momentum"]
            self.values[self.track].append(finite(momentum))


def advance(
    optimizer: torch.optim.Optimizer, scheduler: Any, metrics: Sequence[float | None] | None, step: int
) -> None:
    """Brings both to `step`: an update, then a step of the scheduler, which is handed the update's metric if it reads one."""
    if step == 0:
        return
    optimizer.step()
    if metrics is None:
        scheduler.step()
        return
    metric = metrics[step - 1]
    scheduler.step(math.nan if metric is None else metric)


def record(
    description: Mapping[str, Any], steps: Sequence[int], metrics: Sequence[float | None] | None = None
) -> dict[str, Any]:
    """Runs `optimizer.step(); scheduler.step()` and reads the values in force at each step of `steps`.

    `metrics[t]` is reported after update t. Where PyTorch raises, the error's class and the step that it was
    on the way to stand in the case, and the values read before it.
    """
    warnings.simplefilter("ignore")
    optimizer = optimizer_of(description)
    recorder = Recorder(optimizer, cycles_momentum(description))
    reached: list[int] = []
    error: dict[str, Any] = {}
    step = 0
    try:
        scheduler = build(description, optimizer)
        for step in range(max(steps) + 1):
            advance(optimizer, scheduler, metrics, step)
            if step in steps:
                recorder.read()
                reached.append(step)
    except Exception as raised:  # noqa: BLE001 - whatever PyTorch raises is what is recorded
        error = {"error": type(raised).__name__, "errorAt": step}
    case: dict[str, Any] = {"description": dict(description), "steps": reached, "values": recorder.values}
    if metrics is not None:
        case["metrics"] = list(metrics)
    return {**case, **error}
