"""argv: as machine.ts has it."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from sklearn.svm import SVC
from tables import table, timed

folder, name, *numbers = sys.argv[1:]
C, gamma, tolerance, times = map(float, numbers)
X, y = table(folder, name)
first, seconds, processor, model = timed(lambda: SVC(C=C, gamma=gamma, tol=tolerance, cache_size=512).fit(X, y), int(times))
machine = {
    "indices": model.support_.tolist(),
    "perClass": model.n_support_.tolist(),
    "coefficients": model.dual_coef_.tolist(),
}
print(
    json.dumps(
        {
            "first": first,
            "seconds": seconds,
            "processor": processor,
            "vectors": len(model.support_),
            "iterations": int(model.n_iter_.sum()),
            "machine": machine,
        }
    )
)
