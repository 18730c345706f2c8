"""Records every schedule of optax.schedules and optax.contrib.reduce_on_plateau.

The schedules are called op by op: compiled for a CPU, XLA contracts 1 - count / T into one rounding, which leaves
-2e-17 instead of 0 at the end, and a NaN where a fractional power follows. In float64 the count is an int64 scalar:
with the int32 count that optax's own optimizers keep, JAX divides in float32 even where x64 is on. A few cases do
that on purpose and are marked float32.
"""

from __future__ import annotations

import os

os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import inspect
from typing import Any

import jax
import jax.numpy as jnp
import optax
from common import around, finite, given, on_traces, pairwise, signature, write

PROGRAM = "optax_schedules.py"
PACKAGES = ("optax", "jax", "jaxlib", "numpy")


def build(description: dict[str, Any]) -> optax.Schedule:
    args = dict(description["args"])
    if description["name"] == "join_schedules":
        args["schedules"] = [build(child) for child in args["schedules"]]
    return getattr(optax.schedules, description["name"])(**args)


def sample(description: dict[str, Any], steps: list[int], dtype: Any = jnp.int64) -> list[float | None]:
    schedule = build(description)
    values = [jnp.asarray(schedule(dtype(step))) for step in steps]
    if dtype is jnp.int64:
        assert all(value.dtype == jnp.float64 for value in values), description
    return [finite(value) for value in values]


def case(identity: str, description: dict[str, Any], knots: list[float], total: float, **more: Any) -> dict[str, Any]:
    try:
        build(description)
    except ValueError as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    steps = around(knots, total, int(total) + 3 if total <= 64 else 6)
    dtype = jnp.int32 if more.get("precision") == "float32" else jnp.int64
    values = sample(description, steps, dtype)
    return {"id": identity, "description": description, **more, "steps": steps, "values": {"learningRate": values}}


# For each schedule: the levels of its options (None: left out), the knots and the length that its arguments give,
# which rows can exist, and the edges that stand beside the pairwise set.
NUMBERS = {3: 0.1, 6: 0.1}


def warmed(args: dict[str, Any]) -> tuple[list[float], float]:
    return [args["warmup_steps"]], args["decay_steps"]


def begun(args: dict[str, Any]) -> tuple[list[float], float]:
    begin = max(0, args.get("transition_begin", 0)) + args.get("warmup_steps", 0)
    length = max(1, args["transition_steps"])
    return [args.get("warmup_steps", 0), begin, begin + 2 * length], begin + length


def bounds(args: dict[str, Any]) -> tuple[list[float], float]:
    knots = list((args.get("boundaries_and_scales") or {5: 1.0}).keys())
    return knots, max(knots)


def cycle(args: dict[str, Any]) -> tuple[list[float], float]:
    total = args["transition_steps"]
    return [int(args.get("pct_start", 0.3) * total), int(args.get("pct_final", 0.85) * total)], total


