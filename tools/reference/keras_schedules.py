"""Records every schedule of keras.optimizers.schedules and the two callbacks that set a learning rate.

Keras runs on TensorFlow with float64 as its float type: on its other backends cos, floor and ceil of a float64
yield float32 (keras/src/backend/common/dtypes.py turns every 64-bit result type into its 32-bit one there). The step
is the int64 scalar that optimizer.iterations is. The callbacks are the real classes, attached to a compiled model,
called as fit calls them. A few cases run in float32, the type Keras uses unless told otherwise, and are marked so.
"""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import contextlib
import inspect
import io
import math
import types
import warnings
from fractions import Fraction
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from common import around, finite, given, on_traces, pairwise, signature, write
from keras.src.trainers import compile_utils

PROGRAM = "keras_schedules.py"
PACKAGES = ("keras", "tensorflow-cpu", "numpy")
SCHEDULES = keras.optimizers.schedules


@contextlib.contextmanager
def floats(name: str):
    """Keras in float64 or, for the native cases, in float32: what a user gets."""
    keras.config.set_floatx(name)
    try:
        yield
    finally:
        keras.config.set_floatx("float64")


def wide(value: Any) -> Any:
    """A Python float as NumPy float64: TensorFlow would take the bare one for a float32."""
    if isinstance(value, list):
        return [wide(item) for item in value]
    return np.float64(value) if isinstance(value, float) else value


def sample(name: str, config: dict[str, Any], steps: list[int], floatx: str) -> list[float | None]:
    with floats(floatx):
        if floatx == "float64":
            config = {key: wide(value) for key, value in config.items()}
        schedule = getattr(SCHEDULES, name)(**config)
        values = [schedule(tf.constant(step, tf.int64)) for step in steps]
    assert all(value.dtype == floatx for value in values)
    return [finite(value) for value in values]


def case(identity: str, name: str, config: dict[str, Any], short: bool = False, **more: Any) -> dict[str, Any]:
    """One schedule; the description is what serialize prints, or with `short` only the arguments given."""
    description: dict[str, Any] = {"class_name": name, "config": config}
    try:
        schedule = getattr(SCHEDULES, name)(**config)
    except ValueError as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    if not short:
        description = SCHEDULES.serialize(schedule)
    knots, total = CASES[name]["knots"](config)
    steps = around(knots, total, int(total) + 3 if total <= 64 else 6)
    complete = {**schedule.get_config(), **config}
    values = sample(name, complete, steps, more.get("precision", "float64"))
    found = {"id": identity, "description": description, **more, "steps": steps, "values": {"learningRate": values}}
    if name == "CosineDecayRestarts" and "refused" not in more and (wrong := misindexed(config, steps, values)):
        found["except"] = [{"step": step, "why": "the logarithm picks the cycle before"} for step in wrong]
    return found


def misindexed(config: dict[str, Any], steps: list[int], values: list[float | None]) -> list[int]:
    """First steps of a cycle that Keras still counts to the cycle before, because floor(log(x) / log(t_mul)) is one low."""
    factor, length = Fraction(config.get("t_mul", 2.0)), Fraction(config["first_decay_steps"])
    alpha, decay, rate = config.get("alpha", 0.0), config.get("m_mul", 1.0), config["initial_learning_rate"]
    start, index, wrong = Fraction(0), 0, []
    starts = {}
    while start <= max(steps) and index < 10000:
        starts[start] = index
        start, length, index = start + length, length * factor, index + 1
    for step, value in zip(steps, values):
        if step in starts:
            restart = rate * ((1 - alpha) * decay ** starts[step] + alpha)
            if not math.isclose(value, restart, rel_tol=1e-6):
                wrong.append(step)
    return wrong


def restarts(config: dict[str, Any]) -> tuple[list[float], float]:
    length, start, knots = float(config["first_decay_steps"]), 0.0, []
    for _ in range(5):
        start += length
        knots.append(start)
        length *= config.get("t_mul", 2.0)
    return knots, start


