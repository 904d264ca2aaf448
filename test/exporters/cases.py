"""Exports what modeldrop_export.py supports, and tries what it must refuse. argv: the folder to write to.

Prints JSON: {"written": {name: what scikit-learn itself answers}, "refused": {name: the words}}.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet, GammaRegressor, Lasso, LinearRegression, LogisticRegression, Perceptron, PoissonRegressor, Ridge, RidgeClassifier,
    SGDClassifier, TweedieRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR, OneClassSVM

root = Path(__file__).parents[2]
sys.path.insert(0, str(root / "exporters"))
from modeldrop_export import CannotExport, export  # noqa: E402

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
written, refused = {}, {}


def answers(model, rows):
    out = {"predict": model.predict(rows).tolist()}
    if hasattr(model, "predict_proba"):
        out["predict_proba"] = model.predict_proba(rows).tolist()
    return out


def good(name, model, rows, **more):
    export(model, folder / name, rows=rows, **more)
    # In doubles, as Modeldrop takes them.
    written[name] = answers(model, rows.astype("float64") if name == "single precision" else rows)


def bad(name, model, rows=None, **more):
    try:
        export(model, folder / name, rows=rows if rows is not None else X, **more)
    except CannotExport as error:
        refused[name] = {"words": str(error), "files": [path.name for path in folder.glob(f"{name}/*")]}


# Numbers: ten measurements, one number to predict.
frame = load_diabetes(as_frame=True, scaled=False)
X, y = frame.data, frame.target
rows = X.iloc[::9]
for name, model in {
    "least squares": LinearRegression(), "no intercept": LinearRegression(fit_intercept=False), "ridge": Ridge(2.0), "lasso": Lasso(0.5),
    "elastic net": ElasticNet(0.5), "linear svr": LinearSVR(max_iter=20000), "poisson": PoissonRegressor(alpha=0.1), "gamma": GammaRegressor(alpha=0.1),
    "tweedie": TweedieRegressor(power=1.5, alpha=0.1), "svr": SVR(C=50), "svr poly": SVR(kernel="poly", degree=2, coef0=1.0),
    "svr sigmoid": SVR(kernel="sigmoid"), "nu svr": NuSVR(C=50),
}.items():
    good(name, make_pipeline(StandardScaler(), model).fit(X, y), rows)
good("bare estimator on an array", Ridge().fit(X.to_numpy(), y), rows.to_numpy())
good("names of one's own", Ridge().fit(X.to_numpy(), y), rows.to_numpy(), features=[f"column {k}" for k in range(10)])
good("two targets", make_pipeline(MinMaxScaler((-1, 1)), LinearRegression()).fit(X, np.c_[y, np.sqrt(y)]), rows)
good("single precision", Ridge().fit(X.astype("float32"), y), rows.astype("float32"))
good("searched", GridSearchCV(make_pipeline(RobustScaler(), Ridge()), {"ridge__alpha": [0.1, 1.0]}).fit(X, y), rows)
good("scalers in a row", make_pipeline(MaxAbsScaler(), StandardScaler(with_mean=False), RobustScaler(with_scaling=False), Lasso(0.1)).fit(X, y), rows)
good("constant column", make_pipeline(StandardScaler(), LinearRegression()).fit(X.assign(one=1.0), y), rows.assign(one=2.0))
good("novelty", make_pipeline(StandardScaler(), OneClassSVM(nu=0.1)).fit(X), rows)

# Two classes, and three.
two, three = load_breast_cancer(as_frame=True), load_iris(as_frame=True)
names = {0: "malignant", 1: "benign"}
for name, model in {
    "logistic": LogisticRegression(), "logistic l1": LogisticRegression(penalty="l1", solver="liblinear"),
    "logistic as softmax": LogisticRegression(multi_class="multinomial"), "linear svc": LinearSVC(), "ridge classifier": RidgeClassifier(),
    "perceptron": Perceptron(), "sgd": SGDClassifier(loss="log_loss", random_state=0), "sgd hinge": SGDClassifier(random_state=0),
    "svc": SVC(), "svc with probabilities": SVC(probability=True, random_state=0), "nu svc": NuSVC(nu=0.1),
}.items():
    good(f"two, {name}", make_pipeline(StandardScaler(), model).fit(two.data, two.target), two.data.iloc[::11])
for name, labels in {"texts": two.target.map(names), "booleans": two.target == 1, "whole floats": two.target * 1.0,
                     "digits as texts": two.target.astype(str)}.items():
    good(f"labels, {name}", make_pipeline(StandardScaler(), LogisticRegression()).fit(two.data, labels), two.data.iloc[::40])
for name, model in {
    "softmax": LogisticRegression(), "svc": SVC(), "svc linear": SVC(kernel="linear"), "svc poly": SVC(kernel="poly"),
    "svc with probabilities": SVC(probability=True, random_state=0), "nu svc": NuSVC(),
}.items():
    good(f"three, {name}", make_pipeline(StandardScaler(), model).fit(three.data, three.target), three.data.iloc[::5])

# Categories and gaps.
loans = pd.read_csv(root / "examples/default-risk/loans.csv").drop(columns="applied")
L, risk = loans.drop(columns="default"), loans["default"]
some = L.iloc[:80]
numbers, texts = make_column_selector(dtype_include=np.number), make_column_selector(dtype_exclude=np.number)


def mixed(number_steps, text_steps, model, **more):
    parts = [("texts", make_pipeline(*text_steps), texts), ("numbers", make_pipeline(*number_steps), numbers)]
    return make_pipeline(ColumnTransformer(parts, **more), model)


fill = SimpleImputer(strategy="most_frequent")
for name, (number_steps, text_steps, model) in {
    "median": ((SimpleImputer(strategy="median"), StandardScaler()), (fill, OneHotEncoder(handle_unknown="ignore")), LogisticRegression()),
    "indicators": ((SimpleImputer(add_indicator=True), StandardScaler()), (fill, OneHotEncoder(drop="first")), LogisticRegression()),
    "constant": ((SimpleImputer(strategy="constant", fill_value=-1.0), MinMaxScaler()),
                 (SimpleImputer(strategy="constant", fill_value="none"), OneHotEncoder(drop="if_binary")), LogisticRegression()),
    "most frequent": ((SimpleImputer(strategy="most_frequent", add_indicator=True),), (fill, OneHotEncoder(drop=["student", "rents", "Oslo"])), LinearSVC()),
    "ordinal": ((SimpleImputer(), RobustScaler()), (fill, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), StandardScaler()), LogisticRegression()),
    "svm": ((SimpleImputer(add_indicator=True), StandardScaler()), (fill, OneHotEncoder()), SVC(C=5)),
}.items():
    good(f"mixed, {name}", mixed(number_steps, text_steps, model).fit(L, risk), some)
good("mixed, some columns ignored", make_pipeline(
    ColumnTransformer([("one", OneHotEncoder(), ["branch", "housing"]), ("as they are", "passthrough", ["late_payments"])]), LogisticRegression(),
).fit(L, risk), some)
good("mixed, the remainder passed through", make_pipeline(
    ColumnTransformer([("one", OneHotEncoder(), ["branch"])], remainder="passthrough"), LogisticRegression(),
).fit(L[["age", "branch", "amount"]], risk), some[["age", "branch", "amount"]])
hostile = ['hasOwnProperty', 'a"b\\', "=1+1", "ünï\ncode", "</script>", "constructor", "toString", "x" * 300, " ", "\u202egpj", "null"]
renamed = dict(zip([*X.columns], hostile))
good("hostile names", make_pipeline(StandardScaler(), Ridge()).fit(X.rename(columns=renamed), y), rows.rename(columns=renamed))
levels = np.array(['__proto__', 'a"b', "ünï\ncode", "👍", "null", "NaN", "1"], dtype=object)[np.arange(len(X)) % 7]
H = pd.DataFrame({"c\"}": levels, "x": X["bmi"]})
good("hostile categories", make_pipeline(ColumnTransformer([("c", OneHotEncoder(), ["c\"}"]), ("n", StandardScaler(), ["x"])]), Ridge()).fit(H, y), H.iloc[:20])

# Words.
notes = (L["branch"] + " house, car & Garden nr 42 " + L["housing"] + np.where(risk == "yes", " late again", " paid")).to_numpy()
good("words", make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(notes, risk), notes[:50].tolist())
good("words without stop words, as a series", make_pipeline(TfidfVectorizer(stop_words="english"), LinearSVC()).fit(notes, risk), pd.Series(notes[:50]))
N = pd.DataFrame({"note": notes, "age": L["age"]})
good("words and numbers", make_pipeline(ColumnTransformer([("n", StandardScaler(), ["age"]), ("w", TfidfVectorizer(), "note")]), LogisticRegression()).fit(N, risk), N.iloc[:30])

# What must be refused, in words that help.
bad("unfitted", LinearRegression())
bad("unfitted pipeline", make_pipeline(StandardScaler(), SVC()))
bad("unfitted encoder", Pipeline([("e", OneHotEncoder()), ("m", LinearRegression().fit(X, y))]))
broken = Ridge().fit(X, y)
broken.coef_[3] = np.nan
bad("not a number", broken)
bad("forest", RandomForestClassifier(n_estimators=3).fit(X, y > 100))
bad("pca", make_pipeline(PCA(3), Ridge()).fit(X, y))
bad("one against the rest", LogisticRegression(multi_class="ovr").fit(three.data, three.target), three.data)
bad("linear svc of three", LinearSVC().fit(three.data, three.target), three.data)
bad("own kernel", SVC(kernel=lambda a, b: a @ b.T).fit(three.data, three.target), three.data)
bad("numbers as categories", make_pipeline(OneHotEncoder(handle_unknown="ignore"), Ridge()).fit(X, y))
bad("clipped", make_pipeline(MinMaxScaler(clip=True), Ridge()).fit(X, y))
bad("pairs of words", make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC()).fit(notes, risk), notes[:5])
bad("twice", make_pipeline(ColumnTransformer([("a", StandardScaler(), ["bmi"]), ("b", MinMaxScaler(), ["bmi"])]), Ridge()).fit(X, y))
bad("same names", Ridge().fit(X.to_numpy(), y), X.to_numpy(), features=["a"] * 10)
bad("no name", Ridge().fit(X.to_numpy(), y), X.to_numpy(), features=[""] + [f"x{k}" for k in range(9)])
bad("too few names", Ridge().fit(X.to_numpy(), y), X.to_numpy(), features=["a"])
bad("other names", Ridge().fit(X, y), X, features=[f"x{k}" for k in range(10)])
bad("a name that is none", Ridge().fit(X.to_numpy(), y), X.to_numpy(), features=["__proto__"] + [f"x{k}" for k in range(9)])
bad("half a pair", Ridge().fit(X.to_numpy(), y), X.to_numpy(), features=["\ud800"] + [f"x{k}" for k in range(9)])
bad("several labels", RidgeClassifier().fit(three.data, np.c_[three.target > 0, three.target > 1]), three.data)
bad("no rows", Ridge().fit(X, y), X.iloc[:0])
bad("rare categories together", make_pipeline(OneHotEncoder(min_frequency=500), Ridge()).fit(L[["branch"]], L["age"]), L[["branch"]])

json.dump({"written": written, "refused": refused}, sys.stdout)
