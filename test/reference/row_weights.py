"""Fits with row weights, class weights and an elastic net, by scikit-learn. Prints JSON: results/row-weights.json.

The weight of data row i is 1 + i % 4. Trained on every row of the table, columns as they are.
Run: python3 row_weights.py > results/row-weights.json
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.svm import SVR

data = Path(__file__).parent / "data"


def table(name):
    frame = pd.read_csv(data / f"{name}.csv")
    X, y = frame.drop(columns="target").to_numpy(float), frame["target"].to_numpy()
    return X, y, 1.0 + np.arange(len(y)) % 4


def linear(model, weighted=True):
    X, y, w = table("diabetes_raw")
    model.fit(X, y, **({"sample_weight": w} if weighted else {}))
    return {"coef": model.coef_.tolist(), "intercept": float(model.intercept_)}


def logistic(**options):
    X, y, w = table("iris")
    model = LogisticRegression(solver="newton-cg", C=1.0, tol=1e-12, max_iter=100000, **options)
    model.fit(X, y == 1, sample_weight=w)
    return {"coef": model.coef_[0].tolist(), "intercept": float(model.intercept_[0])}


def machine():
    X, y, w = table("diabetes_raw")
    model = SVR(C=10.0, epsilon=0.5, tol=1e-8).fit(X, y, sample_weight=w)
    return {"first": model.predict(X[:5]).tolist()}


tight = {"tol": 1e-14, "max_iter": 1000000}
print(
    json.dumps(
        {
            "linear": linear(LinearRegression()),
            "ridge": linear(Ridge(alpha=2.0)),
            "lasso": linear(Lasso(alpha=0.5, **tight)),
            "elastic-net": linear(ElasticNet(alpha=0.5, l1_ratio=0.3, **tight)),
            "elastic-net, unweighted": linear(ElasticNet(alpha=0.5, l1_ratio=0.3, **tight), weighted=False),
            "logistic": logistic(),
            "logistic, class weights": logistic(class_weight={False: 1.0, True: 3.0}),
            "svr": machine(),
        }
    )
)
