"""Executes the Python that @anneal/compat writes for PyTorch, transformers and timm and records its values under the hash
of the text. For each of `torch`, `transformers`, `timm`:

npx tsx --conditions=@anneal/source tools/reference/written.ts torch | python tools/reference/torch_written.py torch
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import warnings
from typing import Any

import torch
from common import finite, write
from torch_build import Recorder, advance

PROGRAM = "torch_written.py"


def run_torch(names: dict[str, Any], steps: list[int], metrics: list[float | None] | None) -> dict[str, Any]:
    parameter, rate = torch.nn.Parameter(torch.zeros(1)), names["learning_rate"]
    if "beta1" in names:
        optimizer: torch.optim.Optimizer = torch.optim.Adam([parameter], lr=rate, betas=(names["beta1"], 0.999))
    else:
        optimizer = torch.optim.SGD([parameter], lr=rate, momentum=names.get("momentum", 0.0))
    recorder = Recorder(optimizer, "momentum" in names or "beta1" in names)
    scheduler = names["make_scheduler"](optimizer)
    for step in range(max(steps) + 1):
        advance(optimizer, scheduler, metrics, step)
        if step in steps:
            recorder.read()
    return recorder.values


def run_transformers(names: dict[str, Any], steps: list[int], metrics: list[float | None] | None) -> dict[str, Any]:
    from transformers_schedulers import record

    return record(names["schedule"], steps, metrics)["values"]


def run_timm(names: dict[str, Any], steps: list[int], metrics: list[float | None] | None) -> dict[str, Any]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=names["learning_rate"])
    scheduler = names["make_scheduler"](optimizer)
    values = []
    for step in range(max(steps) + 1) if metrics is not None else steps:
        if metrics is None:
            scheduler.step(step)
        elif step > 0:
            scheduler.step(step, math.nan if metrics[step - 1] is None else metrics[step - 1])
        if step in steps:
            values.append(finite(optimizer.param_groups[0]["lr"]))
    return {"learningRate": values}


RUNNERS = {"torch": run_torch, "transformers": run_transformers, "timm": run_timm}
PACKAGES = {"torch": ("torch",), "transformers": ("torch", "transformers"), "timm": ("torch", "timm")}


def run(framework: str, item: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(item["python"], names)
    values = RUNNERS[framework](names, item["steps"], item.get("metrics"))
    sha256 = hashlib.sha256(item["python"].encode()).hexdigest()
    return {"id": item["id"], "sha256": sha256, "steps": item["steps"], "values": values}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    framework = sys.argv[1]
    if framework == "timm":
        import timm_import  # noqa: F401 - lets `from timm.scheduler import …` find timm without its models
    cases = [run(framework, item) for item in json.load(sys.stdin)]
    write(framework, "written", PROGRAM, PACKAGES[framework], cases)
