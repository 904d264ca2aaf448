"""Writes models/lightgbm/*: small models in LightGBM's text format, and what that format's definition says they answer.

LightGBM itself was not at hand. The trees are random; the evaluator below reads the written text, not what the trees were
made from, and follows the published sources (include/LightGBM/tree.h: NumericalDecision, CategoricalDecision; the
objectives' ConvertOutput; gbdt_prediction.cpp: average_output). Contributions are Shapley values by their definition: every
subset of the columns, where a tree weighs both branches of a split on a column outside the subset by their row counts.
"""

import json
import math
from itertools import combinations
from pathlib import Path

import numpy as np

folder = Path(__file__).parent / "models" / "lightgbm"
NONE, ZERO, NAN = 0, 1, 2
# LightGBM's kZeroThreshold is 1e-35 in single precision.
ZERO_THRESHOLD = float(np.float32(1e-35))

# missing type, and for categories how many there are
COLUMNS = [(NONE, 0), (ZERO, 0), (NAN, 0), (NAN, 7), (NONE, 40)]
NAMES = ["plain", "zero=missing", "größe", "few", "many"]
THRESHOLDS = [-1.5, -0.25, 0.0, ZERO_THRESHOLD, 0.1, 0.30000000000000004, 2.5]


def number(value):
    return format(float(value), ".17g")


