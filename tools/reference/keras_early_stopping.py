"""Records what Keras's EarlyStopping thinks after each epoch: the best value and its epoch, the epochs waited, whether
training shall stop. The callback is the real class, called as fit calls it; it is asked on after the epoch at which it
would have stopped, as a run that goes on would ask it."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import json
import pathlib
import types
from typing import Any

import keras
from common import finite, on_traces, pairwise, signature, versions
from traces import TRACES

PROGRAM = "keras_early_stopping.py"
FILE = pathlib.Path(__file__).resolve().parents[2] / "packages" / "core" / "test" / "fixtures" / "kerasEarlyStopping.json"
LEVELS = {
    "patience": [None, 0, 1, 2, 4],
    "min_delta": [None, 0.05, -0.05],
    "mode": ["min", "max"],
    "baseline": [None, 0.8, -1.0],
    "start_from_epoch": [None, 1, 3],
}
# These change nothing that is recorded.
SILENT = {"monitor", "verbose", "restore_best_weights"}


def case(identity: str, config: dict[str, Any], metrics: list[Any], **more: Any) -> dict[str, Any]:
    callback = keras.callbacks.EarlyStopping(monitor="loss", **config)
    model = types.SimpleNamespace(stop_training=False)
    callback.set_model(model)
    callback.on_train_begin()
    after = []
    for epoch, metric in enumerate(metrics):
        model.stop_training = False
        callback.on_epoch_end(epoch, {"loss": float("nan") if metric is None else float(metric)})
        best = None if callback.best is None else finite(callback.best)
        after.append([best, callback.best_epoch, callback.wait, model.stop_training])
    return {"id": identity, "config": config, **more, "metrics": metrics, "after": after}


def main() -> None:
    assert set(signature(keras.callbacks.EarlyStopping)) == set(LEVELS) | SILENT
    rows, excluded = pairwise(LEVELS)
    assert not excluded
    cases = on_traces(rows, TRACES, case)
    head = {
        "program": f"tools/reference/{PROGRAM}",
        "command": f"python tools/reference/{PROGRAM}",
        "versions": versions("keras", "tensorflow-cpu"),
        "options": LEVELS,
    }
    compact = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    lines = [f'"{key}":{compact(value)}' for key, value in head.items()]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("{" + ",\n".join(lines) + ',\n"cases":[\n' + ",\n".join(map(compact, cases)) + "\n]}\n")
    print(f"{FILE.name}: {len(cases)} cases, {FILE.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
