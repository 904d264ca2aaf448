"""Fits what bench/learning/bench.ts fits, with scikit-learn and numpy. argv: the folder of the tables. Prints JSON."""

import json
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

folder = sys.argv[1]


def table(name):
    data = np.fromfile(f"{folder}/{name}.f64")
    rows, width = np.fromfile(f"{folder}/{name}.shape", dtype=np.int32)
    data = data.reshape(rows, width)
    return np.ascontiguousarray(data[:, :-1]), data[:, -1]


def timed(work, times=3):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def normal_equations(X, y):
    Xc, yc = X - X.mean(0), y - y.mean()
    return np.linalg.solve(Xc.T @ Xc, Xc.T @ yc)


def logistic(X, y, classes):
    seconds, model = timed(lambda: LogisticRegression(C=1.0, tol=1e-6, max_iter=10000).fit(X, y))
    p = np.clip(model.predict_proba(X), 1e-300, 1)
    loss = -np.log(p[np.arange(len(y)), y.astype(int)]).sum()
    return {"seconds": seconds, "objective": float(0.5 * (model.coef_**2).sum() + loss)}


out = {}
for name in ("svm-2000", "svm-4000", "svm-8000", "svm-16000", "digits"):
    X, y = table(name)
    seconds, model = timed(lambda: SVC(C=1.0, gamma="scale", cache_size=512).fit(X, y), 1 if len(y) > 8000 else 3)
    out[name] = {"seconds": seconds, "vectors": int(len(model.support_))}
X, y = table("least-squares")
seconds, w = timed(lambda: normal_equations(X, y))
out["least-squares"] = {"seconds": seconds, "first": float(w[0])}
for name, classes in (("binary", 2), ("multinomial", 3), ("digits", 10)):
    X, y = table(name)
    out[f"logistic {name}"] = logistic(X, y, classes)
print(json.dumps(out))
