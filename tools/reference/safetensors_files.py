"""Records what the library safetensors writes, and which files it refuses to read.

    python -m venv .venv && .venv/bin/pip install --no-deps -r tools/reference/requirements-safetensors.txt
    .venv/bin/python tools/reference/safetensors_files.py

`written`: files of the library, base64, and what it was given: the bytes of every tensor in hexadecimal and, where
Python can tell them, its numbers (integers of 64 bits as text). `verdicts`: a header, how many bytes of zero follow it,
and whether the library reads them; by hand first, then headers that a seeded generator has tampered with.
"""

from __future__ import annotations

import base64
import json
import pathlib
import platform
import random
from importlib import metadata
from typing import Any

import numpy as np
from safetensors import TensorSpec, deserialize, serialize

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages/safetensors/fixtures/library.json"

# The library's name of a type when it writes, the type by which numpy makes the numbers, and the numbers.
TENSORS: dict[str, tuple[str, str, list[Any], list[int]]] = {
    "doubles": ("float64", "<f8", [0.1, -0.0, 5e-324, float("inf"), float("nan"), 2.0**53 + 2], [2, 3]),
    "longs": ("int64", "<i8", [-(2**63), 2**63 - 1, -1], [3]),
    "unsigned longs": ("uint64", "<u8", [2**64 - 1], [1, 1]),
    "complex": ("complex64", "<c8", [1 - 2j, 0.5j], [2]),
    "floats": ("float32", "<f4", [0.1, -2.5, 1e-45, 3e38], [2, 2]),
    "integers": ("int32", "<i4", [-(2**31), 7], [2]),
    "unsigned": ("uint32", "<u4", [2**32 - 1], []),
    "half": ("float16", "<f2", [1.0, -2.0, 65504.0], [3]),
    "brain": ("bfloat16", "<u2", [0x3F80, 0xC000], [2]),
    "shorts": ("int16", "<i2", [-(2**15), 9], [2, 1]),
    "unsigned shorts": ("uint16", "<u2", [2**16 - 1], [1]),
    "F8 e5m2": ("float8_e5m2", "u1", [0x3C, 0xBC], [2]),
    "F8 e4m3": ("float8_e4m3fn", "u1", [0x38], [1]),
    "F8 e5m2 fnuz": ("float8_e5m2fnuz", "u1", [0x40], [1]),
    "F8 e4m3 fnuz": ("float8_e4m3fnuz", "u1", [0x40], [1]),
    "F8 e8m0": ("float8_e8m0fnu", "u1", [0x7F], [1]),
    "bytes": ("int8", "i1", [-128, 127], [2]),
    "unsigned bytes": ("uint8", "u1", [0, 255, 3], [1, 3]),
    "truth": ("bool", "u1", [1, 0, 1], [3]),
    "F4": ("float4_e2m1fn_x2", "u1", [0x12, 0xF4], [2]),
    "empty": ("float32", "<f4", [], [0, 5]),
}


def told(number: Any) -> Any:
    """A number in JSON that JavaScript reads without loss."""
    if isinstance(number, complex):
        return [number.real, number.imag]
    if isinstance(number, float):
        return number if np.isfinite(number) and not (number == 0 and np.signbit(number)) else str(number)
    return str(number)


def written(names: list[str], meta: dict[str, str] | None) -> dict[str, Any]:
    arrays = {name: np.array(TENSORS[name][2], dtype=TENSORS[name][1]) for name in names}
    specs = {
        name: TensorSpec(
            dtype=TENSORS[name][0], shape=TENSORS[name][3], data_ptr=array.ctypes.data, data_len=array.nbytes
        )
        for name, array in arrays.items()
    }
    file = bytes(serialize(specs, meta))
    read = dict(deserialize(file))
    return {
        "metadata": meta or {},
        "file": base64.b64encode(file).decode(),
        "tensors": {
            name: {
                "dtype": read[name]["dtype"],
                "dims": list(read[name]["shape"]),
                "hex": arrays[name].tobytes().hex(),
                "numbers": [told(one.item()) for one in np.array(arrays[name]).reshape(-1)],
            }
            for name in sorted(arrays, key=lambda name: json_order(file, name))
        },
    }


