"""Writes the handwritten digits that scikit-learn ships as the lab's task `digits` embeds them.

    python -m venv .venv && .venv/bin/pip install --no-deps -r tools/reference/requirements-digits.txt
    .venv/bin/python tools/reference/digits.py

One line for each image: the digit, then 64 letters, row by row, "a" for 0 to "q" for 16. scikit-learn is not imported
(it needs numpy); the data file inside the installed package is read.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import pathlib
from importlib import metadata

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages/lab/src/tasks/digits/images.gen.ts"


def main() -> None:
    package = metadata.distribution("scikit-learn")
    path = pathlib.Path(str(package.locate_file("sklearn/datasets/data/digits.csv.gz")))
    table = gzip.decompress(path.read_bytes())
    rows = [[int(float(cell)) for cell in row] for row in csv.reader(table.decode().splitlines())]
    assert len(rows) == 1797 and all(len(row) == 65 and 0 <= min(row) <= max(row) <= 16 for row in rows)
    lines = [str(label) + "".join(chr(ord("a") + pixel) for pixel in pixels) for *pixels, label in rows]
    text = "\n".join(lines)
    head = [
        f"// Written by tools/reference/digits.py from scikit-learn {package.version}; do not edit. Origin and licence: DATA.md.",
        f"// SHA-256 of the table read: {hashlib.sha256(table).hexdigest()}",
        "",
        "/** A line for each image: the digit, then 64 letters, row by row, from a (0) to q (16). */",
    ]
    OUT.write_text("\n".join(head) + f"\nexport const images: string = `{text}`;\n")
    print(f"{len(rows)} images, {OUT.stat().st_size} bytes: {OUT}")


if __name__ == "__main__":
    main()
