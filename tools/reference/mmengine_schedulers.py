"""Records the learning-rate schedulers of mmengine, one at a time, stepped after each update."""

from __future__ import annotations

import logging
import warnings
from typing import Any

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

import torch
from common import around, finite, given, on_traces, pairwise, signature, write
from mmengine.optim import scheduler as mm
from traces import TRACES

PROGRAM = "mmengine_schedulers.py"
PACKAGES = ("mmengine", "torch")
LEFT_OUT = ("self", "optimizer", "param_name", "last_step", "by_epoch", "verbose", "args")
FOREVER = 1000000000


def case(identity: str, name: str, args: dict[str, Any], lr: float, total: int, **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args, "lr": lr}
    sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    values = []
    try:
        scheduler = getattr(mm, name)(sgd, **args)
        for _ in range(total):
            values.append(finite(sgd.param_groups[0]["lr"]))
            sgd.step()
            scheduler.step()
    except (ValueError, ZeroDivisionError, AssertionError, TypeError) as error:
        if len(values) <= 1 or not isinstance(error, ValueError):
            return {"id": identity, "description": description, "error": type(error).__name__}
    return {"id": identity, "description": description, **more, "steps": list(range(len(values))), "values": {"learningRate": values}}


WINDOW = {"begin": [None, 4], "end": [12, 40]}
OPEN = {"begin": [None, 4], "end": [None, 12, 40]}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "ConstantLR": {"levels": {"factor": [None, 0.5], **OPEN}, "edges": [{"factor": 1.5}, {"begin": 5, "end": 5}]},
    "CosineAnnealingLR": {
        "levels": {"T_max": [None, 7, 20], "eta_min": [None, 0.01], "eta_min_ratio": [None, 0.2], **WINDOW},
        "valid": lambda row: row["eta_min"] is None or row["eta_min_ratio"] is None,
        "edges": [{"T_max": 10}, {"T_max": 10, "eta_min": 0.01, "eta_min_ratio": 0.1}],
    },
    "ExponentialLR": {"levels": {"gamma": [0.9, 0.5], **OPEN}, "edges": []},
    "LinearLR": {
        "levels": {"start_factor": [None, 0.1, 1.0], "end_factor": [None, 0.5], **WINDOW},
        "edges": [{"start_factor": 0.0, "end": 10}, {"start_factor": 1.5}],
    },
    "MultiStepLR": {"levels": {"milestones": [[3, 9], [5, 5, 20]], "gamma": [None, 0.5], **OPEN}, "edges": []},
    "StepLR": {"levels": {"step_size": [1, 7], "gamma": [None, 0.5], **OPEN}, "edges": []},
    "PolyLR": {"levels": {"eta_min": [None, 0.01], "power": [None, 2.0, 0.5], **WINDOW}, "edges": []},
    "OneCycleLR": {
        "levels": {
            "eta_max": [0.1, 1.0],
            "total_steps": [None, 20],
            "pct_start": [None, 0.25],
            "anneal_strategy": [None, "linear"],
            "div_factor": [None, 10.0],
            "final_div_factor": [None, 100.0],
            "three_phase": [None, True],
            "begin": [None, 4],
            "end": [24],
        },
        "edges": [{"eta_max": 0.1, "total_steps": 0}],
    },
    "CosineRestartLR": {
        "levels": {
            "periods": [[10], [5, 12]],
            "restart_weights": [[1], [0.8], [1, 0.5]],
            "eta_min": [None, 0.01],
            "eta_min_ratio": [None, 0.1],
            **OPEN,
        },
        "valid": lambda row: len(row["periods"]) == len(row["restart_weights"])
        and (row["eta_min"] is None) != (row["eta_min_ratio"] is None),
        "edges": [{"periods": [5], "restart_weights": [1, 1], "eta_min": 0.0}],
    },
}


def plateau_case(identity: str, args: dict[str, Any], metrics: list[float | None], **more: Any) -> dict[str, Any]:
    description = {"name": "ReduceOnPlateauLR", "args": args, "lr": 0.1}
    sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    try:
        scheduler = mm.ReduceOnPlateauLR(sgd, **args)
    except ValueError as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    values = [finite(sgd.param_groups[0]["lr"])]
    for metric in metrics:
        scheduler.step({args.get("monitor", "loss"): float("nan") if metric is None else metric})
        values.append(finite(sgd.param_groups[0]["lr"]))
    steps = list(range(len(values)))
    return {"id": identity, "description": description, **more, "steps": steps, "metrics": metrics, "values": {"learningRate": values}}


def record_plateau() -> None:
    levels = {
        "monitor": [None, "acc"],
        "rule": [None, "greater"],
        "factor": [None, 0.5],
        "patience": [None, 0, 1, 3],
        "threshold": [None, 0.05],
        "threshold_rule": [None, "abs"],
        "cooldown": [None, 1, 3],
        "min_value": [None, 0.02],
        "eps": [None, 0.03],
        "begin": [None],
        "end": [None],
    }
    own = signature(mm.ReduceOnPlateauLR.__mro__[2], LEFT_OUT)
    assert set(own) == set(levels), own
    rows, excluded = pairwise(levels)
    cases = on_traces(rows, TRACES, plateau_case)
    cases.append(plateau_case("rule", {"rule": "least"}, TRACES["falling"]))
    write("mmengine", "ReduceOnPlateauLR", PROGRAM, PACKAGES, cases, levels, excluded, {k: v for k, v in own.items() if k not in ("begin", "end")})


def main() -> None:
    for name, plan in SCHEDULERS.items():
        base = next(c for c in getattr(mm, name).__mro__ if c.__name__.endswith("ParamScheduler") and c.__name__ != "_ParamScheduler")
        own = {key: None if value == FOREVER else value for key, value in signature(base, LEFT_OUT).items()}
        assert set(own) == set(plan["levels"]), (name, own)
        levels = {**plan["levels"], "lr": [0.1, 2.0]}
        rows, excluded = pairwise(levels, plan.get("valid", lambda _: True))
        cases = []
        for index, row in enumerate(rows):
            args = given({key: value for key, value in row.items() if key != "lr"})
            cases.append(case(f"pair-{index}", name, args, row["lr"], 46, pairwise=True, levels=row))
        for index, args in enumerate(plan["edges"]):
            cases.append(case(f"edge-{index}", name, args, 0.1, 30))
        write("mmengine", name, PROGRAM, PACKAGES, cases, levels, excluded, own)
    record_plateau()


if __name__ == "__main__":
    main()