CASES: dict[str, dict[str, Any]] = {
    "ExponentialDecay": {
        "levels": {
            "initial_learning_rate": [0.1, 1.0],
            "decay_steps": [10, 1, 7],
            "decay_rate": [0.5, 0.96, 1.02],
            "staircase": [None, True],
            "name": [None, "schedule"],
        },
        "knots": lambda config: ([2 * config["decay_steps"]], 3 * config["decay_steps"]),
        "edges": [
            {"initial_learning_rate": 0.001, "decay_steps": 100000, "decay_rate": 0.96},
            {"initial_learning_rate": 0.001, "decay_steps": 100000, "decay_rate": 0.96, "staircase": True},
            {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 1.0},
            {"initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.5},
            {"initial_learning_rate": 0.1, "decay_steps": -10, "decay_rate": 0.5},
        ],
    },
    "PiecewiseConstantDecay": {
        "levels": {
            "boundaries": [[5], [0], [3, 6], [2.7, 8.5], [1, 2, 40]],
            "values": [[0.1, 0.01], [0.01, 0.1], [1.0, 0.5, 0.1], [0.3, 0.0, 0.3], [0.1, 0.2, 0.3, 0.05]],
            "name": [None, "schedule"],
        },
        "valid": lambda row: len(row["values"]) == len(row["boundaries"]) + 1,
        "knots": lambda config: (config["boundaries"], max(config["boundaries"])),
        "edges": [
            {"boundaries": [100000, 110000], "values": [1.0, 0.5, 0.1]},
            {"boundaries": [5], "values": [0.1]},
            {"boundaries": [5], "values": [0.1, 0.2, 0.3]},
        ],
    },
    "PolynomialDecay": {
        "levels": {
            "initial_learning_rate": [0.1, 1.0],
            "decay_steps": [10, 1, 101],
            "end_learning_rate": [None, 0.0, 0.2],
            "power": [None, 2.0, 0.5],
            "cycle": [None, True],
            "name": [None, "schedule"],
        },
        "knots": lambda config: (
            [config["decay_steps"] * times for times in (1, 2, 3)],
            3 * config["decay_steps"],
        ),
        "edges": [
            {"initial_learning_rate": 0.1, "decay_steps": 10000, "end_learning_rate": 0.01, "power": 0.5},
            {"initial_learning_rate": 0.1, "decay_steps": 10, "end_learning_rate": 0.1},
            {"initial_learning_rate": 0.1, "decay_steps": 0},
        ],
    },
    "InverseTimeDecay": {
        "levels": {
            "initial_learning_rate": [0.1, 1.0],
            "decay_steps": [10, 1],
            "decay_rate": [0.5, 2.0],
            "staircase": [None, True],
            "name": [None, "schedule"],
        },
        "knots": lambda config: ([2 * config["decay_steps"]], 3 * config["decay_steps"]),
        "edges": [
            {"initial_learning_rate": 0.001, "decay_steps": 100000, "decay_rate": 0.5},
            {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.0},
            {"initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.5},
        ],
    },
    "CosineDecay": {
        "levels": {
            "initial_learning_rate": [0.1, 0.0],
            "decay_steps": [10, 1, 101],
            "alpha": [None, 0.1],
            "name": [None, "schedule"],
            "warmup_target": [None, 0.2],
            "warmup_steps": [None, 1, 6],
        },
        "knots": lambda config: (
            [config.get("warmup_steps", 0)],
            config["decay_steps"] + config.get("warmup_steps", 0),
        ),
        "edges": [
            {"initial_learning_rate": 0.1, "decay_steps": 1000},
            {"initial_learning_rate": 0.0, "decay_steps": 90000, "warmup_target": 3e-4, "warmup_steps": 10000, "alpha": 0.1},
            {"initial_learning_rate": 0.2, "decay_steps": 10, "warmup_target": 0.1, "warmup_steps": 5},
            {"initial_learning_rate": 0.1, "decay_steps": 10, "warmup_target": 0.1, "warmup_steps": 5},
            {"initial_learning_rate": 0.1, "decay_steps": 10, "warmup_target": 0.0, "warmup_steps": 5},
            {"initial_learning_rate": 0.1, "decay_steps": 10, "alpha": 1.5},
            {"initial_learning_rate": 0.1, "decay_steps": 0},
        ],
    },
    "CosineDecayRestarts": {
        "levels": {
            "initial_learning_rate": [0.1, 1.0],
            "first_decay_steps": [10, 1, 7],
            "t_mul": [None, 1.0, 1.5, 3.0],
            "m_mul": [None, 0.8, 1.1],
            "alpha": [None, 0.1],
            "name": [None, "schedule"],
        },
        "knots": restarts,
        "edges": [
            {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 9.0, "alpha": 0.01},
            {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 10.0, "m_mul": 0.5},
            {"initial_learning_rate": 0.1, "first_decay_steps": 1000, "t_mul": 2.0, "m_mul": 0.9},
            {"initial_learning_rate": 0.1, "first_decay_steps": 0},
        ],
        "refused": {
            "t_mul below 1 makes Keras take the logarithm of a negative number": {
                "initial_learning_rate": 0.1,
                "first_decay_steps": 10,
                "t_mul": 0.5,
            },
        },
    },
}


def record(name: str) -> None:
    plan = CASES[name]
    own = signature(getattr(SCHEDULES, name))
    assert set(own) == set(plan["levels"]), name
    rows, excluded = pairwise(plan["levels"], plan.get("valid", lambda _: True))
    cases = [case(f"pair-{i}", name, given(row), pairwise=True, levels=row) for i, row in enumerate(rows)]
    cases += [case(f"edge-{i}", name, config) for i, config in enumerate(plan["edges"])]
    cases += [case(f"refused-{i}", name, config, refused=why) for i, (why, config) in enumerate(plan.get("refused", {}).items())]
    plain = {key: value for key, value in given(rows[0]).items() if key != "name"}
    cases += [case("short", name, plain, short=True), case("native", name, plain, precision="float32")]
    write("keras", name, PROGRAM, PACKAGES, cases, plan["levels"], excluded, own)


def compiled() -> keras.Model:
    """A model whose metrics are built, so that mode="auto" can look up their direction."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["accuracy"])
    model.fit(np.zeros((2, 2)), np.zeros((2, 1)), verbose=0)
    return model


def names(metric: float | None | dict[str, float], monitor: str) -> dict[str, float]:
    if isinstance(metric, dict):
        return dict(metric)
    return {monitor: float("nan") if metric is None else metric}


def plateau_case(identity: str, config: dict[str, Any], metrics: list[Any], lr: Any = 0.1, floatx: str = "float64", **more: Any) -> dict[str, Any]:
    """values[t] is the rate after t epochs, each of one update, ended with one metric."""
    description = {"class_name": "ReduceLROnPlateau", "config": config, "lr": lr}
    if floatx == "float32":
        more["precision"] = floatx
    try:
        with floats(floatx), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            model = compiled()
            model.optimizer = keras.optimizers.SGD(SCHEDULES.deserialize(lr) if isinstance(lr, dict) else lr)
            callback = keras.callbacks.ReduceLROnPlateau(**config)
            callback.set_model(model)
            callback.on_train_begin()
            values = [finite(model.optimizer.learning_rate)]
            for epoch, metric in enumerate(metrics):
                callback.on_epoch_end(epoch, names(metric, callback.monitor))
                values.append(finite(model.optimizer.learning_rate))
    except (ValueError, TypeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    return {
        "id": identity,
        "description": description,
        **more,
        "steps": list(range(len(values))),
        "metrics": metrics,
        "values": {"learningRate": values},
    }


NAN = None
TRACES: dict[str, list[Any]] = {
    "golden": [5.0, 4.0, 4.0, 4.0, 3.0, 3.0, 3.0, 3.0, NAN, 2.0, *[2.0] * 14],
    "noisy": [2.3, 1.9, 1.7, 1.71, 1.69, 1.65, 1.6501, 1.6499, 1.64, 1.66, 1.7, 1.5, 1.45, 1.449, 1.44, 1.43, 1.5, 1.6,
              1.42, 1.41, 1.409, 1.4, 1.4, 1.4, 1.39, 1.5, 1.6, 1.7, 1.38, 1.38],
    "negative": [1.0, 0.5, 0.0, -0.5, -0.5, -0.50001, -0.6, -0.6, -0.6, -0.6, -0.59, -0.7, -0.7, -0.7, -0.7, -1.2, -1.2,
                 -1.2, -1.1, -1.2, -1.3, -1.3, -1.3],
    "nan": [1.0, NAN, NAN, 0.9, NAN, NAN, 0.9, 0.8, 0.8, NAN, 0.8, 0.7, 0.7, 0.7, 0.7, 0.6],
    "ties": [1.0, 0.9999, 0.9998, 0.95, 0.9, 0.9, 0.85, 0.85, 0.8, 0.75, 0.75, 0.7499, 0.7498, 0.7, 0.7, 0.65, 0.6],
}  # fmt: skip


def record_plateau() -> None:
    levels = {
        "monitor": [None, "loss", "val_accuracy"],
        "factor": [None, 0.5],
        "patience": [None, 0, 1, 2, 3],
        "verbose": [None, 1],
        "mode": [None, "min", "max"],
        "min_delta": [None, 0.0, -0.05],
        "cooldown": [None, 1, 3],
        "min_lr": [None, 0.02],
    }
    own = signature(keras.callbacks.ReduceLROnPlateau)
    assert set(own) == set(levels)
    rows, excluded = pairwise(levels)
    cases = on_traces(rows, TRACES, plateau_case)
    usual = {"monitor": "loss", "factor": 0.5, "patience": 2}
    cosine = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 10}}
    missing = [{"loss": 1.0}, {"accuracy": 0.5}, {"loss": 1.0}, {"accuracy": 0.5}, {"loss": 1.0}, {"loss": 1.0}, {"loss": 1.0}]
    cases += [
        plateau_case("nan-first", usual, [NAN, 1.0, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]),
        plateau_case("missing", usual, missing),
        plateau_case("native", {**usual, "min_lr": 0.003}, TRACES["golden"], floatx="float32"),
        plateau_case("factor-one", {"factor": 1.0}, TRACES["golden"]),
        plateau_case("unknown-direction", {"monitor": "reward"}, TRACES["golden"]),
        plateau_case("on-a-schedule", usual, TRACES["golden"], lr=cosine),
    ]
    write("keras", "ReduceLROnPlateau", PROGRAM, PACKAGES, cases, levels, excluded, own)


def record_scheduler() -> None:
    """LearningRateScheduler with a function that looks up a schedule at the epoch, called as fit calls it."""
    levels = {
        "schedule": [
            SCHEDULES.serialize(SCHEDULES.CosineDecay(0.1, 6, alpha=0.1)),
            SCHEDULES.serialize(SCHEDULES.ExponentialDecay(0.1, 2, 0.5, staircase=True)),
            SCHEDULES.serialize(SCHEDULES.PiecewiseConstantDecay([2, 4], [0.1, 0.02, 0.01])),
        ],
        "verbose": [None, 1],
    }
    own = signature(keras.callbacks.LearningRateScheduler)
    assert set(own) == set(levels)
    cases = []
    rows, excluded = pairwise(levels)
    for index, row in enumerate(rows):
        for per_epoch in (1, 3):
            config = {key: wide(value) for key, value in row["schedule"]["config"].items()}
            schedule = getattr(SCHEDULES, row["schedule"]["class_name"])(**config)
            with contextlib.redirect_stdout(io.StringIO()):
                model = compiled()
                callback = keras.callbacks.LearningRateScheduler(lambda epoch, lr: float(schedule(epoch)), row["verbose"] or 0)
                callback.set_model(model)
                values = []
                for epoch in range(10):
                    callback.on_epoch_begin(epoch)
                    values += [finite(model.optimizer.learning_rate)] * per_epoch
            description = {"class_name": "LearningRateScheduler", "config": given(row), "lr": 0.1}
            cases.append(
                {
                    "id": f"pair-{index}-{per_epoch}",
                    "description": description,
                    **({"pairwise": True, "levels": row} if per_epoch == 3 else {}),
                    "horizon": {"stepsPerEpoch": per_epoch},
                    "steps": list(range(len(values))),
                    "values": {"learningRate": values},
                }
            )
    write("keras", "LearningRateScheduler", PROGRAM, PACKAGES, cases, levels, excluded, own)


def record_directions() -> None:
    """What mode="auto" of ReduceLROnPlateau finds for the metrics that Keras ships: their names and the short forms
    that compile takes. null: Keras cannot tell and raises."""
    required = {"precision": 0.5, "recall": 0.5, "specificity": 0.5, "sensitivity": 0.5, "num_classes": 2, "target_class_ids": [0]}
    metrics = []
    for _, metric in inspect.getmembers(keras.metrics, inspect.isclass):
        named = {name: p for name, p in inspect.signature(metric).parameters.items() if p.default is p.empty}
        if metric not in (keras.metrics.Metric, keras.metrics.MeanMetricWrapper) and set(named) <= set(required):
            metrics.append(metric(**{name: required[name] for name in named}))
    flat = np.zeros((2, 1))
    for short in ("acc", "accuracy", "mse", "mae", "mape", "msle", "bce", "cosine_similarity"):
        metrics.append(compile_utils.get_metric(short, flat, flat))
    directions = {}
    for metric in metrics:
        callback = keras.callbacks.ReduceLROnPlateau(monitor="val_" + metric.name)
        callback.set_model(types.SimpleNamespace(metrics=[compile_utils.MetricsList([metric])]))
        try:
            callback._set_monitor_op()
            directions[metric.name] = "max" if callback.monitor_op == keras.ops.greater else "min"
        except ValueError:
            directions[metric.name] = None
    description = {"class_name": "ReduceLROnPlateau", "config": {"mode": "auto"}}
    case_ = {"id": "directions", "description": description, "directions": directions, "steps": [], "values": {}}
    write("keras", "directions", PROGRAM, PACKAGES, [case_])


def main() -> None:
    keras.config.set_floatx("float64")
    public = {name for name in dir(SCHEDULES) if name[0].isupper()} - {"LearningRateSchedule"}
    assert public == set(CASES), public
    for name in CASES:
        record(name)
    record_plateau()
    record_scheduler()
    record_directions()


if __name__ == "__main__":
    main()
