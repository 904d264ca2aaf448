"""Scales tables by svm-scale, trains on them, and writes what LIBSVM answers to rows that svm-scale scaled the same way.

Run in this folder with svm-scale, svm-train and the libsvm shared library installed (Debian: libsvm-tools), and numpy.
svm-scale prints six digits; the tables are such that these are all there are. A target that was scaled is scaled back here.
"""
import ctypes
import ctypes.util
import json
import subprocess
import tempfile
from pathlib import Path

import numpy

ROWS, ASKED = 60, 20


class Node(ctypes.Structure):
    _fields_ = [("index", ctypes.c_int), ("value", ctypes.c_double)]


lib = ctypes.CDLL(ctypes.util.find_library("svm"))
lib.svm_load_model.restype = ctypes.c_void_p
lib.svm_load_model.argtypes = [ctypes.c_char_p]
lib.svm_predict_values.restype = ctypes.c_double
lib.svm_predict_values.argtypes = [ctypes.c_void_p, ctypes.POINTER(Node), ctypes.POINTER(ctypes.c_double)]

# name: svm-scale's arguments, svm-train's arguments
CASES = {
    "range-svc": ("-l -1 -u 1", "-s 0 -t 2 -g 0.5 -c 4"),
    "range-svr": ("-l 0 -u 1 -y 0 1", "-s 3 -t 2 -g 0.5 -c 4 -p 0.05"),
}


def table(random):
    """Ranges that are powers of two; the fourth column is the same everywhere in training, and half of all zeros stay."""
    x = numpy.round(random.uniform(-1, 1, (ROWS + ASKED, 5)) * [4, 4, 2, 0, 2] + [0, 4, 0, 16, 3], 3)
    x[random.random(x.shape) < [0.3, 0.3, 0.3, 0, 0]] = 0
    x[0], x[1] = [-4, 0, -2, 16, 1], [4, 8, 2, 16, 5]
    # Beyond what training saw, and the constant column at other values.
    x[ROWS] = [5.5, -1.25, 3, 16, 0]
    x[ROWS + 1 :: 3, 3] = 7
    y = numpy.round(numpy.clip(x[:, 0] + x[:, 2] ** 2 / 2, -8, 8) * 4) / 4
    y[0], y[1] = -8, 8
    return x, y


def written(path, x, y):
    lines = [f"{t:g} " + " ".join(f"{i + 1}:{v:g}" for i, v in enumerate(row) if v) for row, t in zip(x, y)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def scaled(*arguments):
    return subprocess.run(["svm-scale", *arguments], check=True, capture_output=True, text=True).stdout


for seed, (name, (scale, train)) in enumerate(CASES.items()):
    x, y = table(numpy.random.default_rng(seed))
    target = (y > 0.5).astype(int) if "svc" in name else y
    model, ranges = f"models/libsvm-{name}.model", f"models/libsvm-{name}.range"
    with tempfile.TemporaryDirectory() as folder:
        raw = written(Path(folder) / "train", x[:ROWS], target[:ROWS])
        (Path(folder) / "scaled").write_text(scaled(*scale.split(), "-s", ranges, raw))
        subprocess.run(["svm-train", "-q", *train.split(), f"{folder}/scaled", model], check=True)
        asked = scaled("-r", ranges, written(Path(folder) / "asked", x[ROWS:], target[ROWS:]))
    loaded, answers, values = lib.svm_load_model(model.encode()), [], []
    for line in asked.splitlines():
        filled = [(int(i), float(v)) for i, v in (word.split(":") for word in line.split()[1:])]
        value = (ctypes.c_double * 1)()
        answers.append(lib.svm_predict_values(loaded, (Node * (len(filled) + 1))(*filled, (-1, 0)), value))
        values.append(value[0])
    if "-y" in scale:
        low, high, smallest, largest = 0, 1, y[:ROWS].min(), y[:ROWS].max()
        answers = [smallest + (a - low) * (largest - smallest) / (high - low) for a in answers]
    expected = {"input": x[ROWS:].tolist(), "prediction": answers, "decision_values": values}
    Path(model.replace(".model", ".expected.json")).write_text(json.dumps(expected) + "\n")
