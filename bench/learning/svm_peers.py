"""Fits what svm.ts fits, with scikit-learn. argv: the folder of the tables. Prints JSON."""

import json
import sys

from sklearn.svm import SVC
from tables import table, timed

folder = sys.argv[1]
out = {}
for name in ("svm-2000", "svm-4000", "svm-8000", "svm-16000", "digits"):
    X, y = table(folder, name)
    seconds, model = timed(lambda: SVC(C=1.0, gamma="scale", cache_size=512).fit(X, y), 1 if len(y) > 8000 else 3)
    out[name] = {"seconds": seconds, "vectors": int(len(model.support_))}
print(json.dumps(out))