SCHEDULES: dict[str, dict[str, Any]] = {
    "constant_schedule": {
        "levels": {"value": [0.1, 0.0, 1e-4, 3.0]},
        "knots": lambda args: ([], 10),
    },
    "polynomial_schedule": {
        "levels": {
            "init_value": [0.1, 1.0],
            "end_value": [0.0, 0.01, 0.3],
            "power": [1.0, 2.0, 0.5],
            "transition_steps": [7, 100],
            "transition_begin": [None, 5, -3],
        },
        "knots": begun,
        "edges": [
            {"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": 1},
            {"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": 1, "transition_begin": 1},
            {"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": 0},
            {"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": -5, "transition_begin": 3},
            {"init_value": 0.1, "end_value": 0.1, "power": 3.0, "transition_steps": 10},
            {"init_value": 0.0, "end_value": 0.1, "power": 0.5, "transition_steps": 10},
            {"init_value": 3e-4, "end_value": 1e-7, "power": 1.5, "transition_steps": 100000, "transition_begin": 1000},
        ],
    },
    "linear_schedule": {
        "levels": {
            "init_value": [0.1, 0.0],
            "end_value": [0.0, 0.01, 0.3],
            "transition_steps": [7, 100],
            "transition_begin": [None, 5, -3],
        },
        "knots": begun,
        "edges": [
            {"init_value": 0.1, "end_value": 0.01, "transition_steps": 1},
            {"init_value": 0.1, "end_value": 0.01, "transition_steps": 0},
            {"init_value": 0.1, "end_value": 0.01, "transition_steps": 0, "transition_begin": 4},
            {"init_value": 0.1, "end_value": 0.1, "transition_steps": 10},
            {"init_value": 3e-4, "end_value": 1e-7, "transition_steps": 100000, "transition_begin": 1000},
        ],
    },
    "piecewise_constant_schedule": {
        "levels": {
            "init_value": [0.1, 2.0],
            "boundaries_and_scales": [None, {}, {5: 0.5}, NUMBERS, {2: 2.0, 10: 0.5, 40: 0.1}],
        },
        "knots": bounds,
        "edges": [
            {"init_value": 0.1, "boundaries_and_scales": {0: 0.5, 4: 0.5}},
            {"init_value": 0.1, "boundaries_and_scales": {1: 0.5}},
            {"init_value": 0.1, "boundaries_and_scales": {5: 0.0, 10: 2.0}},
            {"init_value": 0.1, "boundaries_and_scales": {20: 0.5, 5: 0.1, 10: 0.3}},
            {"init_value": 0.1, "boundaries_and_scales": {30000: 0.1, 60000: 0.1, 80000: 0.1}},
            {"init_value": 0.1, "boundaries_and_scales": {5: -0.5}},
        ],
    },
    "piecewise_interpolate_schedule": {
        "levels": {
            "interpolate_type": ["linear", "cosine"],
            "init_value": [0.1, 2.0],
            "boundaries_and_scales": [None, {5: 0.5}, {4: 0.1, 8: 0.01}, {2: 10.0, 20: 0.1, 60: 0.01}],
        },
        "knots": bounds,
        "edges": [
            {"interpolate_type": kind, "init_value": 0.1, "boundaries_and_scales": scales}
            for kind in ("linear", "cosine")
            for scales in ({}, {0: 2.0, 6: 0.5}, {1: 0.5}, {3: 0.0, 9: 0.5}, {20: 0.5, 5: 3.0}, {1000: 25.0, 90000: 1e-5})
        ]
        + [
            {"interpolate_type": "quadratic", "init_value": 0.1, "boundaries_and_scales": {5: 0.5}},
            {"interpolate_type": "linear", "init_value": 0.1, "boundaries_and_scales": {5: -0.5}},
        ],
    },
    "exponential_decay": {
        "levels": {
            "init_value": [0.1, 1.0],
            "transition_steps": [10, 1],
            "decay_rate": [0.5, 0.96, 1.02],
            "transition_begin": [None, 5, -2],
            "staircase": [None, False, True],
            "end_value": [None, 0.01, 0.5],
        },
        "knots": begun,
        "edges": [
            {"init_value": 0.1, "transition_steps": 0, "decay_rate": 0.5},
            {"init_value": 0.1, "transition_steps": -4, "decay_rate": 0.5, "end_value": 0.2},
            {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.0},
            {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.0, "end_value": 0.2},
            {"init_value": 0.1, "transition_steps": 10, "decay_rate": 1.0, "end_value": 0.05},
            {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.5, "end_value": 0.0},
            {"init_value": 0.1, "transition_steps": 3, "decay_rate": 0.7, "staircase": True, "transition_begin": 1},
            {"init_value": 1e-3, "transition_steps": 25000, "decay_rate": 0.1, "transition_begin": 1000},
        ],
    },
    "cosine_decay_schedule": {
        "levels": {
            "init_value": [0.1, 2.0],
            "decay_steps": [10, 101],
            "alpha": [None, 0.1, 1.5],
            "exponent": [None, 2.0, 0.5],
        },
        "knots": lambda args: ([], max(1, args["decay_steps"])),
        "edges": [
            {"init_value": 0.1, "decay_steps": 1},
            {"init_value": 0.1, "decay_steps": 2, "alpha": 0.01, "exponent": 1.5},
            {"init_value": 0.1, "decay_steps": 10, "alpha": 1.0},
            {"init_value": 0.0, "decay_steps": 10, "alpha": 0.1},
            {"init_value": 3e-4, "decay_steps": 100000, "alpha": 0.1},
            {"init_value": 0.1, "decay_steps": 0},
            {"init_value": 0.1, "decay_steps": -1},
        ],
    },
    "linear_onecycle_schedule": {
        "levels": {
            "transition_steps": [20, 101],
            "peak_value": [0.1, 1.0],
            "pct_start": [None, 0.25, 0.5],
            "pct_final": [None, 0.9, 0.6],
            "div_factor": [None, 10.0],
            "final_div_factor": [None, 100.0],
        },
        "knots": cycle,
        "edges": [{"transition_steps": total, "peak_value": 0.1} for total in (1, 2, 3, 4, 10, 100000)]
        + [
            {"transition_steps": 20, "peak_value": 0.1, "pct_start": 0.0},
            {"transition_steps": 20, "peak_value": 0.1, "pct_final": 1.0},
            {"transition_steps": 20, "peak_value": 0.1, "pct_start": 0.5, "pct_final": 0.5},
            {"transition_steps": 20, "peak_value": 0.1, "pct_start": 0.8, "pct_final": 0.4},
            {"transition_steps": 100, "peak_value": 0.1, "pct_start": 0.29},
            {"transition_steps": 0, "peak_value": 0.1},
        ],
    },
    "cosine_onecycle_schedule": {
        "levels": {
            "transition_steps": [20, 101],
            "peak_value": [0.1, 1.0],
            "pct_start": [None, 0.25, 0.5],
            "div_factor": [None, 10.0],
            "final_div_factor": [None, 100.0],
        },
        "knots": lambda args: ([int(args.get("pct_start", 0.3) * args["transition_steps"])], args["transition_steps"]),
        "edges": [{"transition_steps": total, "peak_value": 0.1} for total in (1, 2, 3, 4, 10, 100000)]
        + [
            {"transition_steps": 20, "peak_value": 0.1, "pct_start": 0.0},
            {"transition_steps": 20, "peak_value": 0.1, "pct_start": 1.0},
            {"transition_steps": 100, "peak_value": 0.1, "pct_start": 0.29},
            {"transition_steps": 0, "peak_value": 0.1},
        ],
    },
    "warmup_constant_schedule": {
        "levels": {"init_value": [0.0, 0.01, 0.5], "peak_value": [0.1, 1.0], "warmup_steps": [5, 100]},
        "knots": lambda args: ([args["warmup_steps"]], max(1, args["warmup_steps"])),
        "edges": [
            {"init_value": 0.01, "peak_value": 0.1, "warmup_steps": 1},
            {"init_value": 0.01, "peak_value": 0.1, "warmup_steps": 0},
            {"init_value": 0.1, "peak_value": 0.1, "warmup_steps": 5},
        ],
    },
    "warmup_cosine_decay_schedule": {
        "levels": {
            "init_value": [0.0, 0.01],
            "peak_value": [0.1, 1.0],
            "warmup_steps": [0, 1, 5],
            "decay_steps": [20, 101],
            "end_value": [None, 0.001],
            "exponent": [None, 2.0, 0.5],
        },
        "knots": warmed,
        "edges": [
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 0, "decay_steps": 1},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 9, "decay_steps": 10},
            {"init_value": 0.01, "peak_value": 0.0, "warmup_steps": 5, "decay_steps": 10, "end_value": 0.05},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "decay_steps": 20, "end_value": 0.2},
            {"init_value": 0.1, "peak_value": 0.1, "warmup_steps": 5, "decay_steps": 20},
            {"init_value": 0.0, "peak_value": 3e-4, "warmup_steps": 2000, "decay_steps": 100000, "end_value": 3e-5},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "decay_steps": 5},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 10, "decay_steps": 5},
        ],
    },
    "warmup_exponential_decay_schedule": {
        "levels": {
            "init_value": [0.0, 0.01],
            "peak_value": [0.1, 1.0],
            "warmup_steps": [0, 1, 6],
            "transition_steps": [10, 3],
            "decay_rate": [0.5, 1.02],
            "transition_begin": [None, 5, -2],
            "staircase": [None, True],
            "end_value": [None, 0.02, 0.5],
        },
        "knots": begun,
        "edges": [
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "transition_steps": 1, "decay_rate": 0.9},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "transition_steps": 0, "decay_rate": 0.9},
            {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "transition_steps": 10, "decay_rate": 0.0},
        ],
    },
}


