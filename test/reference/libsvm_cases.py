"""Trains one small LIBSVM model of each type and kernel, and writes what LIBSVM itself answers, in doubles.

Run in this folder with svm-train and the libsvm shared library installed (Debian: libsvm-tools), and numpy.
"""
import ctypes
import ctypes.util
import json
import subprocess
import tempfile

import numpy

ROWS, WIDTH, ASKED = 80, 12, 24


class Node(ctypes.Structure):
    _fields_ = [("index", ctypes.c_int), ("value", ctypes.c_double)]


lib = ctypes.CDLL(ctypes.util.find_library("svm"))
lib.svm_load_model.restype = ctypes.c_void_p
lib.svm_load_model.argtypes = [ctypes.c_char_p]
lib.svm_predict_values.restype = ctypes.c_double
lib.svm_predict_values.argtypes = [ctypes.c_void_p, ctypes.POINTER(Node), ctypes.POINTER(ctypes.c_double)]
lib.svm_predict_probability.restype = ctypes.c_double
lib.svm_predict_probability.argtypes = lib.svm_predict_values.argtypes
lib.svm_get_nr_class.argtypes = [ctypes.c_void_p]
lib.svm_get_labels.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]

# name: svm-train's arguments, labels (None: a regression), share of cells that are zero
CASES = {
    "c_svc-polynomial": ("-s 0 -t 1 -d 3 -g 0.1 -r 1 -c 2", [2, -7, 0, 31], 0.75),
    "c_svc-sigmoid-b1": ("-s 0 -t 3 -g 0.05 -r -0.2 -b 1", [5, 3], 0.3),
    "c_svc-linear-b1": ("-s 0 -t 0 -b 1", [2, -7, 0, 31], 0.75),
    "nu_svc-rbf-b1": ("-s 1 -t 2 -g 0.2 -n 0.3 -b 1", [1, 2, 3], 0.3),
    "one_class-rbf": ("-s 2 -t 2 -g 0.2 -n 0.2", [1], 0.75),
    "epsilon_svr-sigmoid": ("-s 3 -t 3 -g 0.05 -r 0.1 -c 3", None, 0.3),
    "nu_svr-polynomial": ("-s 4 -t 1 -d 2 -g 0.2 -r 0.5 -n 0.4", None, 0.75),
}


def sample(random, labels, zeros):
    x = random.normal(size=(ROWS + ASKED, WIDTH)) * (random.random((ROWS + ASKED, WIDTH)) >= zeros)
    x = numpy.round(x, 3)
    if labels is None:
        return x, numpy.round(x[:, 0] - 2 * x[:, 1] + x[:, 2] * x[:, 3], 3)
    which = random.integers(len(labels), size=len(x))
    x[numpy.arange(len(x)), which] += 1.5
    return x, numpy.array(labels)[which]


def written(row):
    return " ".join(f"{i + 1}:{value:g}" for i, value in enumerate(row) if value)


def nodes(row):
    filled = [(i + 1, value) for i, value in enumerate(row) if value]
    return (Node * (len(filled) + 1))(*filled, (-1, 0))


def answers(path, rows, labels, probability):
    model = lib.svm_load_model(path.encode())
    classes = lib.svm_get_nr_class(model)
    pairs = classes * (classes - 1) // 2
    answer = {"decision_values": [], "prediction": []}
    if labels is not None and len(labels) > 1:
        order = (ctypes.c_int * classes)()
        lib.svm_get_labels(model, order)
        answer["labels"] = list(order)
    if probability:
        answer["probabilities"] = []
    for row in rows:
        values, estimates = (ctypes.c_double * max(1, pairs))(), (ctypes.c_double * classes)()
        answer["prediction"].append(lib.svm_predict_values(model, nodes(row), values))
        answer["decision_values"].append(list(values))
        if probability:
            lib.svm_predict_probability(model, nodes(row), estimates)
            answer["probabilities"].append(list(estimates))
    return answer


for seed, (name, (arguments, labels, zeros)) in enumerate(CASES.items()):
    x, y = sample(numpy.random.default_rng(seed), labels, zeros)
    lines = "".join(f"{target} {written(row)}\n" for row, target in zip(x[:ROWS], y))
    path = f"models/libsvm-{name}.model"
    with tempfile.NamedTemporaryFile("w", suffix=".libsvm") as table:
        table.write(lines)
        table.flush()
        subprocess.run(["svm-train", "-q", *arguments.split(), table.name, path], check=True)
    asked = x[ROWS:]
    expected = {
        "model": path.split("/")[1],
        "reference": "LIBSVM 3.24 (svm-train, svm_predict_values and svm_predict_probability in doubles)",
        "args": arguments,
        "input": asked.tolist(),
        **answers(path, asked, labels, "-b 1" in arguments),
    }
    with open(path.replace(".model", ".expected.json"), "w") as file:
        json.dump(expected, file)
        file.write("\n")
