"""Trains a small network with PyTorch, and writes it down as ONNX. `modeldrop train --kind cnn | rnn` runs it.

argv: a folder, and where what is learned goes to (the same, if absent), and a file for what went wrong. The folder holds `task.json`,

    {"kind": "cnn", "shape": [channels, height, width], "channels": 16} or
    {"kind": "rnn", "shape": [steps, features], "cell": "rnn" | "lstm" | "gru"}, and beside that
    {"classes": K, or 0 for a number, "hidden", "epochs", "patience", "batch", "rate", "seed"},

and for each of `train` and `validation` the rows, `<name>.f32`, float32, row after row, and their targets, `<name>.i32`
(positions of classes) or `<name>.f64` (numbers); `examples.f32` has rows without. Prints a line of JSON an epoch, and one at
the end, and keeps them in `log.jsonl`; leaves `network.onnx`, whose input is rows as they are in the table, `[-1, width]`, and whose output is `probabilities`
`[-1, K]` or `value` `[-1]`, and its answers to the examples, `answers.f32`. Early stopping keeps the weights of the epoch with
the least validation loss.

Works with torch 1.13 and later; needs nothing else but numpy.
"""

import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn


class Convolutions(nn.Module):
    """Two 3 x 3 convolutions and a halving, as often as the image allows, then a hidden layer."""

    #: An image is halved while its sides are at least that.
    SMALLEST = 8

    def __init__(self, shape, channels, hidden, outputs):
        super().__init__()
        depth, height, width = shape
        layers = []
        while not layers or min(height, width) >= self.SMALLEST:
            layers += [nn.Conv2d(depth, channels, 3, padding=1), nn.ReLU()]
            layers += [nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()]
            depth, channels = channels, 2 * channels
            if min(height, width) < 2:
                break
            layers.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
        self.layers = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(depth * height * width, hidden),
            nn.ReLU(),
            nn.Dropout(0.25),
            nn.Linear(hidden, outputs),
        )

    def forward(self, images):
        return self.layers(images)


class Recurrence(nn.Module):
    """One recurrent layer over the steps; the last state is read out. `rnn` is Elman's: h = tanh(W h + W x + b)."""

    CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}

    def __init__(self, shape, cell, hidden, outputs):
        super().__init__()
        self.cell = self.CELLS[cell](shape[1], hidden, batch_first=True)
        self.read_out = nn.Linear(hidden, outputs)

    def forward(self, steps):
        states, _ = self.cell(steps)
        return self.read_out(states[:, -1])


class Served(nn.Module):
    """From rows as they are in the table to answers: the part of the network that is written down."""

    def __init__(self, network, shape, scaling, classes, target):
        super().__init__()
        self.network, self.shape, self.classes = network, list(shape), classes
        for name, value in {"mean": scaling[0], "deviation": scaling[1], "offset": target[0], "spread": target[1]}.items():
            self.register_buffer(name, torch.as_tensor(value, dtype=torch.float32))

    def raw(self, rows):
        return self.network((rows.reshape([-1, *self.shape]) - self.mean) / self.deviation)

    def forward(self, rows):
        answers = self.raw(rows)
        return torch.softmax(answers, 1) if self.classes else answers[:, 0] * self.spread + self.offset


def build(task, x, y):
    shape, classes, outputs = task["shape"], task["classes"], task["classes"] or 1
    if task["kind"] == "cnn":
        network = Convolutions(shape, task["channels"], task["hidden"], outputs)
    else:
        network = Recurrence(shape, task["cell"], task["hidden"], outputs)
    # Pixels are all of one kind; what is measured at every step has its own scale.
    seen = x.reshape([-1] + shape)
    over = tuple(range(seen.ndim)) if task["kind"] == "cnn" else (0, 1)
    # In double: squares of large numbers are none in single precision.
    deviation = seen.std(over, dtype="f8")
    scaling = seen.mean(over, dtype="f8"), np.where(deviation > 0, deviation, 1)
    target = (0.0, 1.0) if classes else (y.mean(), y.std() or 1.0)
    return Served(network, shape, scaling, classes, target)


