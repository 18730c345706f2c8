"""Metric traces for controllers: element t is reported after update t; null is NaN."""

from __future__ import annotations

import math

TRACES: dict[str, list[float | None]] = {
    # falls, stands still, falls again: patience, cooldown and recovery
    "falling": [5, 4, 4, 4, 3, 3, 3, 3, None, 2, 2, 2, 2, 2, 2, 2, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
    # a constant: every report is a tie
    "ties": [1.0] * 24,
    # NaN first, in runs and between
    "nan": [None, None, 3, 3, None, None, 2.5, None, 2.5, 2.4, None, None, None, None, 2, 2, 2, None, 1, 1, 1, 1, 1, 1],
    # below zero, where a relative threshold points the other way
    "negative": [-1, -1, -1.00005, -1.5, -1.5, -1.4, -2, -2, -2, -2, -2, -2.1, -2.1, -2.1, -3, -3, -3, -3, -3, -3, -3, -3, -3, -3],
    # rises: good for mode max, bad for mode min
    "rising": [0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3, 0.31, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6],
    # improvements on both sides of a threshold of 1e-4 (relative) and 0.05 (absolute)
    "threshold": [1, 0.99995, 0.9998, 0.96, 0.94, 0.9, 0.86, 0.84, 0.80001, 0.8, 0.79, 0.74, 0.74, 0.7, 0.66, 0.6, 0.55, 0.5, 0.46, 0.46, 0.46, 0.4, 0.4, 0.4],
    # a smooth curve with a ripple
    "wave": [round(2 / (1 + t / 6) + 0.3 * math.sin(2.1 * t), 6) for t in range(24)],
    # crosses zero and meets it exactly
    "zero": [0.5, 0.25, 0, 0, 0, 0, -0.25, 0, 0, 0.5, 0, 0, 0, 0, -0.5, -0.5, -0.5, -0.5, 0, 0, 0, 0, 0, 0],
}
