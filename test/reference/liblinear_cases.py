"""Writes models/liblinear-<solver>.model and what LIBLINEAR answers. Needs liblinear-train and liblinear-predict (2.3)."""

import json
import subprocess
from pathlib import Path

folder = Path(__file__).parent
lines = (folder / "data" / "iris.csv").read_text().splitlines()[1:]
rows = [[float(value) for value in line.split(",")] for line in lines]
inputs = [row[:-1] for row in rows]
targets = [row[-1] for row in rows]
two = [(x, y) for x, y in zip(inputs, targets) if y != 0]

CASES = {
    "L2R_LR": (0, 1, inputs, targets),
    "L2R_L2LOSS_SVC_DUAL": (1, -1, inputs, targets),
    "L2R_L1LOSS_SVC_DUAL": (3, 1, inputs, targets),
    "MCSVM_CS": (4, 1, inputs, targets),
    "MCSVM_CS-two": (4, 1, *map(list, zip(*two))),
    "L1R_L2LOSS_SVC": (5, 1, inputs, targets),
    "L1R_LR": (6, 1, *map(list, zip(*two))),
    "L2R_LR_DUAL": (7, -1, inputs, targets),
    "L2R_L2LOSS_SVR": (11, 1, [x[:3] for x in inputs], [x[3] for x in inputs]),
    "L2R_L2LOSS_SVR_DUAL": (12, -1, [x[:3] for x in inputs], [x[3] for x in inputs]),
    "L2R_L1LOSS_SVR_DUAL": (13, 1, [x[:3] for x in inputs], [x[3] for x in inputs]),
}


def sparse(inputs, targets):
    return "".join(
        f"{y:g} " + " ".join(f"{i + 1}:{v:g}" for i, v in enumerate(x)) + "\n" for x, y in zip(inputs, targets)
    )


def main():
    data, answers = Path("/tmp/liblinear.data"), Path("/tmp/liblinear.out")
    for name, (solver, bias, inputs, targets) in CASES.items():
        model = folder / "models" / f"liblinear-{name}.model"
        data.write_text(sparse(inputs, targets))
        subprocess.run(["liblinear-train", "-q", "-s", str(solver), "-B", str(bias), data, model], check=True)
        logistic = ["-b", "1"] if "LR" in name.split("-")[0] else []
        subprocess.run(["liblinear-predict", *logistic, data, model, answers], check=True, capture_output=True)
        out = answers.read_text().splitlines()
        expected = {"input": inputs[::5]}
        if logistic:
            order = [float(label) for label in out[0].split()[1:]]
            expected["labels"] = order
            out = [line.split() for line in out[1:]]
            expected["probabilities"] = [[float(p) for p in line[1:]] for line in out][::5]
            out = [line[0] for line in out]
        expected["prediction"] = [float(answer) for answer in out][::5]
        model.with_suffix(".expected.json").write_text(json.dumps(expected) + "\n")


main()