def json_order(file: bytes, name: str) -> int:
    header = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])
    return list(header).index(name)


def verdict(header: str | bytes, data: int) -> dict[str, Any]:
    raw = header.encode("utf-8", "surrogatepass") if isinstance(header, str) else header
    try:
        deserialize(len(raw).to_bytes(8, "little") + raw + bytes(data))
        error = None
    except Exception as caught:  # noqa: BLE001: whatever it is, the file was refused
        error = str(caught)
    return {"header": base64.b64encode(raw).decode(), "data": data, "error": error}


def entry(dtype: str = "F32", shape: str = "[2]", offsets: str = "[0,8]") -> str:
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def by_hand() -> list[dict[str, Any]]:
    one = entry()
    cases: list[tuple[str | bytes, int]] = [
        (f'{{"w":{one}}}', 8),
        (f'{{"w":{one}}}   ', 8),
        (f' {{"w":{one}}}', 8),
        (f'{{ "w" :\n{one}\t}}\r\n', 8),
        (f'{{"w":{one}}}', 7),
        (f'{{"w":{one}}}', 9),
        (f'{{"w":{one}}}x', 8),
        (f'{{"w":{one}}}{{}}', 8),
        (f'{{"w":{one},}}', 8),
        (f'{{"w":{one}', 8),
        (f'{{"w":{one},"w":{one}}}', 8),
        (f'{{"w":{one},"v":{one}}}', 8),
        (f'{{"w":{one},"v":{entry(offsets="[8,16]")}}}', 16),
        (f'{{"v":{entry(offsets="[8,16]")},"w":{one}}}', 16),
        (f'{{"w":{one},"v":{entry(offsets="[9,17]")}}}', 17),
        (f'{{"w":{one},"v":{entry(offsets="[4,12]")}}}', 12),
        (f'{{"w":{entry(offsets="[4,12]")}}}', 12),
        (f'{{"w":{one},"e":{entry(shape="[0]", offsets="[0,0]")}}}', 8),
        (f'{{"w":{one},"e":{entry(shape="[0]", offsets="[8,8]")}}}', 8),
        (f'{{"w":{one},"e":{entry(shape="[0]", offsets="[4,4]")}}}', 8),
        (f'{{"w":{one},"e":{entry(shape="[0]", offsets="[9,9]")}}}', 8),
        ("{}", 0),
        ("{}", 1),
        ("", 0),
        ("[]", 0),
        ("null", 0),
        ("{", 0),
        ('{"w":null}', 0),
        ('{"w":[]}', 0),
        ('{"w":{}}', 0),
        ('{"w":{"dtype":"F32","shape":[2]}}', 8),
        ('{"w":{"dtype":"F32","data_offsets":[0,8]}}', 8),
        ('{"w":{"shape":[2],"data_offsets":[0,8]}}', 8),
        ('{"w":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}', 8),
        ('{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8),
        ('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}', 8),
        ('{"__metadata__":{}}', 0),
        ('{"__metadata__":null}', 0),
        ('{"__metadata__":{"a":"b"}}', 0),
        ('{"__metadata__":{"a":1}}', 0),
        ('{"__metadata__":{"a":null}}', 0),
        ('{"__metadata__":[]}', 0),
        ('{"__metadata__":{"a":"b","a":"c"}}', 0),
        ('{"__metadata__":{},"__metadata__":{}}', 0),
        (f'{{"w":{one},"__metadata__":{{"a":"b"}}}}', 8),
        (f'{{"__proto__":{one}}}', 8),
        (f'{{"":{one}}}', 8),
        (f'{{"\\u0077":{one}}}', 8),
        (f'{{"\\u0077":{one},"w":{one}}}', 8),
        (f'{{"\\ud83d\\ude00":{one}}}', 8),
        (f'{{"\\ud83d":{one}}}', 8),
        (f'{{"\\q":{one}}}', 8),
        (f'{{"a\tb":{one}}}', 8),
        (f'{{"a\\tb\\\\\\"":{one}}}', 8),
        (f"{{'w':{one}}}", 8),
        (f'{{w:{one}}}', 8),
        (b'{"\xff":' + one.encode() + b"}", 8),
        (b"\xef\xbb\xbf" + f'{{"w":{one}}}'.encode(), 8),
        (f'{{"w":{one}}}\x00', 8),
    ]
    for dtype in ("F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL C64 F8_E5M2 F8_E4M3 F8_E8M0 F8_E5M2FNUZ F8_E4M3FNUZ F8 f32 FP32 E8M0").split() + [""]:
        for size in (1, 2, 4, 8):
            cases.append((f'{{"w":{entry(dtype, "[1]", f"[0,{size}]")}}}', size))
    for dtype in ("F4", "F6_E2M3", "F6_E3M2"):
        for count in (1, 2, 3, 4, 8):
            for size in (1, 2, 3, 4, 6):
                cases.append((f'{{"w":{entry(dtype, f"[{count}]", f"[0,{size}]")}}}', size))
    for shape in "[] [2,1] [1,1,2] [3] [2.0] [2e0] [-2] [+2] [02] [null] [\"2\"] [[2]] 2 null [2,] [,2] [ 2 ] [0] [-0] [18446744073709551615] [18446744073709551616] [4611686018427387904,4] [9007199254740993] [4294967296,4294967296,0] [0,4294967296,4294967296] [3037000500,3037000500,3037000500]".split(" "):
        cases.append((f'{{"w":{entry(shape=shape)}}}', 8))
    for offsets in "[0] [0,8,8] [] [8,0] [0,8.0] [-0,8] [0,-8] [0,16] [0,4] null {} [0,null] [0,18446744073709551615] [1e0,8] [0,08]".split():
        cases.append((f'{{"w":{entry(offsets=offsets)}}}', 8))
    return [verdict(header, data) for header, data in cases]


def tampered(count: int) -> list[dict[str, Any]]:
    draw = random.Random(20)
    base = (
        '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},'
        '"v":{"dtype":"I8","shape":[3],"data_offsets":[8,11]},"e":{"dtype":"F64","shape":[0,4],"data_offsets":[11,11]}}'
    )
    pieces = list('{}[],:"0123458 ') + ['"w"', '"v"', "[0,8]", "[8,11]", "[11,11]", '"F32"', '"I8"', '"dtype"', '"a"', "null"]
    out = []
    while len(out) < count:
        text = base
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(text))
            kind = draw.randrange(4)
            if kind == 0:
                text = text[:at] + text[at + draw.randint(1, 3) :]
            elif kind == 1:
                text = text[:at] + draw.choice(pieces) + text[at:]
            elif kind == 2:
                text = text[:at] + draw.choice(pieces) + text[at + 1 :]
            else:
                begin, end = sorted((at, draw.randrange(len(text))))
                text = text[:begin] + text[end:] + text[begin:end] if draw.random() < 0.3 else text[:end] + text[begin:]
        out.append(verdict(text, draw.choice([11, 11, 11, 8, 12, 0])))
    return out


def main() -> None:
    record = {
        "program": "tools/reference/safetensors_files.py",
        "versions": {"python": platform.python_version(), "safetensors": metadata.version("safetensors")},
        "written": [
            written(list(TENSORS), {"format": "pt"}),
            written(["floats"], {"note": 'quotes " and \\ and ☃ and \n'}),
            written(["unsigned bytes", "floats"], None),
            written([], None),
        ],
        "verdicts": by_hand() + tampered(600),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    lines = {key: ",\n".join(map(json.dumps, record.pop(key))) for key in ("written", "verdicts")}
    text = json.dumps(record)[:-1] + "".join(f',\n"{key}": [\n{rows}\n]' for key, rows in lines.items()) + "}\n"
    OUT.write_text(text)
    print(f"{OUT.stat().st_size} bytes: {OUT}")


if __name__ == "__main__":
    main()
