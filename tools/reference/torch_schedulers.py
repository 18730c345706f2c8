"""Records every scheduler of torch.optim.lr_scheduler, and SWALR, as packages/compat/fixtures/torch/<Name>.json."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any

from torch.optim import lr_scheduler

from common import Choice, Levels, around, cases_of, given, pairwise, signature, write
from torch_build import class_of, record
from traces import TRACES

PROGRAM = "torch_schedulers.py"
Case = dict[str, Any]
# what stands beside args in a description
OUTSIDE = ("lr", "momentum", "optimizer")

LAMBDAS = [
    "lambda epoch: 0.5",
    "lambda epoch: 0.95 ** epoch",
    "lambda epoch: 0.1 ** (epoch // 5)",
    "lambda epoch: 1 / (1 + 0.5 * epoch)",
    "lambda epoch: min(1, epoch / 8)",
    "lambda epoch: min(1.0, (epoch + 1) / 8)",
    "lambda epoch: max(0, 1 - epoch / 12)",
    "lambda step: (1 + math.cos(math.pi * min(step, 12) / 12)) / 2",
    # of PyTorch's documentation and of repositories that are read most
    "lambda epoch: epoch // 30",
    "lambda epoch: 0.97 ** (epoch // 2.4)",
    "lambda epoch: 0.5 ** (epoch // 1.1)",
    "lambda epoch: 0.5 ** (epoch // 2.5)",
    "lambda step: min(step / 5, 1)",
    "lambda step: 0.5 * (1 + math.cos(math.pi * step / 100))",
    "lambda it: (1 - it / 500) ** 0.9",
    "lambda epoch: 1.0 - max(0, epoch - 50) / 51",
    "lambda step: min((step + 1) ** -0.5, (step + 1) * 4000 ** -1.5)",
    "lambda epoch: 1 if epoch < 10 else 0.1",
    "lambda epoch: 0.5 ** (epoch // 3) if epoch >= 5 else (epoch + 1) / 5",
    "lambda step: float(step) / float(max(1, 8)) if step < 8 else max(0.0, float(100 - step) / float(max(1, 100 - 8)))",
    "lambda step: math.exp(-step / 7) * (1 + (step % 4) / 10) + 0.01",
    "lambda e: 1 - abs((e + 3) % 10 - 5) / 5",
    "lambda step: max(0.1, 1 - math.sqrt(step / 20)) if not step > 15 else 0.05",
    "lambda step: int(step / 4) * 0.1 + round(step / 3) * 0.01 + math.floor(step / 5) * 2e-3",
    "lambda step: 1 / math.log(step + 2) + (step > 3 and step < 9) * 0.5",
    "lambda epoch: 0.97 ** (epoch / 2.4) * (epoch >= 3) + ((epoch + 1) / 4) * (epoch < 3)",
    "lambda x: -0.1 + 1.1 * 0.9 ** x // 0.3 + -x % 3",
]


def described(name: str, row: Choice) -> Case:
    row = given(row)
    outside = {key: row.pop(key) for key in OUTSIDE if key in row}
    return {"name": name, "args": row, **{"lr": 0.1, **outside}}


def fixture(
    name: str,
    levels: Levels,
    steps: Callable[[Choice], Sequence[int]],
    edges: Sequence[Choice] = (),
    valid: Callable[[Choice], bool] = lambda _: True,
    past: Sequence[Choice] = (),
) -> None:
    """Pairwise cases over `levels`, then the edge cases; a row's `trace` names the metrics that are reported.

    A case named edge that carries an error is a description that cannot be used; one named past has values until
    PyTorch raises because the schedule is over.
    """
    rows, excluded = pairwise(levels, valid)

    def recorded(kind: str, row: Choice, metrics: list[float | None] | None) -> Case:
        at = range(len(metrics) + 1) if metrics is not None else steps(given(row))
        if kind == "past":
            at = [*at, max(at) + 1, max(at) + 2]
        return record(described(name, row), list(at), metrics)

    cases = cases_of({"pair": rows, "edge": edges, "past": past}, recorded)
    leave_out = ("self", "optimizer", "last_epoch")
    write("torch", name, PROGRAM, ("torch",), cases, levels, excluded, signature(class_of(name), leave_out))


def single() -> None:
    fixture(
        "LambdaLR",
        {"lr_lambda": LAMBDAS, "lr": [0.1, 3.0]},
        lambda row: around([5, 8, 12], 12),
    )
    fixture(
        "MultiplicativeLR",
        {"lr_lambda": ["lambda epoch: 0.95", "lambda epoch: 1.02", "lambda epoch: 0.99 ** epoch"], "lr": [0.1, 3.0]},
        lambda row: around([], 20),
    )
    fixture(
        "StepLR",
        {"step_size": [1, 3, 10], "gamma": [None, 0.5, 1.0, 1.5, 0.0], "lr": [0.1, 3.0]},
        lambda row: around([row["step_size"], 2 * row["step_size"]], 3 * row["step_size"]),
    )
    fixture(
        "MultiStepLR",
        {"milestones": [[3, 6], [5], [2, 2, 7], [0, 4], [7, 3], []], "gamma": [None, 0.5, 1.5], "lr": [0.1, 3.0]},
        lambda row: around(row["milestones"], max(row["milestones"], default=4)),
    )
    fixture(
        "ConstantLR",
        {"factor": [None, 0.5, 0.1, 1.0], "total_iters": [None, 1, 7], "lr": [0.1, 3.0]},
        lambda row: around([], row.get("total_iters", 5)),
        [{"factor": 0.5, "total_iters": 0}, {"factor": 0.0, "total_iters": 3}, {"factor": 1.5}, {"factor": -0.5}],
    )
    fixture(
        "LinearLR",
        {"start_factor": [None, 0.1, 1e-3, 1.0], "end_factor": [None, 0.5, 0.0], "total_iters": [None, 1, 10], "lr": [0.1, 3.0]},
        lambda row: around([], row.get("total_iters", 5)),
        [{"total_iters": 0}, {"start_factor": 0.0}, {"start_factor": 1.5}, {"end_factor": 1.5}, {"start_factor": 1e-8, "total_iters": 1000}],
    )
    fixture(
        "ExponentialLR",
        {"gamma": [0.9, 0.5, 1.0, 1.01], "lr": [0.1, 3.0]},
        lambda row: around([], 30),
        [{"gamma": 0.999, "lr": 0.1}, {"gamma": 0.0, "lr": 0.1}],
    )
    fixture(
        "PolynomialLR",
        {"total_iters": [None, 1, 10, 33], "power": [None, 2.0, 0.5, 0.9], "lr": [0.1, 3.0]},
        lambda row: around([], row.get("total_iters", 5)),
        [{"total_iters": 0}, {"total_iters": 1000, "power": 3.0}],
    )
    fixture(
        "CosineAnnealingLR",
        {"T_max": [1, 2, 10, 25], "eta_min": [None, 0.01, 0.5], "lr": [0.1, 3.0]},
        lambda row: around([row["T_max"], 2 * row["T_max"], 3 * row["T_max"]], row["T_max"]),
        [{"T_max": 1000}, {"T_max": 20000, "eta_min": 1e-5}, {"T_max": 0}],
    )
    restarts = lambda row: [row["T_0"] * sum(row.get("T_mult", 1) ** i for i in range(n)) for n in range(1, 5)]
    fixture(
        "CosineAnnealingWarmRestarts",
        {"T_0": [1, 4, 10], "T_mult": [None, 2, 3], "eta_min": [None, 0.01, 0.5], "lr": [0.1, 3.0]},
        lambda row: around(restarts(row), restarts(row)[2]),
        [{"T_0": 10, "T_mult": 3, "lr": 1.0}, {"T_0": 0}, {"T_0": 5, "T_mult": 0}],
    )
    cyclic()
    one_cycle()
    fixture(
        "SWALR",
        {"swa_lr": [0.05, 0.5], "anneal_epochs": [None, 1, 4, 0], "anneal_strategy": [None, "linear", "cos"], "lr": [0.1, 3.0]},
        lambda row: around([], row.get("anneal_epochs", 10)),
        [{"swa_lr": 0.05, "anneal_epochs": -1}, {"swa_lr": 0.05, "anneal_strategy": "step"}, {"swa_lr": 1e-4, "anneal_epochs": 1000}],
    )
    fixture(
        "ReduceLROnPlateau",
        {
            "mode": [None, "max"],
            "factor": [None, 0.5, 0.9],
            "patience": [None, 0, 1, 3],
            "threshold": [None, 0.0, 0.05],
            "threshold_mode": [None, "abs"],
            "cooldown": [None, 1, 3],
            "min_lr": [None, 0.02, 0.2],
            "eps": [None, 0.03, 0.0],
            "lr": [0.1, 1.0, 1e-8],
            "trace": list(TRACES),
        },
        lambda row: [],
        [{"factor": 0.5, "patience": 1, "cooldown": 2, "trace": trace} for trace in TRACES]
        + [{"mode": "max", "factor": 0.5, "patience": 0, "trace": trace} for trace in TRACES]
        + [{"factor": 1.0, "trace": "ties"}, {"mode": "best", "trace": "ties"}, {"threshold_mode": "both", "trace": "ties"}],
    )


def cyclic() -> None:
    def steps(row: Choice) -> list[int]:
        up = row.get("step_size_up", 2000)
        total = up + row.get("step_size_down", up)
        return around([up, total, total + up, 2 * total], total)

    fixture(
        "CyclicLR",
        {
            "base_lr": [0.001, 0.02],
            "max_lr": [0.1, 1.0],
            "step_size_up": [4, 1, None],
            "step_size_down": [None, 9, 1],
            "mode": [None, "triangular2", "exp_range"],
            "gamma": [None, 0.95, 0.5],
            "scale_fn": [None, "lambda x: 0.9 ** x", "lambda x: 0.5 ** (x - 1)"],
            "scale_mode": [None, "iterations"],
            "cycle_momentum": [None, False],
            "base_momentum": [None, 0.5],
            "max_momentum": [None, 0.99],
            "momentum": [0.9, 0.0],
            "optimizer": [None, "adam"],
        },
        steps,
        [{"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "step_size_down": 7, "mode": mode, "gamma": 0.9} for mode in ("triangular", "triangular2", "exp_range")]
        + [{"base_lr": 0.01, "max_lr": 0.1, "mode": "sawtooth"}, {"base_lr": 0.1, "max_lr": 0.01, "step_size_up": 5}],
    )


def one_cycle() -> None:
    def total(row: Choice) -> int:
        return row["total_steps"] if "total_steps" in row else row["epochs"] * row["steps_per_epoch"]

    def steps(row: Choice) -> list[int]:
        if "total_steps" not in row and "epochs" not in row:
            return [0, 1]
        knot = row.get("pct_start", 0.3) * total(row)
        # PyTorch raises past T, and at T where pct_start is 1: that is recorded by the cases named past
        last = total(row) - (row.get("pct_start") == 1.0 and not row.get("three_phase"))
        return [step for step in around([max(0, knot - 1), max(0, 2 * knot - 2)], total(row)) if step <= last]

    fixture(
        "OneCycleLR",
        {
            "max_lr": [0.1, 2.0],
            "total_steps": [100, 10, None],
            "epochs": [None, 5],
            "steps_per_epoch": [None, 7],
            "pct_start": [None, 0.25, 0.0, 1.0, 0.37],
            "anneal_strategy": [None, "linear", "cos"],
            "cycle_momentum": [None, False],
            "base_momentum": [None, 0.8],
            "max_momentum": [None, 0.99],
            "div_factor": [None, 10.0],
            "final_div_factor": [None, 100.0],
            "three_phase": [None, True],
            "momentum": [0.9, 0.0],
            "optimizer": [None, "adam"],
        },
        steps,
        [
            {"max_lr": 0.1, "total_steps": 100, "momentum": 0.9},
            {"max_lr": 1.0, "total_steps": 10},
            {"max_lr": 1.0, "total_steps": 10, "anneal_strategy": "linear", "three_phase": True},
            {"max_lr": 1.0, "total_steps": 1},
            {"max_lr": 1.0, "total_steps": 2},
            {"max_lr": 1.0, "total_steps": 3, "pct_start": 0.5},
            {"max_lr": 1.0, "total_steps": 10, "pct_start": 0.1},
            {"max_lr": 1.0, "total_steps": 10, "pct_start": 1.5},
            {"max_lr": 1.0, "total_steps": 10, "anneal_strategy": "step"},
            {"max_lr": 1.0},
            {"max_lr": 1.0, "total_steps": 0},
        ],
        # without total_steps PyTorch wants both epochs and steps_per_epoch
        lambda row: row["total_steps"] is not None or (row["epochs"] is not None and row["steps_per_epoch"] is not None),
        past=[{"max_lr": 1.0, "total_steps": 10}, {"max_lr": 1.0, "total_steps": 10, "pct_start": 1.0}],
    )


# One of each kind, for sequences and chains. Knots differ so that none hides behind another.
LEAVES: list[Case] = [
    {"name": "LambdaLR", "args": {"lr_lambda": "lambda epoch: 0.95 ** epoch"}},
    {"name": "MultiplicativeLR", "args": {"lr_lambda": "lambda epoch: 0.98"}},
    {"name": "StepLR", "args": {"step_size": 4, "gamma": 0.5}},
    {"name": "MultiStepLR", "args": {"milestones": [3, 8], "gamma": 0.6}},
    {"name": "ConstantLR", "args": {"factor": 0.4, "total_iters": 5}},
    {"name": "LinearLR", "args": {"start_factor": 0.1, "total_iters": 6}},
    {"name": "ExponentialLR", "args": {"gamma": 0.9}},
    {"name": "PolynomialLR", "args": {"total_iters": 9, "power": 2.0}},
    {"name": "CosineAnnealingLR", "args": {"T_max": 7, "eta_min": 0.01}},
    {"name": "CosineAnnealingWarmRestarts", "args": {"T_0": 5, "T_mult": 2}},
    {"name": "CyclicLR", "args": {"base_lr": 0.02, "max_lr": 0.3, "step_size_up": 4}},
    {"name": "OneCycleLR", "args": {"max_lr": 0.5, "total_steps": 40}},
    {"name": "SWALR", "args": {"swa_lr": 0.03, "anneal_epochs": 6}},
]
LEAF = {leaf["name"]: leaf for leaf in LEAVES}


def sequence(schedulers: Sequence[Case], milestones: Sequence[int]) -> Case:
    return {"name": "SequentialLR", "args": {"schedulers": list(schedulers), "milestones": list(milestones)}}


def chain(*schedulers: Case) -> Case:
    return {"name": "ChainedScheduler", "args": {"schedulers": list(schedulers)}}


def tree(name: str, groups: dict[str, list[Case]], steps: Sequence[int]) -> None:
    cases = []
    for kind, descriptions in groups.items():
        for index, description in enumerate(descriptions):
            whole = {**description, "lr": description.get("lr", 0.1), "momentum": 0.9}
            taken: Case = {}
            if kind == "two":
                first, second = (child["name"] for child in description["args"]["schedulers"])
                taken = {"pairwise": True, "levels": {"first": first, "second": second}}
            if kind == "unsorted":
                taken = {"refused": "PyTorch looks the part up in a list that is not sorted, and goes backwards"}
            cases.append({"id": f"{kind}-{index}", **taken, **record(whole, list(steps))})
    # every kind before every kind
    names = [leaf["name"] for leaf in LEAVES]
    write("torch", name, PROGRAM, ("torch",), cases, {"first": names, "second": names})


def trees() -> None:
    warm, cosine, exponential = LEAF["LinearLR"], LEAF["CosineAnnealingLR"], LEAF["ExponentialLR"]
    steps = range(24)
    tree(
        "SequentialLR",
        {
            "two": [sequence(pair, [6]) for pair in itertools.product(LEAVES, LEAVES)],
            # a milestone inside the first child's own knots, at 0, at 1 and twice the same
            "early": [sequence([first, exponential], [2]) for first in LEAVES],
            "zero": [sequence([exponential, second], [0]) for second in LEAVES],
            "three": [sequence([warm, middle, exponential], [5, 11]) for middle in LEAVES]
            + [sequence([warm, cosine, exponential], [4, 4]), sequence([warm, cosine, exponential], [1, 2])],
            "one": [sequence([leaf], []) for leaf in LEAVES],
            "wrong": [sequence([warm, cosine], [9, 4]), sequence([], [])],
            "unsorted": [sequence([warm, cosine, exponential], [9, 4])],
        },
        steps,
    )
    tree(
        "ChainedScheduler",
        {
            "two": [chain(*pair) for pair in itertools.product(LEAVES, LEAVES)],
            "three": [chain(warm, leaf, exponential) for leaf in LEAVES],
            "one": [chain(leaf) for leaf in LEAVES],
            "negative": [{**chain({"name": "ExponentialLR", "args": {"gamma": 0.5}}, {"name": "CosineAnnealingLR", "args": {"T_max": 4, "eta_min": 0.1}}), "lr": 1.0}],
            "wrong": [chain()],
        },
        steps,
    )


def nested() -> None:
    warm, cosine, exponential, step = (LEAF[name] for name in ("LinearLR", "CosineAnnealingLR", "ExponentialLR", "StepLR"))
    inner = [sequence([warm, cosine], [5]), chain(warm, exponential)]
    groups = {
        "sequence-of-chain": [sequence([chain(leaf, step), exponential], [10]) for leaf in LEAVES],
        "sequence-of-chain-reversed": [sequence([chain(step, leaf), exponential], [10]) for leaf in LEAVES],
        "sequence-of-sequence": [sequence([sequence([leaf, exponential], [5]), cosine], [11]) for leaf in LEAVES],
        "sequence-of-sequence-second": [sequence([sequence([exponential, leaf], [5]), cosine], [11]) for leaf in LEAVES],
        "chain-of-sequence": [chain(sequence([warm, leaf], [6]), step) for leaf in LEAVES],
        "chain-before-sequence": [chain(step, sequence([warm, leaf], [6])) for leaf in LEAVES],
        "chain-of-chain": [chain(chain(warm, leaf), step) for leaf in LEAVES],
        # PyTorch raises NotImplementedError when the milestone of a nested scheduler comes
        "later": [sequence([warm, child], [4]) for child in inner],
        "deep": [
            chain(sequence([sequence([warm, exponential], [4]), step], [9]), exponential),
            sequence([chain(sequence([warm, cosine], [4]), step), exponential], [9]),
            sequence([sequence([sequence([warm, exponential], [3]), cosine], [7]), step], [12]),
        ],
    }
    cases = []
    for kind, descriptions in groups.items():
        for index, description in enumerate(descriptions):
            whole = {**description, "lr": 0.1, "momentum": 0.9}
            cases.append({"id": f"{kind}-{index}", **record(whole, list(range(24)))})
    write("torch", "nested", PROGRAM, ("torch",), cases)


if __name__ == "__main__":
    wanted = {name for name in lr_scheduler.__all__ if name != "LRScheduler"} | {"SWALR"}
    single()
    trees()
    nested()
    from common import FIXTURES

    missing = sorted(name for name in wanted if not (FIXTURES / "torch" / f"{name}.json").exists())
    sys.exit(f"not recorded: {missing}" if missing else 0)
