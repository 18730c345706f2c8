"""Records the schedulers of paddle.optimizer.lr: plain Python, stepped from 0 on as a training loop does."""

from __future__ import annotations

import inspect
from typing import Any

from common import around, finite, given, on_traces, pairwise, signature, write
from paddle.optimizer import lr as paddle_lr
from traces import TRACES

PROGRAM = "paddle_schedulers.py"
PACKAGES = ("paddlepaddle", "numpy")
LEFT_OUT = ("self", "last_epoch", "verbose")


def build(description: dict[str, Any]) -> Any:
    args = dict(description["args"])
    if isinstance(args.get("learning_rate"), dict):
        args["learning_rate"] = build(args["learning_rate"])
    return getattr(paddle_lr, description["name"])(**args)


def case(identity: str, name: str, args: dict[str, Any], steps: list[int], **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args}
    try:
        scheduler = build(description)
    except (ValueError, AssertionError, ZeroDivisionError, TypeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    wanted, values, kept = set(steps), [], []
    for step in range(max(steps) + 1):
        if step in wanted:
            kept.append(step)
            values.append(finite(scheduler()))
        try:
            scheduler.step()
        except ValueError:
            break  # OneCycleLR refuses to go past its end
    return {"id": identity, "description": description, **more, "steps": kept, "values": {"learningRate": values}}


RATE = [0.1, 1.0]
WARM = [
    0.5,
    {"name": "ExponentialDecay", "args": {"learning_rate": 0.5, "gamma": 0.9}},
    {"name": "CosineAnnealingDecay", "args": {"learning_rate": 0.4, "T_max": 10}},
]
SCHEDULERS: dict[str, dict[str, Any]] = {
    "NoamDecay": {
        "levels": {"d_model": [64, 512], "warmup_steps": [1, 10, 40], "learning_rate": [None, 0.5]},
        "knots": lambda a: ([a["warmup_steps"]], a["warmup_steps"] + 20),
        "edges": [{"d_model": 0, "warmup_steps": 10}],
    },
    "PiecewiseDecay": {
        "levels": {"boundaries": [[5], [3, 6], [1, 2, 40]], "values": [[0.1, 0.01], [1.0, 0.5, 0.1], [0.1, 0.2, 0.3, 0.0]]},
        "valid": lambda row: len(row["values"]) == len(row["boundaries"]) + 1,
        "knots": lambda a: (a["boundaries"], max(a["boundaries"])),
        "edges": [{"boundaries": [0, 4], "values": [0.3, 0.2, 0.1]}],
    },
    "NaturalExpDecay": {"levels": {"learning_rate": RATE, "gamma": [0.1, 0.01]}, "knots": lambda a: ([], 20)},
    "InverseTimeDecay": {"levels": {"learning_rate": RATE, "gamma": [0.1, 2.0, 0.0]}, "knots": lambda a: ([], 20)},
    "PolynomialDecay": {
        "levels": {
            "learning_rate": RATE,
            "decay_steps": [1, 10, 60],
            "end_lr": [None, 0.0, 0.2],
            "power": [None, 2.0, 0.5],
            "cycle": [None, True],
        },
        "knots": lambda a: ([a["decay_steps"] * k for k in (1, 2, 3)], 3 * a["decay_steps"]),
        "edges": [{"learning_rate": 0.1, "decay_steps": 0}],
    },
    "LinearWarmup": {
        "levels": {"learning_rate": WARM, "warmup_steps": [1, 6], "start_lr": [0.0, 0.01], "end_lr": [0.5, 0.3]},
        "knots": lambda a: ([a["warmup_steps"]], a["warmup_steps"] + 30),
        "edges": [{"learning_rate": 0.5, "warmup_steps": 0, "start_lr": 0.0, "end_lr": 0.5}],
    },
    "ExponentialDecay": {
        "levels": {"learning_rate": RATE, "gamma": [0.9, 0.5]},
        "knots": lambda a: ([], 20),
        "edges": [{"learning_rate": 0.1, "gamma": 1.0}],
    },
    "MultiStepDecay": {
        "levels": {"learning_rate": RATE, "milestones": [[5], [3, 6], [0, 2, 40]], "gamma": [None, 0.5]},
        "knots": lambda a: (a["milestones"], max(a["milestones"])),
        "edges": [{"learning_rate": 0.1, "milestones": [5, 5]}],
    },
    "StepDecay": {
        "levels": {"learning_rate": RATE, "step_size": [1, 7], "gamma": [None, 0.5]},
        "knots": lambda a: ([a["step_size"] * k for k in range(4)], 3 * a["step_size"]),
        "edges": [{"learning_rate": 0.1, "step_size": 0}],
    },
    "CosineAnnealingDecay": {
        "levels": {"learning_rate": RATE, "T_max": [1, 10, 41], "eta_min": [None, 0.01]},
        "knots": lambda a: ([a["T_max"] * k for k in range(4)], 3 * a["T_max"]),
        "edges": [{"learning_rate": 0.1, "T_max": 0}],
    },
    "OneCycleLR": {
        "levels": {
            "max_learning_rate": RATE,
            "total_steps": [20, 101],
            "divide_factor": [None, 10.0],
            "end_learning_rate": [None, 0.002],
            "phase_pct": [None, 0.25, 0.45],
            "anneal_strategy": [None, "linear"],
            "three_phase": [None, True],
        },
        "knots": lambda a: (
            [a.get("phase_pct", 0.3) * a["total_steps"] - 1, 2 * a.get("phase_pct", 0.3) * a["total_steps"] - 2],
            a["total_steps"] - 1,
        ),
        "edges": [{"max_learning_rate": 0.1, "total_steps": 10, "phase_pct": 0.1}, {"max_learning_rate": 0.1, "total_steps": 0}],
    },
    "CyclicLR": {
        "levels": {
            "base_learning_rate": [0.01, 0.0],
            "max_learning_rate": [0.1, 1.0],
            "step_size_up": [1, 5],
            "step_size_down": [None, 3],
            "mode": [None, "triangular2", "exp_range"],
            "exp_gamma": [None, 0.99],
        },
        "knots": lambda a: ([a["step_size_up"] * k for k in range(6)], 6 * (a["step_size_up"] + a.get("step_size_down", 3))),
        "edges": [{"base_learning_rate": 0.0, "max_learning_rate": 0.1, "step_size_up": 0}],
    },
    "LinearLR": {
        "levels": {
            "learning_rate": RATE,
            "total_steps": [1, 7, 40],
            "start_factor": [None, 0.1, 1.0],
            "end_factor": [None, 0.5, 0.0],
        },
        "knots": lambda a: ([], a["total_steps"]),
        "edges": [{"learning_rate": 0.1, "total_steps": 0}, {"learning_rate": 0.1, "total_steps": 5, "start_factor": 0.0}],
    },
    "CosineAnnealingWarmRestarts": {
        "levels": {"learning_rate": RATE, "T_0": [1, 5, 10], "T_mult": [None, 2, 3], "eta_min": [None, 0.01]},
        "knots": lambda a: ([], 63 if a["T_0"] > 1 else 40),
        "edges": [{"learning_rate": 0.1, "T_0": 0}, {"learning_rate": 0.1, "T_0": 5, "T_mult": 0}],
    },
}
FUNCTIONS = {"scale_fn", "scale_mode"}


def record(name: str) -> None:
    plan = SCHEDULERS[name]
    own = signature(getattr(paddle_lr, name), LEFT_OUT)
    own = {key: value for key, value in own.items() if key not in FUNCTIONS}
    assert set(own) == set(plan["levels"]), (name, own)
    rows, excluded = pairwise(plan["levels"], plan.get("valid", lambda _: True))

    def steps(args: dict[str, Any]) -> list[int]:
        knots, total = plan["knots"](args)
        return around(knots, total, int(total) + 3 if total <= 64 else 6)

    cases = [case(f"pair-{i}", name, given(row), steps(given(row)), pairwise=True, levels=row) for i, row in enumerate(rows)]
    cases += [case(f"edge-{i}", name, args, list(range(12))) for i, args in enumerate(plan.get("edges", ()))]
    write("paddle", name, PROGRAM, PACKAGES, cases, plan["levels"], excluded, own)


def plateau_case(identity: str, args: dict[str, Any], metrics: list[float | None], **more: Any) -> dict[str, Any]:
    description = {"name": "ReduceOnPlateau", "args": args}
    try:
        scheduler = build(description)
    except (ValueError, TypeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    values = [finite(scheduler())]
    for metric in metrics:
        scheduler.step(float("nan") if metric is None else metric)
        values.append(finite(scheduler()))
    steps = list(range(len(values)))
    return {"id": identity, "description": description, **more, "steps": steps, "metrics": metrics, "values": {"learningRate": values}}


def record_plateau() -> None:
    levels = {
        "learning_rate": [0.1, 1.0],
        "mode": [None, "max"],
        "factor": [None, 0.5],
        "patience": [None, 0, 1, 3],
        "threshold": [None, 0.05],
        "threshold_mode": [None, "abs"],
        "cooldown": [None, 1, 3],
        "min_lr": [None, 0.02],
        "epsilon": [None, 0.04],
    }
    own = signature(paddle_lr.ReduceOnPlateau, LEFT_OUT)
    assert set(own) == set(levels), own
    rows, excluded = pairwise(levels)
    cases = on_traces(rows, TRACES, plateau_case)
    cases.append(plateau_case("factor-one", {"learning_rate": 0.1, "factor": 1.0}, TRACES["falling"]))
    cases.append(plateau_case("mode", {"learning_rate": 0.1, "mode": "least"}, TRACES["falling"]))
    write("paddle", "ReduceOnPlateau", PROGRAM, PACKAGES, cases, levels, excluded, own)


def main() -> None:
    public = {name for name, _ in inspect.getmembers(paddle_lr, lambda c: inspect.isclass(c) and issubclass(c, paddle_lr.LRScheduler))}
    functions = {"LRScheduler", "LambdaDecay", "MultiplicativeDecay"}
    assert public == {*SCHEDULERS, *functions, "ReduceOnPlateau"}, public
    for name in SCHEDULERS:
        record(name)
    record_plateau()


if __name__ == "__main__":
    main()
