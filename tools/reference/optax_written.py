"""Executes the Python that @anneal/compat/optax writes and records its values under the hash of the text:

npx tsx --conditions=@anneal/source tools/reference/written.ts optax | python tools/reference/optax_written.py
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
from typing import Any

os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from common import finite, write

PROGRAM = "optax_written.py"


def run(item: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(item["python"], names)
    schedule = names["learning_rate"]
    steps, metrics = item["steps"], item.get("metrics")
    if metrics is None:
        values = [finite(schedule(jnp.int64(step))) for step in steps]
        # a plot and a table ask with Python's own integers, which divide by 0 with an exception
        assert all(math.isclose(finite(schedule(step)), value, rel_tol=1e-9) for step, value in zip(steps, values)), item
    else:
        transform = next(value for name, value in names.items() if hasattr(value, "init"))
        update = jax.jit(lambda state, value: transform.update(jnp.float64(1.0), state, value=value))
        state, at = transform.init(jnp.float64(0.0)), {}
        for step in range(len(metrics) + 1):
            at[step] = finite(schedule(jnp.int64(step)) * state.scale)
            if step < len(metrics):
                metric = float("nan") if metrics[step] is None else metrics[step]
                state = update(state, jnp.float64(metric))[1]
        values = [at[step] for step in steps]
    sha256 = hashlib.sha256(item["python"].encode()).hexdigest()
    return {"id": item["id"], "sha256": sha256, "steps": steps, "values": {"learningRate": values}}


if __name__ == "__main__":
    write("optax", "written", PROGRAM, ("optax", "jax", "jaxlib", "numpy"), [run(item) for item in json.load(sys.stdin)])
