"""Fits the bundled examples with scikit-learn, on the same rows, and writes examples/*/reference.json. Run anywhere."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error, r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWN = 8


def split(folder, table):
    frame = pd.read_csv(EXAMPLES / folder / f"{table}.csv")
    rows = [np.loadtxt(EXAMPLES / folder / f"{table}.{side}.idx", dtype=int) for side in ("train", "test")]
    return [(frame.iloc[index].drop(columns="target"), frame.iloc[index]["target"]) for index in rows]


def records(frame):
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.head(SHOWN).to_dict("records")]


def write(folder, frame, outputs, tolerance, metrics):
    golden = [{"inputs": {"instances": records(frame)}, "outputs": outputs, "tolerance": tolerance}]
    path = EXAMPLES / folder / "reference.json"
    path.write_text(json.dumps({"by": "scikit-learn 1.2.1", "metrics": metrics, "golden": golden}, indent=1) + "\n")


(X, y), (X_test, y_test) = split("diabetes", "diabetes")
model = make_pipeline(StandardScaler(), LinearRegression()).fit(X, y)
predicted = model.predict(X_test)
write(
    "diabetes", X_test, {"predict": predicted[:SHOWN].tolist()}, 1e-9,
    {"r2": r2_score(y_test, predicted), "rmse": mean_squared_error(y_test, predicted, squared=False)},
)

# Stops short of the optimum (tol 1e-3), so that decision values are no reference to nine digits; labels are.
(X, y), (X_test, y_test) = split("digits-svm", "digits")
model = SVC(C=1.0, gamma="scale").fit(X, y)
predicted = model.predict(X_test)
write(
    "digits-svm", X_test, {"predict": predicted[:SHOWN].tolist()}, 1e-9,
    {"accuracy": accuracy_score(y_test, predicted), "vectors": len(model.support_)},
)

loans = pd.read_csv(EXAMPLES / "default-risk" / "loans.csv").sort_values("applied", kind="stable")
border = loans["applied"].iloc[int(0.8 * len(loans))]
X, y = loans.drop(columns=["applied", "default"]), loans["default"]
train, test = loans["applied"] < border, loans["applied"] >= border
categories = ["employment", "housing", "branch"]
prepare = ColumnTransformer([
    ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), [c for c in X if c not in categories]),
    ("categories", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), categories),
])
model = make_pipeline(prepare, LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12, max_iter=1000))
model.fit(X[train], y[train])
probabilities = model.predict_proba(X[test])
write(
    "default-risk", X[test],
    {"predict": model.predict(X[test])[:SHOWN].tolist(), "predict_proba": probabilities[:SHOWN].tolist()}, 1e-8,
    {
        "accuracy": accuracy_score(y[test], model.predict(X[test])),
        "logloss": log_loss(y[test], probabilities),
        "auc": roc_auc_score(y[test] == "yes", probabilities[:, 1]),
    },
)
