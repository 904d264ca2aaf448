"""What scikit-learn makes of predictions whose rows count so many times each, and of their curves. Run in this folder."""

import json

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    log_loss,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    precision_recall_curve,
    r2_score,
    roc_auc_score,
    roc_curve,
)

random = np.random.default_rng(7)


def draws(count):
    return np.bincount(random.integers(0, count, count), minlength=count)


def numbers(count=60):
    truth = random.normal(3, 2, count)
    predicted = truth + random.normal(0, 1, count)
    cases = []
    for weights in (np.ones(count, int), draws(count), draws(count)):
        w = {"sample_weight": weights}
        cases.append(
            {
                "weights": weights.tolist(),
                "r2": r2_score(truth, predicted, **w),
                "rmse": mean_squared_error(truth, predicted, **w) ** 0.5,
                "mae": mean_absolute_error(truth, predicted, **w),
                "mape": mean_absolute_percentage_error(truth, predicted, **w),
                "wape": float((weights * abs(truth - predicted)).sum() / (weights * abs(truth)).sum()),
            }
        )
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "cases": cases}


def of_classes(truth, predicted, weights):
    # CONVENTION: the classes that are there in the truth.
    present = np.unique(truth[weights > 0])
    return {
        "weights": weights.tolist(),
        "balanced_accuracy": balanced_accuracy_score(truth, predicted, sample_weight=weights),
        "f1": f1_score(
            truth, predicted, labels=present, average="macro", sample_weight=weights, zero_division=0
        ),
    }


def two_classes(count=100):
    truth = random.integers(0, 2, count)
    # One digit, so that many scores are equal.
    score = np.clip(np.round(0.5 * truth + random.normal(0.25, 0.25, count), 1), 0, 1)
    predicted = (score > 0.5).astype(int)
    cases = []
    for weights in (np.ones(count, int), draws(count), draws(count)):
        w = {"sample_weight": weights}
        cases.append(
            {
                **of_classes(truth, predicted, weights),
                "logloss": log_loss(truth, np.c_[1 - score, score], eps=np.finfo(float).eps, **w),
                "auc": roc_auc_score(truth, score, **w),
                "brier": brier_score_loss(truth, score, **w),
                "average_precision": average_precision_score(truth, score, **w),
            }
        )
    false_positive, true_positive, _ = roc_curve(truth, score, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(truth, score)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "score": score.tolist(),
        "cases": cases,
        "roc": np.c_[false_positive, true_positive].tolist(),
        "pr": np.c_[recall, precision][::-1].tolist(),
    }


def three_classes(count=80):
    truth = random.integers(0, 3, count)
    logits = random.normal(0, 1, (count, 3)) + 1.5 * np.eye(3)[truth]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    predicted = p.argmax(1)
    cases = []
    for weights in (np.ones(count, int), draws(count)):
        w = {"sample_weight": weights}
        areas = [roc_auc_score(truth == k, p[:, k], **w) for k in range(3)]
        cases.append(
            {
                **of_classes(truth, predicted, weights),
                "logloss": log_loss(truth, p, eps=np.finfo(float).eps, **w),
                "auc": float(np.mean(areas)),
                "brier": float(np.average(((p - np.eye(3)[truth]) ** 2).sum(1), weights=weights)),
            }
        )
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "probabilities": p.tolist(), "cases": cases}


def calibration(count=200):
    score = random.permutation((np.arange(count) + 0.5) / count)
    truth = (random.uniform(size=count) < score**2).astype(int)
    observed, predicted = calibration_curve(truth, score, n_bins=10, strategy="quantile")
    return {
        "truth": truth.tolist(),
        "score": score.tolist(),
        "observed": observed.tolist(),
        "predicted": predicted.tolist(),
    }


with open("results/weighted-metrics.json", "w") as file:
    json.dump(
        {
            "numbers": numbers(),
            "two": two_classes(),
            "three": three_classes(),
            "calibration": calibration(),
        },
        file,
    )
    file.write("\n")
