"""Records which arguments a framework's own classes accept, and the values that they give with them.

`python accepted.py torch|timm|transformers|keras|optax|paddle|mmengine|ignite|deepspeed` writes packages/compat/fixtures/accepted/<framework>.json. The
other programs record a scheduler over arguments that are meant; this one draws arguments that may stand there as well:
fractions where a count is meant, 0, negative and huge numbers, lists in any order. Each argument has its usual value and
odd ones; a case takes one to three odd ones. The draws are seeded, so a second run leaves no difference.
"""

from __future__ import annotations

import importlib
import json
import random
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from accepted_arguments import ARGUMENTS, Arguments
from common import FIXTURES, finite, versions
from traces import TRACES

PROGRAM = "accepted.py"
STEPS = list(range(24))
CASES = 80
LIMIT_SECONDS = 1
PACKAGES = {
    "torch": ("torch",),
    "timm": ("torch", "timm"),
    "transformers": ("torch", "transformers"),
    "keras": ("keras", "tensorflow-cpu", "numpy"),
    "optax": ("optax", "jax", "jaxlib", "numpy"),
    "paddle": ("paddlepaddle", "numpy"),
    "mmengine": ("mmengine", "torch"),
    "ignite": ("pytorch-ignite", "torch"),
    "deepspeed": ("deepspeed", "torch"),
}
Case = dict[str, Any]
Run = Callable[[str, Case, str | None], Case]


def drawn(name: str, arguments: Arguments) -> list[Case]:
    """Argument sets: each odd value alone, then two or three of them together, as many as CASES and one for each."""
    draw = random.Random(name)
    usual = {key: values[0] for key, values in arguments.items() if values[0] is not ...}
    odd = [(key, value) for key, values in arguments.items() for value in values[1:]]
    changes = [[one] for one in odd]
    while len(changes) < max(CASES, len(odd) + 20):
        keys = draw.sample(list(arguments), min(len(arguments), draw.choice((2, 3))))
        changes.append([(key, draw.choice(arguments[key])) for key in keys])
    found: dict[str, Case] = {}
    for change in [[], *changes]:
        args = {**usual, **dict(change)}
        args = {key: value for key, value in args.items() if value is not ...}
        found.setdefault(json.dumps(args, sort_keys=True), args)
    return list(found.values())


def torch_run(name: str, args: Case, trace: str | None) -> Case:
    from torch_build import record

    outside = {key: args.pop(key) for key in ("lr", "momentum") if key in args}
    description = {"name": name, "args": args, **outside}
    return record(description, range(13) if trace is None else range(25), None if trace is None else TRACES[trace])


def timm_run(name: str, args: Case, trace: str | None) -> Case:
    from timm_schedulers import record

    description = {"name": name, "args": args, "lr": args.pop("lr")}
    return record(description, STEPS if trace is None else range(25), None if trace is None else TRACES[trace])


def transformers_run(name: str, args: Case, trace: str | None) -> Case:
    from transformers_schedulers import described, record

    return record(described(name, args), STEPS if trace is None else range(25), None if trace is None else TRACES[trace])


def pure(build: Callable[[], Callable[[int], Any]], description: Case) -> Case:
    """A schedule that is a function of the step."""
    values: list[float | None] = []
    error: Case = {}
    step = 0
    try:
        schedule = build()
        for step in STEPS:
            values.append(finite(schedule(step)))
    except Exception as raised:  # noqa: BLE001 - whatever the framework raises is what is recorded
        error = {"error": type(raised).__name__, "errorAt": step}
    return {"description": description, "steps": STEPS[: len(values)], "values": {"learningRate": values}, **error}


def keras_run(name: str, args: Case, trace: str | None) -> Case:
    import tensorflow as tf
    from keras_schedules import SCHEDULES, floats, wide

    def build() -> Callable[[int], Any]:
        schedule = getattr(SCHEDULES, name)(**args)
        whole = {key: wide(value) for key, value in {**schedule.get_config(), **args}.items()}
        exact = getattr(SCHEDULES, name)(**whole)
        return lambda step: exact(tf.constant(step, tf.int64))

    with floats("float64"):
        return pure(build, {"class_name": name, "config": args})


def optax_run(name: str, args: Case, trace: str | None) -> Case:
    from optax_schedules import build as optax_build
    from optax_schedules import jnp

    def build() -> Callable[[int], Any]:
        schedule = optax_build({"name": name, "args": pythonic(args)})
        return lambda step: jnp.asarray(schedule(jnp.int64(step)))

    return pure(build, {"name": name, "args": args})


