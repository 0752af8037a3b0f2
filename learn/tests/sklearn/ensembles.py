"""Makes ensembles.json: what scikit-learn's AdaBoost, random forests, pruned trees and balanced trees do on small data.

    pip install -r requirements.txt
    python ensembles.py FOLDER DATA > ensembles.json
        (FOLDER: the `data` folder of the linfa-datasets sources; DATA: a folder with adult/adult.data and adult/adult.test)

Adult is its first 3,000 rows; a category is its place among the sorted values of both files. scikit-learn breaks ties between
splits at random, so each figure comes from several random states:

- boosting: the votes (estimator weights) of the leading rounds that all states agree on, and the probabilities that so many rounds
  give to every 50th row;
- pruning: the least and the most leaves of trees pruned at alpha;
- balanced: probabilities of every 50th row by trees of depth 3 with balanced classes, where all states agree;
- forests: the share of rows that a cross-validation by row number (fold f of 3 tests the rows i with i mod 3 = f) predicts right.
"""

import gzip
import json
import pathlib
import sys
import warnings

import numpy as np
import sklearn
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

STATES = 5
ROUNDS = 50
TREES = 50
EVERY = 50
ADULT_ROWS = 3000


def embedded(folder, name):
    with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    labels = table[:, -1].astype(np.int64)
    return table[:, :-1].astype(np.float32), labels - labels.min()


def adult(folder):
    lines = []
    for name in ("adult.data", "adult.test"):
        for line in (folder / "adult" / name).read_text().splitlines():
            fields = [field.strip().rstrip(".") for field in line.split(",")]
            if len(fields) == 15:
                lines.append(fields)
    columns = list(zip(*lines))
    records = []
    for column in columns[:-1]:
        try:
            records.append([float(value) for value in column])
        except ValueError:
            codes = {value: code for code, value in enumerate(sorted(set(column)))}
            records.append([codes[value] for value in column])
    labels = np.array([int(value == ">50K") for value in columns[-1]])
    return np.array(records, dtype=np.float32).T[:ADULT_ROWS], labels[:ADULT_ROWS]


def boosting(records, labels, depth):
    fitted = [
        AdaBoostClassifier(
            DecisionTreeClassifier(max_depth=depth), n_estimators=ROUNDS, random_state=state
        ).fit(records, labels)
        for state in range(STATES)
    ]
    votes = [model.estimator_weights_[: len(model.estimators_)] for model in fitted]
    rounds = min(len(one) for one in votes)
    for done in range(rounds):
        if any(abs(one[done] - votes[0][done]) > 1e-9 for one in votes):
            rounds = done
            break
    vectors = None
    for done, vectors in enumerate(fitted[0].staged_predict_proba(records[::EVERY]), start=1):
        if done == rounds:
            break
    return {"depth": depth, "votes": votes[0][:rounds].tolist(), "probabilities": np.round(vectors, 9).tolist()}


def pruning(records, labels, criterion, alpha):
    leaves = [
        DecisionTreeClassifier(criterion=criterion, ccp_alpha=alpha, random_state=state)
        .fit(records, labels)
        .get_n_leaves()
        for state in range(STATES)
    ]
    return {"criterion": criterion, "alpha": alpha, "least": int(min(leaves)), "most": int(max(leaves))}


def balanced(records, labels, criterion):
    vectors = [
        DecisionTreeClassifier(criterion=criterion, class_weight="balanced", max_depth=3, random_state=state)
        .fit(records, labels)
        .predict_proba(records[::EVERY])
        for state in range(STATES)
    ]
    agree = np.all([np.abs(vectors[0] - other).max(axis=1) < 1e-9 for other in vectors], axis=0)
    answers = [row.tolist() if same else None for row, same in zip(np.round(vectors[0], 9), agree)]
    return {"criterion": criterion, "probabilities": answers}


def forests(records, labels):
    fold = np.arange(len(labels)) % 3
    right = 0
    for state in range(STATES):
        for f in range(3):
            forest = RandomForestClassifier(TREES, random_state=state, n_jobs=2)
            forest.fit(records[fold != f], labels[fold != f])
            right += np.sum(forest.predict(records[fold == f]) == labels[fold == f])
    return {"trees": TREES, "accuracy": float(right / STATES / len(labels))}


def main():
    warnings.simplefilter("ignore")
    folder, data = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    sets = {
        "iris": embedded(folder, "iris"),
        "winequality-red": embedded(folder, "winequality-red"),
        "adult": adult(data),
    }
    results = []
    for name, (records, labels) in sets.items():
        results.append({
            "data": name,
            "boosting": [boosting(records, labels, depth) for depth in (1, 2)],
            "pruning": [
                pruning(records, labels, criterion, alpha)
                for criterion in ("gini", "entropy")
                for alpha in (0.0007, 0.0013, 0.0031, 0.0073, 0.0171)
            ],
            "balanced": [balanced(records, labels, criterion) for criterion in ("gini", "entropy")],
            "forests": forests(records, labels),
        })
    json.dump({"scikit-learn": sklearn.__version__, "states": STATES, "every": EVERY, "results": results}, sys.stdout)
    print()


main()