def first(name: str) -> dict[str, Any]:
    """The plainest arguments of a schedule: the first level of each required option."""
    parameters = inspect.signature(getattr(optax.schedules, name)).parameters
    levels = SCHEDULES[name]["levels"]
    return {key: levels[key][0] for key in levels if parameters[key].default is inspect.Parameter.empty}


def record(name: str) -> None:
    plan = SCHEDULES[name]
    own = signature(getattr(optax.schedules, name))
    assert set(own) == set(plan["levels"]), f"{name}: {set(own) ^ set(plan['levels'])}"
    rows, excluded = pairwise(plan["levels"], plan.get("valid", lambda _: True))
    cases = []
    for index, row in enumerate(rows):
        args = given(row)
        knots, total = plan["knots"](args)
        cases.append(case(f"pair-{index}", {"name": name, "args": args}, knots, total, pairwise=True, levels=row))
    for index, args in enumerate(plan.get("edges", ())):
        knots, total = plan["knots"](args)
        cases.append(case(f"edge-{index}", {"name": name, "args": args}, knots, max(1, total)))
    args = first(name)
    knots, total = plan["knots"](args)
    if name != "constant_schedule":
        cases.append(case("native", {"name": name, "args": args}, knots, total, precision="float32"))
    write("optax", name, PROGRAM, PACKAGES, cases, plan["levels"], excluded, own)


