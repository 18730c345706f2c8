"""Records trajectories of Gymnasium's CartPole-v1: states in float64 as the environment keeps them, under given actions."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import gymnasium
import numpy as np
from common import versions

TARGET = pathlib.Path(__file__).resolve().parents[2] / "packages" / "lab" / "src" / "tasks" / "cartpole" / "fixtures" / "trajectories.json"


def trajectory(seed: int, policy: str) -> dict[str, Any]:
    env = gymnasium.make("CartPole-v1")
    env.reset(seed=seed)
    draw = np.random.default_rng(seed)
    start = [float(value) for value in env.unwrapped.state]
    actions: list[int] = []
    states: list[list[float]] = []
    while True:
        _, _, angle, speed = env.unwrapped.state
        action = int(draw.integers(2)) if policy == "random" else int(angle + 0.5 * speed > 0)
        _, reward, terminated, truncated, _ = env.step(action)
        assert reward == 1.0
        actions.append(action)
        states.append([float(value) for value in env.unwrapped.state])
        if terminated or truncated:
            break
    kept = [i for i in range(len(states)) if len(states) < 60 or i % 50 == 49 or i == len(states) - 1]
    return {
        "seed": seed,
        "policy": policy,
        "start": start,
        "actions": "".join(map(str, actions)),
        "terminated": terminated,
        "truncated": truncated,
        "steps": [i + 1 for i in kept],
        "states": [states[i] for i in kept],
    }


def main() -> None:
    cases = [trajectory(seed, "random") for seed in range(6)] + [trajectory(seed, "balancing") for seed in range(3)]
    head = {"program": "tools/reference/cartpole.py", "command": "python tools/reference/cartpole.py", "versions": versions("gymnasium", "numpy")}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    TARGET.write_text(json.dumps(head)[:-1] + ',\n"cases":[\n' + lines + "\n]}\n")
    print([(case["policy"], len(case["actions"]), case["terminated"], case["truncated"]) for case in cases])


if __name__ == "__main__":
    main()
