"""Fits what linear.ts fits, with scikit-learn, numpy and liblinear-train. argv: the folder of the tables. Prints JSON."""

import json
import os
import subprocess
import sys

import numpy as np
from sklearn.datasets import dump_svmlight_file
from sklearn.linear_model import ElasticNet, LogisticRegression
from tables import table, timed

folder = sys.argv[1]


def normal_equations(X, y):
    Xc, yc = X - X.mean(0), y - y.mean()
    return np.linalg.solve(Xc.T @ Xc, Xc.T @ yc)


def objective(model, X, y):
    p = np.clip(model.predict_proba(X), 1e-300, 1)
    loss = -np.log(p[np.arange(len(y)), y.astype(int)]).sum()
    penalty = np.abs(model.coef_).sum() if model.penalty == "l1" else 0.5 * (model.coef_**2).sum()
    return float(penalty + loss)


def logistic(X, y, times=3, **options):
    _, seconds, _, model = timed(lambda: LogisticRegression(C=1.0, max_iter=10000, **options).fit(X, y), times)
    return {"seconds": seconds, "objective": objective(model, X, y)}


def squares(X, y, model):
    r = y - model.predict(X)
    w = model.coef_
    penalty = model.alpha * (model.l1_ratio * np.abs(w).sum() + (1 - model.l1_ratio) / 2 * (w**2).sum())
    return float((r**2).sum() / (2 * len(y)) + penalty)


def liblinear_train(name, solver):
    """Seconds, without those of reading the file; it penalises the bias."""
    X, y = table(folder, name)
    path = f"{folder}/{name}.svm"
    dump_svmlight_file(X, y, path, zero_based=False)
    command = ["liblinear-train", "-q", "-c", "1", "-B", "1", path, os.devnull]
    _, reading, _, _ = timed(lambda: subprocess.run([*command[:2], "-s", str(solver), "-e", "1e9", *command[2:]], check=True))
    _, whole, _, _ = timed(lambda: subprocess.run([*command[:2], "-s", str(solver), "-e", "1e-6", *command[2:]], check=True))
    return {"seconds": max(whole - reading, 1e-4)}


out = {}
X, y = table(folder, "least-squares")
_, seconds, _, w = timed(lambda: normal_equations(X, y))
out["least-squares"] = {"seconds": seconds, "first": float(w[0])}
for alpha in (0.1, 0.001):
    for ratio in (1, 0.5):
        fit = lambda: ElasticNet(alpha=alpha, l1_ratio=ratio, precompute=True, tol=1e-10, max_iter=100000).fit(X, y)
        _, seconds, _, model = timed(fit)
        out[f"elastic-net {alpha} {ratio}"] = {"seconds": seconds, "objective": squares(X, y, model)}
for name in ("binary", "multinomial", "digits"):
    out[f"{name} l2"] = logistic(*table(folder, name), tol=1e-6)
for name in ("binary", "multinomial"):
    out[f"{name} l1"] = logistic(*table(folder, name), times=1, penalty="l1", solver="saga", tol=1e-4)
out["binary l1 liblinear"] = liblinear_train("binary", 6)
out["binary l2 liblinear"] = liblinear_train("binary", 0)
print(json.dumps(out))
