"""Records every scheduler of timm as packages/compat/fixtures/timm/<Name>.json: one value per `t`."""

from __future__ import annotations

import inspect
import logging
import math
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch

from common import FIXTURES, Choice, Levels, around, cases_of, finite, given, pairwise, signature, write
from timm_import import scheduler as timm_scheduler
from traces import TRACES

PROGRAM = "timm_schedulers.py"
Case = dict[str, Any]


def record(description: Case, steps: Sequence[int], metrics: Sequence[float | None] | None = None) -> Case:
    """The rate that `step(t)` sets for each t (`step_update(t)` where t_in_epochs is false).

    `constructed` is the rate that the constructor leaves, where it is not that of t = 0: a loop that never calls
    step(0) trains its first epoch or update with it. PlateauLRScheduler keeps state, so it starts from the constructor
    and every t is stepped in turn; metrics[t] is what t brought and is handed to step(t + 1).
    """
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=description["lr"])
    group = optimizer.param_groups[0]
    values: list[float | None] = []
    reached: list[int] = []
    extra: Case = {}
    step = 0
    try:
        scheduler = getattr(timm_scheduler, description["name"])(optimizer, **description["args"])
        constructed = finite(group["lr"])
        set_to = scheduler.step if description["args"].get("t_in_epochs", True) else scheduler.step_update
        for step in steps:
            if metrics is None:
                optimizer.step()
                set_to(step)
            elif step > 0:
                metric = metrics[step - 1]
                optimizer.step()
                scheduler.step(step, math.nan if metric is None else metric)
            values.append(finite(group["lr"]))
            reached.append(step)
        if values[0] != constructed:
            extra = {"constructed": constructed}
    except Exception as raised:  # noqa: BLE001 - whatever timm raises is what is recorded
        extra = {"error": type(raised).__name__, "errorAt": step}
    case: Case = {"description": description, "steps": reached, "values": {"learningRate": values}}
    if metrics is not None:
        case["metrics"] = list(metrics)
    return {**case, **extra}


def fixture(
    name: str,
    levels: Levels,
    steps: Callable[[Choice], Sequence[int]],
    edges: Sequence[Choice] = (),
    valid: Callable[[Choice], bool] = lambda _: True,
) -> None:
    rows, excluded = pairwise(levels, valid)

    def recorded(_: str, row: Choice, metrics: list[float | None] | None) -> Case:
        args = given(row)
        at = range(len(metrics) + 1) if metrics is not None else steps(args)
        description = {"name": name, "args": args, "lr": args.pop("lr", 0.1)}
        return record(description, list(at), metrics)

    cases = cases_of({"pair": rows, "edge": edges}, recorded)
    parameters = signature(getattr(timm_scheduler, name), ("self", "optimizer", "initialize"))
    write("timm", name, PROGRAM, ("torch", "timm"), cases, levels, excluded, parameters)


WARM: Levels = {
    "warmup_t": [None, 1, 5],
    "warmup_lr_init": [None, 1e-3],
    "t_in_epochs": [None, False],
    "lr": [0.1, 2.0],
}
NOISE: Levels = {
    "noise_range_t": [None, [4, 12], 8],
    "noise_pct": [None, 0.2],
    "noise_std": [None, 0.1],
    "noise_seed": [None, 7],
}
CYCLES: Levels = {
    "t_initial": [10, 4],
    "lr_min": [None, 1e-2],
    "cycle_mul": [None, 2.0, 1.5],
    "cycle_decay": [None, 0.5],
    "cycle_limit": [None, 3, 0],
    "warmup_prefix": [None, True],
}
ONE: list[Choice] = [
    {"t_initial": 1},
    {"t_initial": 1, "warmup_t": 1},
    {"t_initial": 1, "warmup_t": 1, "warmup_prefix": True},
    {"t_initial": 5, "cycle_limit": 2},
    {"t_initial": 7, "warmup_t": 7},
    {"t_initial": 7, "warmup_t": 9, "warmup_lr_init": 1e-4},
    {"t_initial": 300, "warmup_t": 5, "warmup_lr_init": 1e-6, "lr_min": 1e-5, "warmup_prefix": True},
    {"t_initial": 0},
    {"t_initial": 10, "lr_min": -0.1},
]


def cycle_steps(row: Choice) -> list[int]:
    start = row.get("warmup_t", 0) if row.get("warmup_prefix") else 0
    mul = row.get("cycle_mul", 1.0)
    knots = [start + row["t_initial"] * sum(mul**i for i in range(n)) for n in range(1, 5)]
    found = around([row.get("warmup_t", 0), start, *knots], start + row["t_initial"])
    noise = row.get("noise_range_t")
    return found if noise is None else sorted({*found, *range(3, 15)})


