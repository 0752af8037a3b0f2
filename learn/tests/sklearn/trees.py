"""Makes trees.json: what scikit-learn's decision trees do on the data sets embedded through linfa-datasets.

    pip install -r requirements.txt
    python trees.py FOLDER > trees.json      (FOLDER: the `data` folder of the linfa-datasets sources)

Cross-validation by row number: fold f of k tests the rows i with i mod k = f. For each criterion and each k, the mean number of
leaves of the k trees and the share of all rows whose class is predicted right, averaged over ten random states (scikit-learn
breaks ties between splits at random). `whole` holds the leaves of trees on all rows.
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier

STATES = 10
FOLDS = (3, 5, 7)


def read(folder, name):
    with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    labels = table[:, -1].astype(np.int64)
    return table[:, :-1].astype(np.float32), labels - labels.min()


def tree(records, labels, criterion, state):
    return DecisionTreeClassifier(criterion=criterion, random_state=state).fit(records, labels)


def cross_validate(records, labels, criterion, k):
    fold = np.arange(len(labels)) % k
    leaves, right = [], []
    for state in range(STATES):
        for f in range(k):
            fitted = tree(records[fold != f], labels[fold != f], criterion, state)
            leaves.append(fitted.get_n_leaves())
            right.append(np.sum(fitted.predict(records[fold == f]) == labels[fold == f]))
    return {"folds": k, "leaves": float(np.mean(leaves)), "accuracy": float(np.sum(right) / STATES / len(labels))}


def main():
    folder = pathlib.Path(sys.argv[1])
    results = []
    for name in ("iris", "winequality-red"):
        records, labels = read(folder, name)
        for criterion in ("gini", "entropy"):
            whole = [tree(records, labels, criterion, state).get_n_leaves() for state in range(STATES)]
            results.append({
                "data": name,
                "criterion": criterion,
                "whole": float(np.mean(whole)),
                "by_folds": [cross_validate(records, labels, criterion, k) for k in FOLDS],
            })
    json.dump({"scikit-learn": sklearn.__version__, "states": STATES, "results": results}, sys.stdout, indent=1)
    print()


main()
