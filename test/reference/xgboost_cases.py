"""Writes models/xgboost/*: small models of every booster and objective, with what XGBoost answers. XGBoost 1.7.4."""

import json
from pathlib import Path

import numpy as np
import xgboost

folder = Path(__file__).parent / "models" / "xgboost"
random = np.random.default_rng(11)
ROWS, SHOWN = 300, 25

plain = random.normal(size=(ROWS, 4)).round(3)
score = np.nan_to_num(plain[:, 0]) + plain[:, 1] ** 2 - 0.5
holes = plain.copy()
holes[random.random(plain.shape) < 0.1] = np.nan
two = (score > 0.3).astype(int)
three = np.digitize(score, [0, 1])
positive = np.exp(score / 2).round(3)
codes = holes.copy()
codes[:, 2] = random.integers(0, 7, ROWS)
codes[:, 3] = random.integers(0, 3, ROWS)
by_code = (np.isin(codes[:, 2], [1, 4, 5]) ^ (codes[:, 3] == 2)).astype(int)

KINDS = {"feature_types": ["q", "q", "c", "c"], "enable_categorical": True}

CASES = {
    "squarederror": ({"objective": "reg:squarederror"}, holes, score, {}),
    "absoluteerror": ({"objective": "reg:absoluteerror"}, holes, score, {}),
    "pseudohuber": ({"objective": "reg:pseudohubererror"}, holes, score, {}),
    "squaredlogerror": ({"objective": "reg:squaredlogerror"}, holes, positive, {}),
    "logistic": ({"objective": "reg:logistic", "base_score": 0.3}, holes, two, {}),
    "poisson": ({"objective": "count:poisson", "base_score": 0.7}, holes, positive, {}),
    "gamma": ({"objective": "reg:gamma", "base_score": 0.7}, holes, positive, {}),
    "tweedie": ({"objective": "reg:tweedie", "base_score": 0.7}, holes, positive, {}),
    "binary": ({"objective": "binary:logistic", "base_score": 0.3}, holes, two, {}),
    "logitraw": ({"objective": "binary:logitraw", "base_score": 0.3}, holes, two, {}),
    "hinge": ({"objective": "binary:hinge"}, holes, two, {}),
    "softmax": ({"objective": "multi:softmax", "num_class": 3}, holes, three, {}),
    "softprob": ({"objective": "multi:softprob", "num_class": 3}, holes, three, {}),
    "dart": ({"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.4, "one_drop": 1}, holes, two, {}),
    "linear": ({"objective": "reg:squarederror", "booster": "gblinear"}, holes, score, {}),
    "linear-softprob": ({"objective": "multi:softprob", "num_class": 3, "booster": "gblinear"}, plain, three, {}),
    "forest": ({"objective": "binary:logistic", "num_parallel_tree": 3, "subsample": 0.6}, holes, two, {}),
    "categories": ({"objective": "binary:logistic", "tree_method": "hist", "max_cat_to_onehot": 1}, codes, by_code, KINDS),
    "one-hot": ({"objective": "binary:logistic", "tree_method": "hist", "max_cat_to_onehot": 9}, codes, by_code, KINDS),
}


def numbers(values):
    return [None if isinstance(v, float) and np.isnan(v) else v for v in values]


def write(name, booster, rows, extension="json"):
    file = f"{name}.{extension}"
    booster.save_model(folder / file)
    kinds = {"feature_types": booster.feature_types, "enable_categorical": True} if booster.feature_types else {}
    table = xgboost.DMatrix(rows, **kinds)
    used = {}
    if booster.attributes().get("best_iteration"):
        used = {"iteration_range": (0, int(booster.attributes()["best_iteration"]) + 1)}
    expected = {
        "input": [numbers(row) for row in rows.tolist()],
        "margin": booster.predict(table, output_margin=True, **used).tolist(),
        "prediction": booster.predict(table, **used).tolist(),
    }
    if "linear" not in name:
        expected["contributions"] = booster.predict(table, pred_contribs=True, **used).tolist()
    (folder / f"{file}.expected.json").write_text(json.dumps(expected) + "\n")


def main():
    folder.mkdir(parents=True, exist_ok=True)
    for name, (options, rows, target, kinds) in CASES.items():
        table = xgboost.DMatrix(rows, label=target, **kinds)
        booster = xgboost.train({"max_depth": 3, "eta": 0.5, "seed": 1, "nthread": 1, **options}, table, 4)
        shown = rows[:SHOWN]
        if kinds:
            # Categories that training never saw: beyond the last one.
            shown = np.vstack([shown, [[0.1, 0.2, 9, 1], [0.1, 0.2, 40, 2], [0.1, 0.2, np.nan, 1]]])
        write(name, booster, shown)
        if name == "softprob":
            write(name, booster, shown, "ubj")
        if name == "categories":
            write(name, booster, shown, "ubj")
    early = xgboost.train(
        {"objective": "multi:softprob", "num_class": 3, "max_depth": 4, "eta": 1, "nthread": 1},
        xgboost.DMatrix(holes[:150], label=three[:150]),
        20,
        evals=[(xgboost.DMatrix(holes[150:], label=three[150:]), "test")],
        early_stopping_rounds=3,
        verbose_eval=False,
    )
    write("early-stopped", early, holes[:SHOWN])
    named = xgboost.DMatrix(holes, label=score, feature_names=["age", "größe", "c", "d"])
    booster = xgboost.train({"max_depth": 2, "nthread": 1}, named, 2)
    booster.save_model(folder / "named.json")


main()