def part(name: str, **args: Any) -> dict[str, Any]:
    return {"name": name, "args": args}


def record_sgdr() -> None:
    """sgdr_schedule takes a list of keyword arguments: the levels are whole cycles."""
    plain = {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 0, "decay_steps": 10}
    warm = {"init_value": 0.01, "peak_value": 0.08, "warmup_steps": 3, "decay_steps": 20, "end_value": 0.001}
    bent = {"init_value": 0.0, "peak_value": 0.05, "warmup_steps": 1, "decay_steps": 7, "exponent": 2.0}
    levels = {"cosine_kwargs": [[plain], [plain, warm], [warm, bent, plain], [bent, bent, bent, bent]]}
    cases = []
    for index, cycles in enumerate([*levels["cosine_kwargs"], [{**plain, "decay_steps": 1}] * 3]):
        knots, ends = [], 0
        for kwargs in cycles:
            knots += [ends, ends + kwargs["warmup_steps"]]
            ends += kwargs["decay_steps"]
        more = {"pairwise": True, "levels": {"cosine_kwargs": cycles}} if index < 4 else {}
        cases.append(case(f"cycles-{index}", part("sgdr_schedule", cosine_kwargs=cycles), knots, ends, **more))
    broken = part("sgdr_schedule", cosine_kwargs=[{**plain, "warmup_steps": 10}])
    cases.append(case("no-room", broken, [], 10))
    cases.append(case("native", part("sgdr_schedule", cosine_kwargs=[plain, warm]), [10, 13], 30, precision="float32"))
    write("optax", "sgdr_schedule", PROGRAM, PACKAGES, cases, levels, (), signature(optax.schedules.sgdr_schedule))


def record_join() -> None:
    rise = part("linear_schedule", init_value=0.0, end_value=0.1, transition_steps=5)
    cosine = part("cosine_decay_schedule", init_value=0.1, decay_steps=20, alpha=0.1)
    stable = part("constant_schedule", value=0.1)
    fall = part("polynomial_schedule", init_value=0.1, end_value=0.0, power=0.5, transition_steps=15, transition_begin=2)
    steps = part("piecewise_constant_schedule", init_value=0.2, boundaries_and_scales={4: 0.5, 9: 0.5})
    decay = part("exponential_decay", init_value=0.05, transition_steps=4, decay_rate=0.5, staircase=True)
    nested = part("join_schedules", schedules=[rise, stable], boundaries=[5])
    deep = part("join_schedules", schedules=[nested, part("join_schedules", schedules=[decay, steps], boundaries=[6])], boundaries=[12])
    levels = {
        "schedules": [[rise, cosine], [nested, fall], [deep, nested], [rise, stable, fall], [steps, decay, deep]],
        "boundaries": [[5], [1], [0], [7, 20], [5, 6], [8, 8]],
    }
    rows, excluded = pairwise(levels, lambda row: len(row["schedules"]) == len(row["boundaries"]) + 1)
    cases = []
    for index, row in enumerate(rows):
        knots = [edge + offset for edge in [0, *row["boundaries"]] for offset in (0, 5, 6, 12, 20)]
        cases.append(case(f"pair-{index}", part("join_schedules", **row), knots, 40, pairwise=True, levels=row))
    cases.append(case("single", part("join_schedules", schedules=[cosine], boundaries=[]), [], 20))
    five = part("join_schedules", schedules=[rise, stable, fall, decay, cosine], boundaries=[5, 10, 25, 40])
    cases.append(case("five", five, [5, 10, 25, 40], 60))
    native = part("join_schedules", schedules=[rise, cosine], boundaries=[5])
    cases.append(case("native", native, [5], 25, precision="float32"))
    write("optax", "join_schedules", PROGRAM, PACKAGES, cases, levels, excluded, signature(optax.schedules.join_schedules))


