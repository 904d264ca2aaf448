"""Learns from the table of bench/learning/large-table.ts as a pandas user would. argv: the table. Prints JSON."""

import json
import sys

import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table = pd.read_csv(sys.argv[1])
X, y = table.drop(columns="target"), table["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=42)
numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
prepare = ColumnTransformer([
    ("numbers", numbers, make_column_selector(dtype_include="number")),
    ("texts", texts, make_column_selector(dtype_exclude="number")),
])
model = make_pipeline(prepare, LogisticRegression(max_iter=1000)).fit(X_train, y_train)
p, trained = model.predict_proba(X_test)[:, 1], model.predict_proba(X_train)[:, 1]
print(json.dumps({
    "rows": len(table),
    "logloss": log_loss(y_test, p), "auc": roc_auc_score(y_test == "yes", p),
    "train_logloss": log_loss(y_train, trained),
}))