def stepped(
    make: Callable[[], Any],
    read: Callable[[Any], float],
    step: Callable[[Any, float | None], None],
    description: Case,
    trace: str | None,
) -> Case:
    """A scheduler that is stepped after each update, with the update's metric where it reads one."""
    metrics = None if trace is None else TRACES[trace]
    values: list[float | None] = []
    error: Case = {}
    at = 0
    try:
        scheduler = make()
        for at in range(len(STEPS) + 1 if metrics is None else len(metrics) + 1):
            if at > 0:
                metric = None if metrics is None else metrics[at - 1]
                step(scheduler, float("nan") if metrics is not None and metric is None else metric)
            values.append(finite(read(scheduler)))
    except Exception as raised:  # noqa: BLE001 - whatever the framework raises is what is recorded
        error = {"error": type(raised).__name__, "errorAt": at}
    case: Case = {"description": description, "steps": list(range(len(values))), "values": {"learningRate": values}}
    return {**case, **({} if metrics is None else {"metrics": metrics}), **error}


def paddle_run(name: str, args: Case, trace: str | None) -> Case:
    from paddle_schedulers import build

    description = {"name": name, "args": args}
    step = lambda scheduler, metric: scheduler.step() if metric is None else scheduler.step(metric)
    return stepped(lambda: build(description), lambda scheduler: scheduler(), step, description, trace)


def sgd(lr: float) -> Any:
    import torch

    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def mmengine_run(name: str, args: Case, trace: str | None) -> Case:
    from mmengine_schedulers import mm

    lr = args.pop("lr")
    optimizer = sgd(lr)

    def step(scheduler: Any, metric: float | None) -> None:
        optimizer.step()
        scheduler.step() if metric is None else scheduler.step({"loss": metric})

    make = lambda: getattr(mm, name)(optimizer, **args)
    return stepped(make, lambda _: optimizer.param_groups[0]["lr"], step, {"name": name, "args": args, "lr": lr}, trace)


def ignite_run(name: str, args: Case, trace: str | None) -> Case:
    from ignite_schedulers import build

    lr = args.pop("lr", None)
    description = {"name": name, "args": args, **({} if lr is None else {"lr": lr})}
    optimizer = sgd(0.1 if lr is None else lr)

    def make() -> Any:
        scheduler = build(description, optimizer)
        scheduler(None)
        return scheduler

    return stepped(make, lambda _: optimizer.param_groups[0]["lr"], lambda scheduler, _: scheduler(None), description, trace)


def deepspeed_run(name: str, args: Case, trace: str | None) -> Case:
    import torch
    from deepspeed_schedulers import lr_schedules

    lr = args.pop("lr")
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    make = lambda: getattr(lr_schedules, name)(optimizer, **args)
    description = {"name": name, "args": args, "lr": lr}
    return stepped(make, lambda _: optimizer.param_groups[0]["lr"], lambda scheduler, _: scheduler.step(), description, trace)


def pythonic(args: Case) -> Case:
    """A dict whose keys are numbers, as pairs in the description."""
    scales = args.get("boundaries_and_scales")
    return args if scales is None else {**args, "boundaries_and_scales": dict(map(tuple, scales))}


def too_long(*_: Any) -> None:
    raise TimeoutError


def main(framework: str) -> None:
    run: Run = globals()[f"{framework}_run"]
    # timm draws noise until it is below its limit: for ever where that is 0
    signal.signal(signal.SIGALRM, too_long)
    lines: list[str] = []
    accepted = 0
    for name, (arguments, traces) in ARGUMENTS[framework].items():
        cases: Sequence[Case] = drawn(name, arguments)
        for index, args in enumerate(cases):
            trace = traces[index % len(traces)] if traces else None
            signal.alarm(LIMIT_SECONDS if framework == "timm" and lines else 0)
            case = {"id": f"{name} {index}", **run(name.split()[0], dict(args), trace)}
            signal.alarm(0)
            accepted += "error" not in case
            lines.append(json.dumps(case, separators=(",", ":"), allow_nan=False))
    head = {
        "program": f"tools/reference/{PROGRAM}",
        "command": f"python tools/reference/{PROGRAM} {framework}",
        "versions": versions(*PACKAGES[framework]),
    }
    path = FIXTURES / "accepted" / f"{framework}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    top = ",\n".join(f'"{key}":{json.dumps(value, separators=(",", ":"))}' for key, value in head.items())
    path.write_text("{" + top + ',\n"cases":[\n' + ",\n".join(lines) + "\n]}\n")
    print(f"{framework}: {len(lines)} cases, {accepted} without an error, {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    importlib.import_module("warnings").simplefilter("ignore")
    main(sys.argv[1])
