"""Records what Python makes of drawn lambdas as packages/compat/fixtures/accepted/lambdas.json: null where it raises.

The texts are drawn from the grammar that `src/python/readLambda.ts` reads, so each of them is a number or an exception.
"""

from __future__ import annotations

import ast
import json
import math
import random
from typing import Any

from common import FIXTURES, finite, versions

PROGRAM = "python_lambdas.py"
ARGUMENTS = [0, 1, 2, 3, 7, 10, 30, 100, 1234]
NUMBERS = ["0", "1", "2", "3", "10", "0.5", "1.0", "0.1", "2.5", "1e-3", ".25", "4.", "1_000", "100"]
BINARY = ["+", "-", "*", "/", "//", "%", "**"]
COMPARED = ["<", "<=", ">", ">=", "==", "!="]
ONE = ["math.cos", "math.sin", "math.sqrt", "math.exp", "math.log", "math.floor", "math.ceil", "math.fabs", "math.tanh", "abs", "int", "float", "round"]


def drawn(draw: random.Random, depth: int) -> str:
    kind = draw.random()
    if depth == 0 or kind < 0.15:
        return draw.choice([*NUMBERS, "x", "x", "x", "x", "x", "math.pi"])
    inner = lambda: drawn(draw, depth - 1)
    if kind < 0.6:
        left, right = inner(), inner()
        text = f"{left} {draw.choice(BINARY)} {right}"
        return f"({text})" if draw.random() < 0.6 else text
    if kind < 0.66:
        return f"-{inner()}"
    if kind < 0.78:
        return f"{draw.choice(ONE)}({inner()})"
    if kind < 0.86:
        return f"{draw.choice(['min', 'max'])}({inner()}, {inner()})"
    if kind < 0.9:
        return f"(not {inner()})"
    condition = f"({inner()}) {draw.choice(COMPARED)} ({inner()})"
    if draw.random() < 0.3:
        condition += f" {draw.choice(['and', 'or'])} ({inner()})"
    return f"({inner()} if {condition} else {inner()})"


def value(function: Any, argument: int) -> float | None:
    try:
        return finite(function(argument))
    except (ArithmeticError, ValueError, TypeError):
        return None


def is_exact(text: str) -> bool:
    """Whether no part is a whole number past 2**53: Python's has digits then that a double has not."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.expr) or isinstance(node, ast.Lambda):
            continue
        part = compile(ast.Expression(node), "part", "eval")
        for argument in ARGUMENTS:
            try:
                found = eval(part, {"math": math, "x": argument})  # noqa: S307 - drawn below
            except (ArithmeticError, ValueError, TypeError):
                continue
            if isinstance(found, int) and abs(found) > 2**53:
                return False
    return True


def main() -> None:
    draw = random.Random(20)
    texts = [f"lambda x: {drawn(draw, draw.choice((1, 2, 3, 4)))}" for _ in range(1500)]
    cases = []
    for text in dict.fromkeys(texts):
        # a tower of powers of whole numbers would fill the memory
        if len(text) > 150 or text.count("**") > 1 or not is_exact(text):
            continue
        function = eval(text, {"math": math})  # noqa: S307 - drawn above
        cases.append({"lambda": text, "values": [value(function, argument) for argument in ARGUMENTS]})
    head = {"program": f"tools/reference/{PROGRAM}", "command": f"python tools/reference/{PROGRAM}", "versions": versions()}
    top = ",\n".join(f'"{key}":{json.dumps(item, separators=(",", ":"))}' for key, item in {**head, "arguments": ARGUMENTS}.items())
    body = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    path = FIXTURES / "accepted" / "lambdas.json"
    path.write_text("{" + top + ',\n"cases":[\n' + body + "\n]}\n")
    print(f"{len(cases)} lambdas, {sum(item is None for case in cases for item in case['values'])} values that Python has not")


if __name__ == "__main__":
    main()
