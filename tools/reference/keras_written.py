"""Executes the Python that @anneal/compat/keras writes and records its values under the hash of the text:

npx tsx --conditions=@anneal/source tools/reference/written.ts keras | python tools/reference/keras_written.py

A schedule in the text is made anew from its own config with float64 numbers, as in keras_schedules.py.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import keras_schedules as recorder
import keras
from common import finite, write

PROGRAM = "keras_written.py"


def sampled(schedule: Any, steps: list[int]) -> list[float | None]:
    if isinstance(schedule, float):
        return [schedule for _ in steps]
    return recorder.sample(type(schedule).__name__, schedule.get_config(), steps, "float64")


def trained(rate: float, callback: Any, metrics: list[Any]) -> list[float | None]:
    """The rate before and after each epoch of one update, as fit calls the callback."""
    model = recorder.compiled()
    model.optimizer = keras.optimizers.SGD(rate)
    callback.set_model(model)
    callback.on_train_begin()
    values = [finite(model.optimizer.learning_rate)]
    for epoch, metric in enumerate(metrics):
        callback.on_epoch_end(epoch, recorder.names(metric, callback.monitor))
        values.append(finite(model.optimizer.learning_rate))
    return values


def run(item: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(item["python"], names)
    steps, (callback,) = item["steps"], names.get("callbacks", [None])
    if isinstance(callback, keras.callbacks.ReduceLROnPlateau):
        rates = trained(names["learning_rate"], callback, item["metrics"])
        values = [rates[step] for step in steps]
    elif callback is not None:
        # The steps count updates; the schedule in the text counts epochs.
        epochs = [step // item["stepsPerEpoch"] for step in steps]
        values = sampled(names["schedule"], epochs)
        assert all(abs(callback.schedule(e, 0.0) - v) <= 1e-6 * abs(v) for e, v in zip(epochs, values))
    else:
        values = sampled(names["learning_rate"], steps)
    sha256 = hashlib.sha256(item["python"].encode()).hexdigest()
    return {"id": item["id"], "sha256": sha256, "steps": steps, "values": {"learningRate": values}}


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    cases = [run(item) for item in json.load(sys.stdin)]
    write("keras", "written", PROGRAM, recorder.PACKAGES, cases)