def decay_steps(row: Choice) -> list[int]:
    start = row.get("warmup_t", 0) if row.get("warmup_prefix", True) else 0
    decay = row["decay_t"] if isinstance(row["decay_t"], list) else [row["decay_t"] * n for n in (1, 2, 3)]
    found = around([row.get("warmup_t", 0), start, *(start + knot for knot in decay)], start + max(decay, default=4))
    return sorted({*found, *range(15)})


def main() -> None:
    fixture("CosineLRScheduler", {**CYCLES, **WARM, **NOISE, "k_decay": [None, 1.5, 0.5]}, cycle_steps, ONE)
    fixture(
        "PolyLRScheduler",
        {**CYCLES, **WARM, **NOISE, "power": [None, 1.0, 2.0], "k_decay": [None, 1.5, 0.5]},
        cycle_steps,
        ONE,
    )

    fixture("TanhLRScheduler", {**CYCLES, **WARM, **NOISE, "lb": [None, -3.0], "ub": [None, 2.0]}, cycle_steps, [*ONE, {"t_initial": 10, "lb": 3.0}])
    decay: Levels = {"decay_rate": [None, 0.1, 0.9], "warmup_prefix": [None, False]}
    fixture(
        "StepLRScheduler",
        {"decay_t": [3, 1, 2.5], **decay, **WARM, **NOISE},
        decay_steps,
        [{"decay_t": 3, "decay_rate": 0.5, "warmup_t": 3}, {"decay_t": 30, "decay_rate": 0.1, "warmup_t": 5, "warmup_lr_init": 1e-6}],
    )
    fixture(
        "MultiStepLRScheduler",
        {"decay_t": [[3, 6], [1], [2, 2, 9], [0, 5], []], **decay, **WARM, **NOISE},
        decay_steps,
        [{"decay_t": [3, 6], "decay_rate": 0.1}, {"decay_t": [30, 60, 90], "decay_rate": 0.1, "warmup_t": 5, "warmup_lr_init": 1e-6}],
    )

    def wsd(row: Choice) -> list[int]:
        start = row.get("warmup_t", 0)
        found = around([start, start + row["t_initial"] - row["decay_t"]], start + row["t_initial"])
        return found if row.get("noise_range_t") is None else sorted({*found, *range(3, 15)})

    fixture(
        "WSDLRScheduler",
        {
            "t_initial": [20, 12],
            "decay_t": [5, 1, 12],
            "lr_min": [None, 1e-2],
            "stable_fn": [None, "rsqrt", "power"],
            "stable_timescale": [None, 2.5],
            "stable_power": [None, 0.8],
            "decay_fn": [None, "linear", "cosine", "power", "exp"],
            "decay_power": [None, 2.0],
            "decay_ratio": [None, 0.5],
            **WARM,
            **NOISE,
        },
        wsd,
        [
            {"t_initial": 1, "decay_t": 1},
            {"t_initial": 10, "decay_t": 11},
            {"t_initial": 10, "decay_t": 0},
            {"t_initial": 0, "decay_t": 1},
            {"t_initial": 10, "decay_t": 5, "lr_min": -1.0},
            {"t_initial": 10, "decay_t": 5, "stable_fn": "slow"},
            {"t_initial": 10, "decay_t": 5, "decay_fn": "slow"},
            {"t_initial": 10, "decay_t": 5, "decay_ratio": 1.0},
            {"t_initial": 10, "decay_t": 5, "decay_power": 0.0},
            {"t_initial": 10, "decay_t": 5, "stable_power": 0.0},
            {"t_initial": 10, "decay_t": 5, "stable_fn": "rsqrt"},
            {"t_initial": 400, "decay_t": 80, "warmup_t": 20, "stable_fn": "rsqrt", "lr_min": 0.05},
        ],
        # a stable part that falls needs a time scale: its own, or the warm-up
        lambda row: row["stable_fn"] is None or row["stable_timescale"] is not None or row["warmup_t"] is not None,
    )
    fixture(
        "PlateauLRScheduler",
        {
            "decay_rate": [None, 0.5],
            "patience_t": [None, 0, 2],
            "threshold": [None, 0.05],
            "cooldown_t": [None, 2],
            "warmup_t": [None, 1, 5],
            "warmup_lr_init": [None, 1e-3],
            "lr_min": [None, 0.03],
            "mode": [None, "min"],
            "noise_range_t": [None, [4, 12], 8],
            "noise_type": [None, "uniform"],
            "noise_pct": [None, 0.2],
            "noise_std": [None, 0.1],
            "noise_seed": [None, 7],
            "lr": [0.1, 2.0],
            "trace": list(TRACES),
        },
        lambda row: [],
        [{"mode": "min", "decay_rate": 0.5, "patience_t": 1, "cooldown_t": 1, "trace": trace} for trace in TRACES],
    )
    classes = [name for name, value in vars(timm_scheduler).items() if inspect.isclass(value)]
    missing = sorted(name for name in classes if not (FIXTURES / "timm" / f"{name}.json").exists())
    sys.exit(f"not recorded: {missing}" if missing else 0)


if __name__ == "__main__":
    main()
