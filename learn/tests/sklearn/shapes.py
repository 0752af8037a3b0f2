"""Makes shapes.json: leaves and test accuracy of scikit-learn's full decision trees on four shapes of data.

    pip install -r requirements.txt
    cargo run --release -p turncoat-learn --example shapes -- FOLDER
    python shapes.py FOLDER > shapes.json

Means over random states, since scikit-learn breaks ties between splits at random.
"""

import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier

STATES = 5


def main():
    folder = pathlib.Path(sys.argv[1])
    results = []
    for name in ("a", "d", "b", "c"):
        x, y = (np.load(folder / f"{name}_{part}.npy") for part in "xy")
        half = len(y) // 2
        trees = [DecisionTreeClassifier(random_state=state).fit(x[:half], y[:half]) for state in range(STATES)]
        results.append({
            "shape": name,
            "not_zero": float(np.mean(x != 0)),
            "leaves": float(np.mean([tree.get_n_leaves() for tree in trees])),
            "train_accuracy": float(np.mean([tree.score(x[:half], y[:half]) for tree in trees])),
            "test_accuracy": float(np.mean([tree.score(x[half:], y[half:]) for tree in trees])),
        })
    json.dump({"scikit-learn": sklearn.__version__, "states": STATES, "results": results}, sys.stdout, indent=1)
    print()


main()
