"""Logistic regression with an l1 penalty and without any, at tight tolerance: results/logistic-penalties.json.

The rows are those of data/<name>.train.idx, standardised. saga does not penalise the intercept.
Run: python3 logistic_penalties.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

here = Path(__file__).parent


def train_rows(name):
    data = np.genfromtxt(here / f"data/{name}.csv", delimiter=",", skip_header=1)
    rows = np.loadtxt(here / f"data/{name}.train.idx", dtype=int)
    return StandardScaler().fit_transform(data[rows, :-1]), data[rows, -1].astype(int)


def facts(model, X, y, C, weights):
    p = model.predict_proba(X)[np.arange(len(y)), y]
    penalty = np.abs(model.coef_).sum() if model.penalty == "l1" else 0
    loss = float(-(weights * np.log(p)).sum())
    return {"coef": model.coef_.tolist(), "intercept": model.intercept_.tolist(), "objective": penalty + C * loss}


out = {}
for name, C in (("iris", 1.0), ("iris", 0.1), ("breast_cancer", 0.1)):
    X, y = train_rows(name)
    for kind, weights in (("", np.ones(len(y))), ("_weighted", 1.0 + np.arange(len(y)) % 3)):
        model = LogisticRegression(penalty="l1", C=C, solver="saga", tol=1e-13, max_iter=400000).fit(X, y, weights)
        out[f"{name}_l1_C{C:g}{kind}"] = facts(model, X, y, C, weights)
X, y = train_rows("breast_cancer")
X = X[:, :2]
model = LogisticRegression(penalty=None, solver="newton-cholesky", tol=1e-12, max_iter=100000).fit(X, y)
out["breast_cancer_none_2_columns"] = facts(model, X, y, 1.0, np.ones(len(y)))
(here / "results/logistic-penalties.json").write_text(json.dumps(out, indent=1) + "\n")