NAN = None
TRACES: dict[str, list[float | None]] = {
    "golden": [5.0, 4.0, 4.0, 4.0, 3.0, 3.0, 3.0, 3.0, NAN, 2.0, *[2.0] * 14],
    "noisy": [2.3, 1.9, 1.7, 1.71, 1.69, 1.65, 1.6501, 1.6499, 1.64, 1.66, 1.7, 1.5, 1.45, 1.449, 1.44, 1.43, 1.5, 1.6,
              1.42, 1.41, 1.409, 1.4, 1.4, 1.4, 1.39, 1.5, 1.6, 1.7, 1.38, 1.38],
    "negative": [1.0, 0.5, 0.0, -0.5, -0.5, -0.50001, -0.6, -0.6, -0.6, -0.6, -0.59, -0.7, -0.7, -0.7, -0.7, -1.2, -1.2,
                 -1.2, -1.1, -1.2, -1.3, -1.3, -1.3],
    "nan-first": [NAN, NAN, 1.0, 0.9, NAN, NAN, 0.9, 0.8, 0.8, NAN, 0.8, 0.7, 0.7, 0.7, 0.7, 0.6],
    "ties": [1.0, 0.99, 0.98, 0.9702, 0.95, 0.9, 0.9, 0.85, 0.85, 0.8, 0.75, 0.75, 0.75, 0.7425, 0.7, 0.7, 0.65, 0.6],
}  # fmt: skip


def plateau_case(identity: str, description: dict[str, Any], metrics: list[float | None], **more: Any) -> dict[str, Any]:
    """values[t] is the rate after t metrics. optax applies the scale that metric t yields to update t itself."""
    try:
        transform = optax.contrib.reduce_on_plateau(**description["args"])
    except ValueError as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    rate = description["lr"]
    base = build(rate) if isinstance(rate, dict) else lambda _: jnp.float64(rate)
    update = jax.jit(lambda state, value: transform.update(jnp.float64(1.0), state, value=value))
    state = transform.init(jnp.float64(0.0))
    values = [finite(base(jnp.int64(0)) * state.scale)]
    for step, metric in enumerate(metrics):
        scaled, state = update(state, jnp.float64("nan" if metric is None else metric))
        assert scaled == state.scale
        values.append(finite(base(jnp.int64(step + 1)) * state.scale))
    return {
        "id": identity,
        "description": description,
        **more,
        "steps": list(range(len(values))),
        "metrics": metrics,
        "values": {"learningRate": values},
    }


def record_plateau() -> None:
    name = "reduce_on_plateau"
    levels = {
        "factor": [None, 0.5],
        "patience": [None, 0, 1, 2, 3],
        "rtol": [None, 0.01, 0.0],
        "atol": [None, 0.05],
        "cooldown": [None, 1, 3],
        "accumulation_size": [None, 2],
        "min_scale": [None, 0.3],
    }
    own = signature(optax.contrib.reduce_on_plateau)
    assert set(own) == set(levels)
    valid = lambda row: not (row["rtol"] == 0.0 and row["atol"] is None)
    rows, excluded = pairwise(levels, valid)
    described = lambda identity, args, metrics, **more: plateau_case(
        identity, {"name": name, "args": args, "lr": 0.1}, metrics, **more
    )
    cases = on_traces(rows, TRACES, described)
    scheduled = {"name": name, "args": {"patience": 2, "factor": 0.5, "cooldown": 1}}
    scheduled["lr"] = part("warmup_cosine_decay_schedule", init_value=0.0, peak_value=0.1, warmup_steps=4, decay_steps=40)
    cases.append(plateau_case("scheduled", scheduled, TRACES["golden"]))
    edges = [
        {"factor": 1.0},
        {"factor": 0.0},
        {"rtol": -0.1},
        {"atol": -0.1},
        {"rtol": 0.0},
        {"rtol": 1.5},
    ]
    for index, args in enumerate(edges):
        cases.append(plateau_case(f"refused-{index}", {"name": name, "args": args, "lr": 0.1}, TRACES["golden"]))
    write("optax", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


def main() -> None:
    public = {name for name in dir(optax.schedules) if name[0] != "_" and name.endswith(("_schedule", "_schedules", "_decay"))}
    assert public == {*SCHEDULES, "sgdr_schedule", "join_schedules"}, public
    for name in SCHEDULES:
        record(name)
    record_sgdr()
    record_join()
    record_plateau()


if __name__ == "__main__":
    main()
