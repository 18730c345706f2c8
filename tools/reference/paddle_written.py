"""Executes the Python that @anneal/compat/paddle writes and records its values under the hash of the text:

npx tsx --conditions=@anneal/source tools/reference/written.ts paddle | python tools/reference/paddle_written.py
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from common import finite, write

PROGRAM = "paddle_written.py"


def run(item: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(item["python"], names)
    rate, steps, metrics = names["learning_rate"], item["steps"], item.get("metrics")
    at = {}
    for step in range(max(steps) + 1):
        at[step] = finite(rate if isinstance(rate, float) else rate())
        if isinstance(rate, float) or step == max(steps):
            continue
        if metrics is None:
            rate.step()
        else:
            rate.step(float("nan") if metrics[step] is None else metrics[step])
    values = [at[step] for step in steps]
    sha256 = hashlib.sha256(item["python"].encode()).hexdigest()
    return {"id": item["id"], "sha256": sha256, "steps": steps, "values": {"learningRate": values}}


if __name__ == "__main__":
    write("paddle", "written", PROGRAM, ("paddlepaddle", "numpy"), [run(item) for item in json.load(sys.stdin)])
