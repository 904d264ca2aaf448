"""Writes a fitted scikit-learn model as Modeldrop takes it: model.json in double precision, and examples.json.

Copy this one file beside your notebook. It imports nothing beyond Python's own library.

    from modeldrop_export import export
    export(model, "house", rows=X.head(20))      # then: npx modeldrop push house/model.json --name house

`model` is an estimator, or a Pipeline of the steps that are named in STEPS below, also within a ColumnTransformer. `rows`
are some rows as you would pass them to `model.predict`: what the model answers to them goes into examples.json, and the
model is served only where it answers them alike, to nine digits. Columns that the model ignores are left out.

What can't be written so raises NeedsOnnx, which says why, and which call makes an ONNX file of it instead; what should not be
served at all (unfitted, not a number) raises CannotExport.
"""

import contextlib
import json
import math
import os

__all__ = ["CannotExport", "NeedsOnnx", "examples_json", "export", "model_json"]

TOLERANCE = 1e-9
MOST_EXAMPLES = 100

LEAST_SQUARES = {
    "ARDRegression", "BayesianRidge", "ElasticNet", "ElasticNetCV", "HuberRegressor", "Lars", "LarsCV", "Lasso", "LassoCV",
    "LassoLars", "LassoLarsCV", "LassoLarsIC", "LinearRegression", "LinearSVR", "MultiTaskElasticNet", "MultiTaskElasticNetCV",
    "MultiTaskLasso", "MultiTaskLassoCV", "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV", "QuantileRegressor",
    "Ridge", "RidgeCV", "SGDRegressor", "TheilSenRegressor",
}
LOG_LINKED = {"GammaRegressor", "PoissonRegressor"}
LOGISTIC = {"LogisticRegression", "LogisticRegressionCV"}
SIGNED = {"LinearSVC", "PassiveAggressiveClassifier", "Perceptron", "RidgeClassifier", "RidgeClassifierCV", "SGDClassifier"}
MACHINES = {"NuSVC": "nu_svc", "NuSVR": "nu_svr", "OneClassSVM": "one_class", "SVC": "c_svc", "SVR": "epsilon_svr"}
SEARCHES = {"GridSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "RandomizedSearchCV"}


class CannotExport(Exception):
    """Why a model can't be written as model.json, and what to do about it."""


class NeedsOnnx(CannotExport):
    """A sound model, but model.json has no words for it. The message holds the call that makes an ONNX file of it."""


def export(model, folder, rows, features=None):
    """Writes model.json and examples.json into a folder, both or neither.

    `features`: names of the columns, where neither the model nor the rows have any. Returns the path of model.json.
    Raises CannotExport.
    """
    names = _feature_names(model, features, _names_in(rows))
    written = model_json(model, names)
    texts = {
        "examples.json": _as_text(examples_json(model, written, rows, names)),
        "model.json": _as_text(written),
    }
    os.makedirs(folder, exist_ok=True)
    for name, text in texts.items():
        with open(os.path.join(folder, name + ".part"), "w", encoding="ascii") as file:
            file.write(text)
    for name in texts:
        os.replace(os.path.join(folder, name + ".part"), os.path.join(folder, name))
    return os.path.join(folder, "model.json")


def model_json(model, features=None):
    """What model.json holds, as a dict. Raises CannotExport."""
    steps, estimator = _parts(model)
    names = _feature_names(model, features)
    plan = _Plan(names)
    with _naming_the_call(estimator):
        columns = list(range(len(names)))
        for step in steps:
            columns = _transform(plan, step, columns)
        used = plan.settle(columns)
        written = _describe(estimator, used.order)
    return {
        "modeldrop": 1,
        "kind": written["kind"],
        "features": used.features,
        **({"types": used.types} if used.types else {}),
        **({"labels": written["labels"]} if "labels" in written else {}),
        **({"preparation": plan.steps} if plan.steps else {}),
        "parameters": written["parameters"],
    }


def examples_json(model, written, rows, features=None):
    """What the model itself answers to these rows: the content of examples.json. Raises CannotExport."""
    table = _Table(rows, _feature_names(model, features, _names_in(rows)))
    wanted, types = written["features"], written.get("types", {})
    if not table.count:
        raise CannotExport("rows must hold at least one row that the model can be tried with")
    instances = [
        {name: _example_value(table.columns[name][row], name in types, f"row {row}, {name!r}") for name in wanted}
        for row in range(table.count)
    ]
    estimator, outputs = _parts(model)[1], {}
    outputs["predict"] = _answers(model.predict(table.rows))
    if "labels" in written:
        integers = all(isinstance(label, int) and not isinstance(label, bool) for label in _served(written["labels"]))
        outputs["predict"] = [_served([_label(label)], integers)[0] for label in outputs["predict"]]
    has_probabilities = written["kind"] == "logistic" or "probability" in written["parameters"]
    if has_probabilities:
        outputs["predict_proba"] = _answers(model.predict_proba(table.rows))
    if _decides_alike(estimator, written):
        outputs["decision_function"] = _answers(model.decision_function(table.rows))
    return [{"inputs": {"instances": instances}, "outputs": outputs, "tolerance": TOLERANCE}]


# ---------------------------------------------------------------------------------------------------- the way to the model


def _parts(model):
    """The fitted transformers on the way, and the estimator at the end."""
    kind = type(model).__name__
    if kind in SEARCHES:
        return _parts(_fitted(model, "best_estimator_"))
    if kind == "Pipeline":
        steps = [step for _, step in model.steps if step is not None and step != "passthrough"]
        if not steps:
            raise CannotExport("the pipeline has no step")
        inner, estimator = _parts(steps[-1])
        return steps[:-1] + inner, estimator
    return [], model


def _fitted(step, attribute):
    """An attribute that fitting makes. Raises CannotExport."""
    if hasattr(step, attribute):
        return getattr(step, attribute)
    name = type(step).__name__
    if any(key.endswith("_") and not key.startswith("_") for key in vars(step)):
        raise NeedsOnnx(f"{name} has no {attribute}: this way of fitting it can't be written as model.json")
    raise CannotExport(f"{name} is not fitted yet: call fit first")


def _feature_names(model, stated, otherwise=None):
    """What the caller states, what the model was fitted to, what the rows are headed with, or x1, x2, ..."""
    steps, estimator = _parts(model)
    first = steps[0] if steps else estimator
    if type(first).__name__ == "TfidfVectorizer":
        return _checked_names(["text"] if stated is None else stated, 1)
    if type(first).__name__ in MACHINES and hasattr(first, "support_"):
        # One with a kernel of its own does not know its columns.
        with _naming_the_call(first):
            _kernel(first)
    known = getattr(first, "feature_names_in_", None)
    if stated is None:
        stated = known if known is not None else otherwise
    elif known is not None and list(map(str, stated)) != list(map(str, known)):
        raise CannotExport(f"features must be absent, or the names that the model was fitted to: {', '.join(map(str, known))}")
    return _checked_names(stated, _fitted(first, "n_features_in_"))


def _checked_names(names, count):
    names = [f"x{k + 1}" for k in range(count)] if names is None else [str(name) for name in names]
    if len(names) != count:
        raise CannotExport(f"features must name the {count} columns that the model was fitted to, got {len(names)} names")
    for name in names:
        if name == "":
            raise CannotExport("every column must have a name, but one has none")
        if name == "__proto__":
            raise CannotExport("no column may be named '__proto__': JSON readers take that for something else")
        _well_formed(name)
    twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
    if twice is not None:
        raise CannotExport(f"every column must have a name of its own, but two are named {twice!r}")
    return names


class _Plan:
    """The steps of model.json, and what each column is called and where it stands between them."""

    def __init__(self, features):
        self.features = features
        self.steps = []
        # A column is a number: first the features, then whatever steps append.
        self.names = list(features)
        self.types = {}
        self.spent = set()
        self.order = list(range(len(features)))

    def name(self, column):
        name = self.names[column]
        if sum(self.names[other] == name for other in self.order) > 1:
            raise CannotExport(f"two prepared columns are named {name!r}, so no further step can tell them apart")
        return name

    def typed(self, column, kind):
        """A feature is a text or a number by the first step that takes it."""
        known = self.types.setdefault(column, kind)
        if known != kind:
            raise CannotExport(f"column {self.names[column]!r} must be a {kind} at this step, but it is a {known}")

    def append(self, names):
        added = list(range(len(self.names), len(self.names) + len(names)))
        self.names += names
        self.types.update((column, "number") for column in added)
        self.order += added
        return added

    def replace(self, columns, names):
        """Columns go away, and others come at the end, as an encoder does it."""
        self.order = [column for column in self.order if column not in columns]
        return self.append(names)

    def settle(self, columns):
        """Features that nothing takes are left out; the rest must all reach the model."""
        used = set(columns)
        origins = [k for k in range(len(self.features)) if k in used or k in self.spent]
        order = [column for column in self.order if column in used or column >= len(self.features)]
        stray = next((column for column in order if column not in used), None)
        if stray is not None:
            raise NeedsOnnx(f"the prepared column {self.names[stray]!r} is dropped after it was made")
        texts = next((column for column in order if self.types.get(column) == "text"), None)
        if texts is not None:
            raise CannotExport(f"column {self.names[texts]!r} holds texts, and no step encodes them")
        place = {column: k for k, column in enumerate(columns)}
        return _Used(
            [self.features[k] for k in origins],
            {self.features[k]: "text" for k in origins if self.types.get(k) == "text"},
            [place[column] for column in order],
        )


class _Used:
    def __init__(self, features, types, order):
        self.features = features
        self.types = types
        # For each prepared column as Modeldrop has them, its position as scikit-learn has them.
        self.order = order


# ------------------------------------------------------------------------------------------------------------- the steps


def _transform(plan, step, columns):
    """Adds a transformer's steps to the plan. Returns its columns, in its order. Raises CannotExport."""
    kind = type(step).__name__
    if isinstance(step, str):
        if step == "passthrough":
            return columns
        if step == "drop":
            return []
    if kind == "Pipeline":
        for _, inner in step.steps:
            if inner is not None:
                columns = _transform(plan, inner, columns)
        return columns
    if kind not in STEPS:
        raise NeedsOnnx(f"{kind} can't be written as model.json; these steps can: {', '.join(sorted(STEPS))}")
    return STEPS[kind](plan, step, columns)


def _column_transformer(plan, step, columns):
    out, taken = [], set()
    for name, inner, chosen in _fitted(step, "transformers_"):
        if isinstance(inner, str) and inner == "drop":
            continue
        part = _chosen(step, chosen, columns)
        both = taken.intersection(part)
        if both:
            column = plan.names[min(both)]
            raise NeedsOnnx(f"column {column!r} goes into two transformers, and model.json has one way for each column")
        taken.update(part)
        if part:
            out += _transform(plan, inner, part)
    weights = getattr(step, "transformer_weights", None)
    if weights:
        raise NeedsOnnx("ColumnTransformer with transformer_weights can't be written as model.json")
    return out


def _chosen(step, chosen, columns):
    """The columns that a ColumnTransformer names by name, position, slice or mask."""
    names = [str(name) for name in getattr(step, "feature_names_in_", [])]
    if isinstance(chosen, slice):
        bounds = [names.index(end) if isinstance(end, str) else end for end in (chosen.start, chosen.stop)]
        if isinstance(chosen.stop, str):
            bounds[1] += 1
        return columns[slice(bounds[0], bounds[1], chosen.step)]
    single = isinstance(chosen, (str, int))
    entries = [chosen] if single else [getattr(entry, "item", lambda entry=entry: entry)() for entry in chosen]
    if entries and all(isinstance(entry, bool) for entry in entries):
        return [column for column, isin in zip(columns, entries) if isin]
    return [columns[names.index(entry) if isinstance(entry, str) else entry] for entry in entries]


def _imputer(plan, step, columns):
    fillers = _list(_fitted(step, "statistics_"))
    missing = getattr(step, "missing_values", None)
    if not (missing is None or _is_missing(missing)):
        raise NeedsOnnx(f"SimpleImputer must fill NaN or None, but its missing_values is {missing!r}")
    marked = {}
    indicator = getattr(step, "indicator_", None)
    if indicator is not None:
        marked = {int(k): None for k in _list(indicator.features_)}
    for k, (column, filler) in enumerate(zip(columns, fillers)):
        if _is_missing(filler):
            raise NeedsOnnx(f"column {plan.names[column]!r} had no value when SimpleImputer was fitted, so it is dropped there")
        plan.typed(column, "text" if isinstance(filler, str) else "number")
    plain = [k for k in range(len(columns)) if k not in marked]
    values = [_text_value(filler) if isinstance(filler, str) else _number(filler, "SimpleImputer.statistics_") for filler in fillers]
    for group, isin in ((plain, False), (list(marked), True)):
        if group:
            names = [plan.name(columns[k]) for k in group]
            step_json = {"step": "impute", "columns": names, "values": [values[k] for k in group]}
            plan.steps.append({**step_json, "indicator": True} if isin else step_json)
            if isin:
                added = plan.append([f"{name} missing" for name in names])
                marked = dict(zip(group, added))
    return columns + [marked[k] for k in sorted(marked)]


def _scaler(name, offset, scale, centres=None, scales_it=None):
    """`centres` and `scales_it`: options that switch a part off, whatever was fitted of it."""

    def scaled(plan, step, columns):
        if getattr(step, "clip", False):
            raise NeedsOnnx("MinMaxScaler with clip=True can't be written as model.json")
        _fitted(step, "n_features_in_")
        offsets = getattr(step, offset) if offset and getattr(step, centres or "", True) else None
        scales = getattr(step, scale) if getattr(step, scales_it or "", True) else None
        for column in columns:
            plan.typed(column, "number")
        key = {"standardize": "mean", "min-max": "min", "robust": "center"}[name]
        where = type(step).__name__
        written = {
            "step": name,
            "columns": [plan.name(column) for column in columns],
            key: [0.0] * len(columns) if offsets is None else _numbers(offsets, f"{where}.{offset}"),
            "scale": [1.0] * len(columns) if scales is None else _numbers(scales, f"{where}.{scale}"),
        }
        if min(written["scale"]) <= 0:
            raise CannotExport(f"{where}.{scale} must be > 0, got {min(written['scale'])!r}")
        plan.steps.append(written)
        return columns

    return scaled


def _one_hot(plan, step, columns):
    categories = _categories(plan, step, columns)
    unknown = getattr(step, "handle_unknown", "error")
    if getattr(step, "min_frequency", None) is not None or getattr(step, "max_categories", None) is not None:
        raise NeedsOnnx("OneHotEncoder with infrequent categories can't be written as model.json")
    if unknown not in ("error", "ignore", "infrequent_if_exist"):
        raise NeedsOnnx(f"OneHotEncoder must have handle_unknown 'error' or 'ignore', got {unknown!r}")
    dropped = getattr(step, "drop_idx_", None)
    dropped = [None] * len(columns) if dropped is None else _list(dropped)
    out = {}
    for first in (False, True):
        group = [k for k in range(len(columns)) if (dropped[k] is not None) is first]
        if not group:
            continue
        levels = []
        for k in group:
            # The level that is left out comes first.
            known = list(categories[k])
            levels.append([known.pop(int(dropped[k])), *known] if first else known)
        names = [plan.name(columns[k]) for k in group]
        plan.steps.append({
            "step": "one-hot", "columns": names, "categories": levels,
            "unknown": "refuse" if unknown == "error" else "zeros", **({"drop": "first"} if first else {}),
        })
        plan.spent.update(columns[k] for k in group)
        kept = [known[1:] if first else known for known in levels]
        added = iter(plan.replace(
            {columns[k] for k in group}, [f"{name}={level}" for name, part in zip(names, kept) for level in part]
        ))
        for k, part in zip(group, kept):
            out[k] = [next(added) for _ in part]
    return [column for k in range(len(columns)) for column in out[k]]


def _ordinal(plan, step, columns):
    categories = _categories(plan, step, columns)
    unknown = getattr(step, "handle_unknown", "error")
    if getattr(step, "min_frequency", None) is not None or getattr(step, "max_categories", None) is not None:
        raise NeedsOnnx("OrdinalEncoder with infrequent categories can't be written as model.json")
    names = [plan.name(column) for column in columns]
    value = "refuse" if unknown == "error" else _number(step.unknown_value, "OrdinalEncoder.unknown_value")
    plan.steps.append({"step": "ordinal", "columns": names, "categories": categories, "unknown": value})
    plan.spent.update(columns)
    return plan.replace(set(columns), names)


def _categories(plan, step, columns):
    kind = type(step).__name__
    categories = []
    for column, known in zip(columns, _fitted(step, "categories_")):
        known = _list(known)
        stray = next((value for value in known if not isinstance(value, str)), None)
        if stray is not None or any(value is None for value in known):
            raise NeedsOnnx(
                f"{kind} has the category {stray!r} in column {plan.names[column]!r}, and model.json takes texts only: "
                f"fill gaps first (SimpleImputer), and fit to df[column].astype(str) where categories are numbers"
            )
        if "" in known:
            raise CannotExport(f"{kind} has an empty text as category in column {plan.names[column]!r}: there it means missing")
        plan.typed(column, "text")
        categories.append([_text_value(value) for value in known])
    return categories


def _tf_idf(plan, step, columns):
    vocabulary = _fitted(step, "vocabulary_")
    rules = {
        "analyzer": "word", "ngram_range": (1, 1), "lowercase": True, "strip_accents": None, "preprocessor": None,
        "tokenizer": None, "token_pattern": r"(?u)\b\w\w+\b", "norm": "l2", "use_idf": True, "sublinear_tf": False, "binary": False,
    }
    for option, value in rules.items():
        found = getattr(step, option)
        if (tuple(found) if option == "ngram_range" else found) != value:
            raise NeedsOnnx(f"TfidfVectorizer must have {option}={value!r}, got {found!r}")
    (column,) = columns
    name = plan.name(column)
    plan.typed(column, "text")
    words = sorted(vocabulary, key=lambda word: int(vocabulary[word]))
    idf = _numbers(step.idf_, "TfidfVectorizer.idf_")
    plan.steps.append({"step": "tf-idf", "column": name, "vocabulary": [_text_value(word) for word in words], "idf": idf})
    plan.spent.add(column)
    return plan.replace({column}, [f"{name}:{word}" for word in words])


def _function(plan, step, columns):
    """A ColumnTransformer's passthrough, as newer versions of scikit-learn keep it."""
    if step.func is not None:
        raise NeedsOnnx("FunctionTransformer is code, and model.json holds none")
    return columns


STEPS = {
    "ColumnTransformer": _column_transformer,
    "FunctionTransformer": _function,
    "MaxAbsScaler": _scaler("standardize", None, "scale_"),
    "MinMaxScaler": _scaler("min-max", "min_", "scale_"),
    "OneHotEncoder": _one_hot,
    "OrdinalEncoder": _ordinal,
    "RobustScaler": _scaler("robust", "center_", "scale_", "with_centering", "with_scaling"),
    "SimpleImputer": _imputer,
    "StandardScaler": _scaler("standardize", "mean_", "scale_", "with_mean", "with_std"),
    "TfidfVectorizer": _tf_idf,
}

# --------------------------------------------------------------------------------------------------------- the estimators


def _describe(estimator, order):
    """Kind, labels and parameters, with columns in Modeldrop's order. Raises CannotExport."""
    kind = type(estimator).__name__
    if kind in LEAST_SQUARES:
        return _linear(estimator, order, "identity")
    if kind in LOG_LINKED:
        return _linear(estimator, order, "log")
    if kind == "TweedieRegressor":
        link = estimator.link if estimator.link != "auto" else "identity" if estimator.power <= 0 else "log"
        return _linear(estimator, order, link)
    if kind in LOGISTIC or (kind == "SGDClassifier" and estimator.loss in ("log", "log_loss")):
        return _logistic(estimator, order)
    if kind in SIGNED:
        return _signed(estimator, order)
    if kind in MACHINES:
        return _machine(estimator, order)
    known = sorted(LEAST_SQUARES | LOG_LINKED | LOGISTIC | SIGNED | set(MACHINES) | {"TweedieRegressor"})
    raise NeedsOnnx(f"{kind} can't be written as model.json; these can: {', '.join(known)}")


def _linear(estimator, order, link):
    coefficients = _rows(_fitted(estimator, "coef_"), f"{type(estimator).__name__}.coef_")
    intercept = _intercept(estimator, len(coefficients))
    parameters = {"coefficients": _ordered(coefficients, order), "intercept": intercept, "link": link}
    return {"kind": "linear", "parameters": parameters}


def _logistic(estimator, order):
    coefficients = _rows(_fitted(estimator, "coef_"), f"{type(estimator).__name__}.coef_")
    intercept = _intercept(estimator, len(coefficients))
    labels = _labels(estimator)
    stated = getattr(estimator, "multi_class", "auto")
    one_against_rest = type(estimator).__name__ == "SGDClassifier" or stated == "ovr" or (
        getattr(estimator, "solver", None) == "liblinear" and stated != "multinomial"
    )
    _one_target(estimator, coefficients, labels)
    if len(labels) > 2 and one_against_rest:
        raise NeedsOnnx("one-against-the-rest logistic regression of many classes can't be written as model.json; multinomial can")
    if len(labels) == 2 and stated == "multinomial":
        # Its two softmax logits are d and -d, so that the log-odds are 2 d.
        coefficients = [[2 * value for value in row] for row in coefficients]
        intercept = [2 * value for value in intercept]
    return {
        "kind": "logistic", "labels": labels,
        "parameters": {"coefficients": _ordered(coefficients, order), "intercept": intercept},
    }


def _signed(estimator, order):
    """Two classes told apart by the side of a plane: a machine with a linear kernel and that plane as its one vector."""
    coefficients = _rows(_fitted(estimator, "coef_"), f"{type(estimator).__name__}.coef_")
    labels = _labels(estimator)
    if len(labels) > 2:
        raise NeedsOnnx(f"{type(estimator).__name__} of {len(labels)} classes can't be written as model.json; of two classes it can")
    _one_target(estimator, coefficients, labels)
    (plane,) = _ordered(coefficients, order)
    (intercept,) = _intercept(estimator, 1)
    return {"kind": "svm", "labels": labels, "parameters": {
        "type": "c_svc", "kernel": {"name": "linear"}, "supportVectors": [plane], "coefficients": [[1.0]], "rho": [-intercept],
    }}


def _machine(estimator, order):
    name = type(estimator).__name__
    vectors = _rows(_fitted(estimator, "support_vectors_"), f"{name}.support_vectors_")
    if not vectors:
        raise CannotExport(f"{name} has no support vector: it answers the same to everything")
    parameters = {
        "type": MACHINES[name],
        "kernel": _kernel(estimator),
        "supportVectors": _ordered(vectors, order),
        "coefficients": _rows(_fitted(estimator, "dual_coef_"), f"{name}.dual_coef_"),
        "rho": [-value for value in _numbers(estimator.intercept_, f"{name}.intercept_")],
    }
    if name not in ("SVC", "NuSVC"):
        return {"kind": "svm", "parameters": parameters}
    labels = _labels(estimator)
    if getattr(estimator, "break_ties", False) and len(labels) > 2:
        raise NeedsOnnx(f"{name} with break_ties=True can't be written as model.json: there the first class of a tie wins")
    parameters["supportVectorsPerClass"] = [int(count) for count in _list(estimator.n_support_)]
    a, b = (_numbers(getattr(estimator, key, ()), f"{name}.{key}") for key in ("probA_", "probB_"))
    if a:
        # Of two classes scikit-learn turns the decision around, toward the second one, and couples all the same.
        two = {"a": a, "b": [-value for value in b], "coupled": True}
        parameters["probability"] = two if len(labels) == 2 else {"a": a, "b": b}
    return {"kind": "svm", "labels": labels, "parameters": parameters}


def _kernel(estimator):
    kernel, name = estimator.kernel, type(estimator).__name__
    gamma = getattr(estimator, "_gamma", None)
    numbers = {"gamma": lambda: _number(gamma, f"{name}._gamma"), "coef0": lambda: _number(estimator.coef0, f"{name}.coef0"),
               "degree": lambda: int(estimator.degree)}
    needed = {"linear": (), "rbf": ("gamma",), "sigmoid": ("gamma", "coef0"), "poly": ("gamma", "coef0", "degree")}
    if not isinstance(kernel, str) or kernel not in needed:
        raise NeedsOnnx(f"{name} must have kernel 'linear', 'poly', 'rbf' or 'sigmoid', got {kernel!r}")
    return {"name": "polynomial" if kernel == "poly" else kernel, **{key: numbers[key]() for key in needed[kernel]}}


def _labels(estimator):
    labels = _list(_fitted(estimator, "classes_"))
    if any(isinstance(label, list) or hasattr(label, "tolist") for label in labels):
        raise NeedsOnnx(f"{type(estimator).__name__} has several targets; model.json has one")
    return [_label(label) for label in labels]


def _one_target(estimator, coefficients, labels):
    if len(coefficients) != (1 if len(labels) == 2 else len(labels)):
        raise NeedsOnnx(f"{type(estimator).__name__} has several targets; model.json has one")


def _decides_alike(estimator, written):
    """Whether scikit-learn's decision_function is the one that Modeldrop answers with."""
    labels, kind = written.get("labels", []), written["kind"]
    if kind == "svm":
        return written["parameters"]["type"] == "one_class" or len(labels) == 2
    return kind == "logistic" and len(labels) == 2 and getattr(estimator, "multi_class", "auto") != "multinomial"


@contextlib.contextmanager
def _naming_the_call(estimator):
    try:
        yield
    except NeedsOnnx as error:
        raise NeedsOnnx(f"{error}\n{_onnx_call(estimator)}") from None


def _onnx_call(estimator):
    options = ", options={'zipmap': False}" if hasattr(estimator, "classes_") or hasattr(estimator, "predict_proba") else ""
    return (
        "Write it as ONNX instead:\n"
        "    from skl2onnx import to_onnx\n"
        f"    with open('model.onnx', 'wb') as file: file.write(to_onnx(model, X[:1]{options}).SerializeToString())"
    )


# ------------------------------------------------------------------------------------------------------ values and tables


def _list(values):
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _number(value, where):
    number = float(value)
    if not math.isfinite(number):
        raise CannotExport(f"{where} must be finite, got {number!r}: the fit went wrong")
    return number


def _numbers(values, where):
    listed = _list(values)
    return [_number(value, where) for value in (listed if isinstance(listed, list) else [listed])]


def _rows(values, where):
    """A matrix, dense or sparse, as lists; one row where it is a vector."""
    values = values.toarray() if hasattr(values, "toarray") else values
    rows = _list(values)
    if rows and not isinstance(rows[0], list):
        rows = [rows]
    return [[_number(value, where) for value in row] for row in rows]


def _intercept(estimator, count):
    intercept = estimator.intercept_
    intercept = intercept.tolist() if hasattr(intercept, "tolist") else intercept
    values = intercept if isinstance(intercept, list) else [intercept] * count
    return [_number(value, f"{type(estimator).__name__}.intercept_") for value in values]


def _ordered(rows, order):
    width = len(rows[0]) if rows else len(order)
    if width != len(order):
        raise CannotExport(f"the model takes {width} prepared columns, but its steps make {len(order)}")
    return [[row[k] for k in order] for row in rows]


def _label(label):
    """As JSON has it; whole numbers without a point, whatever their type was."""
    if isinstance(label, str):
        return _text_value(label)
    if hasattr(label, "item"):
        label = label.item()
    if isinstance(label, float) and label.is_integer():
        return int(label)
    return label


def _served(labels, integers=None):
    """Labels as Modeldrop answers them: integers if all of them are, texts otherwise."""
    texts = [str(label).lower() if isinstance(label, bool) else str(label) for label in labels]
    if integers is None:
        integers = all(_is_canonical(text) for text in texts)
    return [int(text) for text in texts] if integers else texts


def _is_canonical(text):
    digits = text[1:] if text.startswith("-") else text
    return digits.isascii() and digits.isdigit() and str(int(text)) == text and abs(int(text)) < 2**53


def _text_value(text):
    _well_formed(str(text))
    return str(text)


def _well_formed(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise CannotExport(f"texts must be Unicode, but {text!r} holds half of a surrogate pair") from None


def _is_missing(value):
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value


def _example_value(value, is_text, where):
    value = value.item() if hasattr(value, "item") else value
    if _is_missing(value):
        return None
    if is_text and isinstance(value, str):
        if value == "":
            raise CannotExport(f"{where} must not be an empty text: there it means missing; leave this row out")
        return _text_value(value)
    if not is_text and isinstance(value, (int, float)):
        return _number(value, where)
    raise CannotExport(f"{where} must be a {'text' if is_text else 'number'}, got {value!r}")


def _answers(values):
    return [value for value in _list(values)]


def _names_in(rows):
    columns = getattr(rows, "columns", None)
    return None if columns is None else [str(name) for name in columns]


class _Table:
    """The first rows, in doubles, and their values by column."""

    def __init__(self, rows, names):
        if hasattr(rows, "toarray"):
            raise CannotExport("rows must be dense: pass rows.toarray()")
        count = min(MOST_EXAMPLES, len(rows))
        if hasattr(rows, "columns"):
            rows = rows.iloc[:count]
            small = {c: "float64" for c in rows.columns if str(rows[c].dtype) in ("float16", "float32")}
            self.rows = rows.astype(small) if small else rows
            self.columns = {str(name): self.rows[name].tolist() for name in self.rows.columns}
        else:
            rows = rows[:count]
            # Scikit-learn computes in single precision where rows are in single precision.
            if str(getattr(rows, "dtype", "")) in ("float16", "float32"):
                rows = rows.astype("float64")
            self.rows = rows
            listed = [row if isinstance(row, list) else [row] for row in _list(rows)]
            self.columns = {name: [row[k] for row in listed] for k, name in enumerate(names)}
        self.count = count


def _as_text(content):
    """Plain ASCII: whatever a name holds, it is escaped."""
    return json.dumps(content, allow_nan=False, indent=1) + "\n"