def read(folder, name, task, width):
    x = np.fromfile(folder / f"{name}.f32", dtype="<f4").reshape(-1, width)
    y = np.fromfile(folder / f"{name}.i32", dtype="<i4") if task["classes"] else np.fromfile(folder / f"{name}.f64", dtype="<f8")
    return x, y


def loss_of(model, x, y):
    answers = model.raw(x)
    if model.classes:
        return nn.functional.cross_entropy(answers, y)
    return nn.functional.mse_loss(answers[:, 0], (y - model.offset) / model.spread)


def mean_loss(model, x, y, batch):
    model.eval()
    with torch.no_grad():
        parts = [(loss_of(model, x[i : i + batch], y[i : i + batch]).item(), len(x[i : i + batch])) for i in range(0, len(x), batch)]
    return sum(loss * count for loss, count in parts) / len(x)


def say(log, **words):
    line = json.dumps(words)
    print(line, flush=True)
    with log.open("a") as lines:
        lines.write(line + "\n")


def fit(model, train, validation, task, log):
    """@returns the best epoch and its loss"""
    (x, y), batch = train, task["batch"]
    optimiser = torch.optim.Adam(model.parameters(), lr=task["rate"])
    order = torch.Generator().manual_seed(task["seed"])
    best = {"loss": float("inf"), "epoch": 0, "weights": None}
    for epoch in range(1, task["epochs"] + 1):
        started, total = time.perf_counter(), 0.0
        model.train()
        for rows in torch.randperm(len(x), generator=order).split(batch):
            optimiser.zero_grad()
            loss = loss_of(model, x[rows], y[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            total += loss.item() * len(rows)
        held_back = mean_loss(model, *validation, batch)
        # JSON has no word for it, and what comes after it is none either.
        if not np.isfinite(total + held_back):
            break
        if held_back < best["loss"]:
            best = {"loss": held_back, "epoch": epoch, "weights": copy.deepcopy(model.state_dict())}
        say(log, epoch=epoch, of=task["epochs"], loss=total / len(x), validation=held_back, seconds=time.perf_counter() - started)
        if epoch - best["epoch"] >= task["patience"]:
            break
    if best["weights"] is None:
        sys.exit("the loss is no number from the first epoch on: try a smaller rate")
    model.load_state_dict(best["weights"])
    return best


def write(model, width, path):
    model.eval()
    # The old exporter: the new one writes weights into a file of their own.
    legacy = {"dynamo": False} if tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 5) else {}
    name = "probabilities" if model.classes else "value"
    torch.onnx.export(
        model,
        torch.zeros(2, width),
        str(path),
        input_names=["input"],
        output_names=[name],
        dynamic_axes={"input": {0: "rows"}, name: {0: "rows"}},
        opset_version=13,
        **legacy,
    )


def main(folder, out):
    task = json.loads((folder / "task.json").read_text())
    torch.manual_seed(task["seed"])
    width = int(np.prod(task["shape"]))
    sets = {name: read(folder, name, task, width) for name in ("train", "validation")}
    model = build(task, *sets["train"])
    kind = torch.int64 if task["classes"] else torch.float32
    train, validation = ((torch.as_tensor(x), torch.as_tensor(y, dtype=kind)) for x, y in sets.values())
    log = out / "log.jsonl"
    best = fit(model, train, validation, task, log)
    write(model, width, out / "network.onnx")
    examples = np.fromfile(folder / "examples.f32", dtype="<f4").reshape(-1, width)
    with torch.no_grad():
        model(torch.as_tensor(examples)).numpy().astype("<f4").tofile(out / "answers.f32")
    parameters = sum(weights.numel() for weights in model.network.parameters())
    say(log, done=True, best=best["epoch"], parameters=parameters)


if __name__ == "__main__":
    folder, out, failure = [*sys.argv[1:], sys.argv[1], None][:3]
    try:
        main(Path(folder), Path(out))
    except BaseException as error:
        # Whoever started it far away reads the words there.
        if failure:
            kind = "" if isinstance(error, SystemExit) else f"{type(error).__name__}: "
            Path(failure).write_text(f"{kind}{error}")
        raise