def grow(random, leaves):
    """A tree as LightGBM grows it: one leaf after the other is split, the new leaf takes the next number."""
    tree = {key: [] for key in ("split_feature", "threshold", "decision_type", "left_child", "right_child")}
    bounds, words = [0], []
    place = {0: None}
    for new in range(1, leaves):
        leaf = int(random.integers(new))
        node = new - 1
        if place[leaf] is not None:
            parent, side = place[leaf]
            tree[side][parent] = node
        column = int(random.integers(len(COLUMNS)))
        missing, categories = COLUMNS[column]
        tree["split_feature"].append(column)
        if categories:
            chosen = [c for c in range(categories) if random.random() < 0.5] or [0]
            bits = [0] * (max(chosen) // 32 + 1)
            for c in chosen:
                bits[c // 32] |= 1 << (c % 32)
            tree["threshold"].append(str(len(bounds) - 1))
            tree["decision_type"].append(1 | missing << 2)
            words += bits
            bounds.append(len(words))
        else:
            tree["threshold"].append(number(random.choice(THRESHOLDS)))
            tree["decision_type"].append((2 if random.random() < 0.5 else 0) | missing << 2)
        tree["left_child"].append(~leaf)
        tree["right_child"].append(~new)
        place[leaf], place[new] = (node, "left_child"), (node, "right_child")
    counts = random.integers(1, 90, leaves)
    inner = [0] * (leaves - 1)
    for node in reversed(range(leaves - 1)):
        for child in (tree["left_child"][node], tree["right_child"][node]):
            inner[node] += int(counts[~child]) if child < 0 else inner[child]
    tree["internal_count"] = inner
    tree["leaf_count"] = counts.tolist()
    tree["leaf_value"] = [number(value) for value in random.normal(0, 0.4, leaves)]
    return tree, bounds, words


def written(index, tree, bounds, words):
    join = lambda values: " ".join(str(value) for value in values)
    lines = [f"Tree={index}", f"num_leaves={len(tree['leaf_value'])}", f"num_cat={len(bounds) - 1}"]
    lines += [f"split_feature={join(tree['split_feature'])}", f"split_gain={join([1] * len(tree['threshold']))}"]
    lines += [f"{key}={join(tree[key])}" for key in ("threshold", "decision_type", "left_child", "right_child")]
    lines += [f"leaf_value={join(tree['leaf_value'])}", f"leaf_weight={join(tree['leaf_count'])}"]
    lines += [f"leaf_count={join(tree['leaf_count'])}", f"internal_value={join([0] * len(tree['threshold']))}"]
    lines += [f"internal_weight={join(tree['internal_count'])}", f"internal_count={join(tree['internal_count'])}"]
    if len(bounds) > 1:
        lines += [f"cat_boundaries={join(bounds)}", f"cat_threshold={join(words)}"]
    return "\n".join([*lines, "is_linear=0", "shrinkage=0.1", "", "", ""])


INFOS = ["[-3:3]", "[0:2.5]", "[-1:4]", ":".join(map(str, range(7))), ":".join(map(str, range(40)))]


def model(random, objective, outputs=1, leaves=(9, 7, 1), average=False, pandas="null", params="", names=NAMES):
    trees = [written(i, *grow(random, leaves[i // outputs % len(leaves)])) for i in range(outputs * len(leaves))]
    head = ["tree", "version=v4", f"num_class={outputs}", f"num_tree_per_iteration={outputs}", "label_index=0"]
    head += [f"max_feature_idx={len(names) - 1}", *([f"objective={objective}"] if objective else [])]
    head += [*(["average_output"] if average else []), f"feature_names={' '.join(names)}"]
    head += [f"feature_infos={' '.join(INFOS)}", f"tree_sizes={' '.join(str(len(t.encode())) for t in trees)}", "", ""]
    foot = ["end of trees", "", "feature_importances:", "plain=3", "", "parameters:", "[boosting: gbdt]", params]
    return "\n".join(head) + "".join(trees) + "\n".join([*foot, "", "end of parameters", "", f"pandas_categorical:{pandas}", ""])


# --- The evaluator: from the text alone.


def parse(text):
    top, *rest = text.split("Tree=")
    fields = lambda part: dict(line.split("=", 1) if "=" in line else (line, "") for line in part.split("\n") if line)
    return fields(top), [fields(part.split("end of trees")[0]) for part in rest]


class Tree:
    def __init__(self, f):
        ints = lambda key: [int(word) for word in f.get(key, "").split()]
        self.leaves = int(f["num_leaves"])
        self.values = [float(word) for word in f["leaf_value"].split()]
        self.columns, self.decisions = ints("split_feature"), ints("decision_type")
        self.thresholds = [float(word) for word in f["threshold"].split()]
        self.left, self.right = ints("left_child"), ints("right_child")
        self.leaf_count, self.internal_count = ints("leaf_count"), ints("internal_count")
        self.bounds, self.words = ints("cat_boundaries"), ints("cat_threshold")

    def goes_left(self, node, x):
        decision, threshold = self.decisions[node], self.thresholds[node]
        missing = (decision >> 2) & 3
        if decision & 1:
            if math.isnan(x) or int(x) < 0:
                return False
            category, which = int(x), int(threshold)
            words = self.words[self.bounds[which] : self.bounds[which + 1]]
            return category // 32 < len(words) and bool(words[category // 32] >> (category % 32) & 1)
        if math.isnan(x) and missing != NAN:
            x = 0.0
        if (missing == ZERO and abs(x) <= ZERO_THRESHOLD) or (missing == NAN and math.isnan(x)):
            return bool(decision & 2)
        return x <= threshold

    def count(self, node):
        return self.internal_count[node] if node >= 0 else self.leaf_count[~node]

    def answer(self, row, known, node=0):
        """What the tree answers where only the columns in `known` are."""
        if self.leaves == 1:
            return self.values[0]
        if node < 0:
            return self.values[~node]
        left, right = self.left[node], self.right[node]
        if self.columns[node] in known:
            return self.answer(row, known, left if self.goes_left(node, row[self.columns[node]]) else right)
        a, b = self.count(left), self.count(right)
        return (a * self.answer(row, known, left) + b * self.answer(row, known, right)) / (a + b)


def converted(objective, raw):
    name, *parameters = (objective or "custom").split()
    stated = {p.split(":")[0]: float(p.split(":")[1]) for p in parameters if ":" in p}
    logistic = lambda slope: [1 / (1 + math.exp(-slope * r)) for r in raw]
    if name in ("poisson", "gamma", "tweedie"):
        return [math.exp(r) for r in raw]
    if name == "cross_entropy_lambda":
        return [math.log1p(math.exp(r)) for r in raw]
    if name == "cross_entropy":
        return logistic(1)
    if name in ("binary", "multiclassova"):
        return logistic(stated["sigmoid"])
    if name == "multiclass":
        e = [math.exp(r - max(raw)) for r in raw]
        return [v / sum(e) for v in e]
    if "sqrt" in parameters:
        return [math.copysign(r * r, r) for r in raw]
    return raw


def shapley(worth, columns):
    phi = []
    for j in range(columns):
        others = [k for k in range(columns) if k != j]
        phi.append(
            sum(
                math.factorial(size) * math.factorial(columns - size - 1) / math.factorial(columns)
                * (worth(frozenset(s) | {j}) - worth(frozenset(s)))
                for size in range(columns)
                for s in combinations(others, size)
            )
        )
    return phi


def evaluate(text, rows):
    head, blocks = parse(text)
    trees, outputs = [Tree(block) for block in blocks], int(head["num_tree_per_iteration"])
    share = outputs / len(trees) if "average_output" in head else 1
    everything = frozenset(range(len(COLUMNS)))
    raw, predictions, contributions = [], [], []
    for row in rows:
        def worth(known, k):
            return share * sum(tree.answer(row, known) for tree in trees[k::outputs])
        sums = [worth(everything, k) for k in range(outputs)]
        raw.append(sums)
        predictions.append(converted(head.get("objective"), sums))
        contributions.append(
            [[*shapley(lambda known: worth(known, k), len(COLUMNS)), worth(frozenset(), k)] for k in range(outputs)]
        )
    return {"raw": raw, "prediction": predictions, "contributions": contributions}


def asked(random, count=16):
    rows = [
        [random.choice([*THRESHOLDS, random.normal()]), random.choice([0, *THRESHOLDS]), random.choice([*THRESHOLDS, 9]),
         random.integers(9), random.integers(42)]
        for _ in range(count)
    ]
    nan = math.nan
    rows += [[nan] * 5, [0, 0, 0, 0, 0], [-0.0, 1e-36, nan, nan, 1], [1, -ZERO_THRESHOLD, 1, -1, -0.5], [1, 2e-35, 1, 2.7, 33.9]]
    return [[float(value) for value in row] for row in rows]


CASES = {
    "regression": ("regression", {}),
    "regression-sqrt": ("regression sqrt", {}),
    "regression_l1": ("regression_l1", {}),
    "huber": ("huber", {}),
    "fair": ("fair", {}),
    "poisson": ("poisson", {}),
    "quantile": ("quantile", {}),
    "mape": ("mape", {}),
    "gamma": ("gamma", {}),
    "tweedie": ("tweedie", {}),
    "cross_entropy_lambda": ("cross_entropy_lambda", {}),
    "lambdarank": ("lambdarank", {}),
    "rank_xendcg": ("rank_xendcg", {}),
    "own-objective": (None, {}),
    "own-objective-of-three": (None, {"outputs": 3}),
    "binary": ("binary sigmoid:1", {}),
    "binary-slope": ("binary sigmoid:0.7", {}),
    "cross_entropy": ("cross_entropy", {}),
    "multiclass": ("multiclass num_class:3", {"outputs": 3}),
    "multiclass-of-two": ("multiclass num_class:2", {"outputs": 2}),
    "multiclassova": ("multiclassova num_class:3 sigmoid:2", {"outputs": 3}),
    "forest": ("regression", {"average": True}),
    "forest-binary": ("binary sigmoid:1", {"average": True}),
    "forest-multiclass": ("multiclass num_class:3", {"outputs": 3, "average": True}),
}


def plain(values):
    return [[None if math.isnan(v) else v for v in row] for row in values]


def main():
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (objective, options)) in enumerate(CASES.items()):
        random = np.random.default_rng(seed)
        text, rows = model(random, objective, **options), asked(random)
        (folder / f"{name}.txt").write_text(text)
        (folder / f"{name}.expected.json").write_text(json.dumps({"input": plain(rows), **evaluate(text, rows)}) + "\n")
    # Columns of a pandas table: one of texts, one of numbers. A category is its position; an unknown one is missing.
    random = np.random.default_rng(99)
    cities, codes = ["Aarhus", "Bergen", "Lund", "Oslo", "Tromsø", "Turku", "Umeå"], [10 * k - 3 for k in range(40)]
    pandas = json.dumps([cities, codes])
    text = model(random, "binary sigmoid:1", leaves=(15, 12, 9), pandas=pandas, params="[categorical_feature: 3,4]")
    (folder / "pandas.txt").write_text(text)
    records, rows = [], []
    for row in asked(random):
        city = cities[int(row[3])] if 0 <= row[3] < 7 else "Rome"
        code = codes[int(row[4])] if 0 <= row[4] < 40 else 4
        records.append([*plain([row[:3]])[0], city, code])
        rows.append([*row[:3], float(cities.index(city)) if city in cities else math.nan, float(codes.index(code)) if code in codes else math.nan])
    records.append([1.0, 1.0, 1.0, None, None])
    rows.append([1.0, 1.0, 1.0, math.nan, math.nan])
    (folder / "pandas.expected.json").write_text(json.dumps({"input": records, **evaluate(text, rows)}, ensure_ascii=False) + "\n")


main()
