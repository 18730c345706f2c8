"""Cases, steps and files shared by the programs that record values of other frameworks."""

from __future__ import annotations

import inspect
import itertools
import json
import math
import pathlib
import platform
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import metadata
from typing import Any

from traces import TRACES

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages" / "compat" / "fixtures"

Levels = Mapping[str, Sequence[Any]]
Choice = dict[str, Any]


def same(a: Any, b: Any) -> bool:
    """Equality that keeps 1, 1.0 and True apart: they are different levels of an option."""
    return type(a) is type(b) and a == b


def pairwise(
    levels: Levels, valid: Callable[[Choice], bool] = lambda _: True
) -> tuple[list[Choice], list[list[Any]]]:
    """A small set of choices, one level for each option, that holds every pair of levels of two options.

    Greedy and repeatable: each row starts from the first pair not held yet and gives every other option the level
    that adds most open pairs. `valid` says whether a whole row can exist. A pair for which no valid row is found
    among 2,000 completions is returned in the second list as [option, level, option, level]; the programs state why
    such a pair cannot be.
    """
    names = list(levels)
    if len(names) == 1:
        return [{names[0]: level} for level in levels[names[0]] if valid({names[0]: level})], []
    draw = random.Random(1)
    open_pairs = [
        (i, a, j, b)
        for i in range(len(names))
        for j in range(i + 1, len(names))
        for a in range(len(levels[names[i]]))
        for b in range(len(levels[names[j]]))
    ]
    open_set = set(open_pairs)

    def gain(at: dict[int, int], option: int, level: int) -> int:
        return sum(
            ((option, level, other, at[other]) if option < other else (other, at[other], option, level)) in open_set
            for other in at
        )

    def row_of(at: dict[int, int]) -> Choice:
        return {names[i]: levels[names[i]][at[i]] for i in range(len(names))}

    rows: list[Choice] = []
    excluded: list[list[Any]] = []
    for i, a, j, b in open_pairs:
        if (i, a, j, b) not in open_set:
            continue
        for attempt in range(2000):
            at = {i: a, j: b}
            order = [option for option in range(len(names)) if option not in at]
            draw.shuffle(order)
            for option in order:
                choices = list(range(len(levels[names[option]])))
                draw.shuffle(choices)
                at[option] = choices[0] if attempt > 20 else max(choices, key=lambda level: gain(at, option, level))
            if valid(row_of(at)):
                rows.append(row_of(at))
                open_set -= {(x, at[x], y, at[y]) for x, y in itertools.combinations(range(len(names)), 2)}
                break
        else:
            excluded.append([names[i], levels[names[i]][a], names[j], levels[names[j]][b]])
            open_set.discard((i, a, j, b))
    return rows, excluded


def given(row: Choice) -> Choice:
    """The arguments of a row: None stands for an argument that is left out."""
    return {name: level for name, level in row.items() if level is not None}


def cases_of(
    groups: Mapping[str, Sequence[Choice]],
    record: Callable[[str, Choice, list[float | None] | None], Choice],
) -> list[Choice]:
    """A case for each row of each group, recorded by `record` from the group, the row and its metrics.

    The rows of the group "pair" say their levels. A row's `trace` names the metrics that are reported.
    """
    cases = []
    for kind, rows in groups.items():
        for index, row in enumerate(rows):
            levels_taken = {"pairwise": True, "levels": row} if kind == "pair" else {}
            left = dict(row)
            trace = left.pop("trace", None)
            case = record(kind, left, None if trace is None else TRACES[trace])
            if trace is not None:
                case["trace"] = trace
            cases.append({"id": f"{kind}-{index}", **levels_taken, **case})
    return cases


def on_traces(
    rows: Sequence[Choice], traces: Mapping[str, list[Any]], case: Callable[..., Choice]
) -> list[Choice]:
    """A case for each row under each trace: `case(id, arguments, metrics, **more)`. Those of the first trace say the levels."""
    cases = []
    for index, row in enumerate(rows):
        for place, (trace, metrics) in enumerate(traces.items()):
            more = {"pairwise": True, "levels": row} if place == 0 else {}
            cases.append(case(f"pair-{index}-{trace}", given(row), metrics, **more))
    return cases


def around(knots: Iterable[float], total: float, dense: int = 6) -> list[int]:
    """Steps to record: the first ones, each knot -1, 0 and +1, points between knots, T-1, T, T+1 and 10T."""
    knots = sorted({0.0, float(total), *map(float, knots)})
    steps = set(range(dense))
    for knot in knots:
        steps |= {math.floor(knot) + offset for offset in (-1, 0, 1, 2)}
    for low, high in itertools.pairwise(knots):
        steps |= {int(low + (high - low) * part) for part in (0.25, 0.5, 0.75)}
    steps |= {int(total) - 1, int(total), int(total) + 1, int(10 * total)}
    return sorted(step for step in steps if step >= 0)


def signature(what: Callable[..., Any], leave_out: Iterable[str] = ("self", "optimizer", "last_epoch")) -> Choice:
    """The framework's own parameters and defaults; a parameter without a default stands with null.

    The test of coverage holds `options` against it, so that a parameter added by a new release cannot be missed.
    """
    out = set(leave_out)
    return {
        name: None if parameter.default is inspect.Parameter.empty else parameter.default
        for name, parameter in inspect.signature(what).parameters.items()
        if name not in out and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }


def finite(value: float) -> float | None:
    """JSON has no NaN and no infinity: null stands for both."""
    value = float(value)
    return value if math.isfinite(value) else None


def versions(*packages: str) -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in packages}}


def write(
    framework: str,
    name: str,
    program: str,
    packages: Sequence[str],
    cases: Sequence[Mapping[str, Any]],
    options: Levels | None = None,
    excluded: Sequence[Sequence[Any]] = (),
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Writes packages/compat/fixtures/<framework>/<name>.json, one case a line."""
    path = FIXTURES / framework / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    head: Choice = {
        "program": f"tools/reference/{program}",
        "command": f"python tools/reference/{program}",
        "versions": versions(*packages),
        "options": dict(options or {}),
        "excluded": list(excluded),
    }
    if parameters is not None:
        head["signature"] = dict(parameters)
    ids = [case["id"] for case in cases]
    assert len(ids) == len(set(ids)), f"{name}: two cases share an id"
    compact = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    lines = [f'"{key}":{compact(value)}' for key, value in head.items()]
    body = ",\n".join(compact(case) for case in cases)
    path.write_text("{" + ",\n".join(lines) + ',\n"cases":[\n' + body + "\n]}\n")
    recorded = sum(len(case.get("steps", case.get("metrics", ()))) for case in cases)
    print(f"{framework}/{name}: {len(cases)} cases, {recorded} values, {path.stat().st_size // 1024} KiB")
