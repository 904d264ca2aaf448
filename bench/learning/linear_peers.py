"""Fits what linear.ts fits, with scikit-learn and numpy. argv: the folder of the tables. Prints JSON."""

import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from tables import table, timed

folder = sys.argv[1]


def normal_equations(X, y):
    Xc, yc = X - X.mean(0), y - y.mean()
    return np.linalg.solve(Xc.T @ Xc, Xc.T @ yc)


def logistic(X, y):
    seconds, _, model = timed(lambda: LogisticRegression(C=1.0, tol=1e-6, max_iter=10000).fit(X, y))
    p = np.clip(model.predict_proba(X), 1e-300, 1)
    loss = -np.log(p[np.arange(len(y)), y.astype(int)]).sum()
    return {"seconds": seconds, "objective": float(0.5 * (model.coef_**2).sum() + loss)}


out = {}
X, y = table(folder, "least-squares")
seconds, _, w = timed(lambda: normal_equations(X, y))
out["least-squares"] = {"seconds": seconds, "first": float(w[0])}
for name in ("binary", "multinomial", "digits"):
    out[name] = logistic(*table(folder, name))
print(json.dumps(out))
