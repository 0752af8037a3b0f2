"""Makes linear_and_bayes.json: scikit-learn's logistic regression and naive Bayes on small real data.

    pip install -r requirements.txt
    python linear_and_bayes.py FOLDER DATA > linear_and_bayes.json

FOLDER: the `data` folder of the linfa-datasets sources; DATA: a folder with adult/adult.data and mnist/train-*. Data sets: iris and
winequality-red whole, the first 2,000 rows of Adult (categories by their place among the sorted names), the first 1,000 images of
MNIST (grey values over 256). `sum` is that of all values, to tell whether both sides read the same.

Logistic regression is run to tight tolerance by two solvers of the same objective, 1/2 |W|^2 + C * sum of losses; kept is the lower
objective with its probabilities. Probabilities are those of every (n // 25)-th record.
"""

import gzip
import json
import pathlib
import sys
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, GaussianNB

# Solvers say that they stop where rounding ends; the lower objective of the two counts.
warnings.simplefilter("ignore")


def embedded(folder, name):
    with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    labels = table[:, -1].astype(np.int64)
    return table[:, :-1], labels - labels.min()


def adult(data):
    lines = [line.strip().split(", ") for line in (data / "adult/adult.data").read_text().splitlines()]
    lines += [line.strip().rstrip(".").split(", ") for line in (data / "adult/adult.test").read_text().splitlines()]
    table = np.array([line for line in lines if len(line) == 15])
    numeric = {0, 2, 4, 10, 11, 12}
    columns = [table[:, c].astype(float) if c in numeric else np.unique(table[:, c], return_inverse=True)[1]
               for c in range(14)]
    return np.stack(columns, 1)[:2000], (table[:2000, 14] == ">50K").astype(np.int64)


def mnist(data):
    def read(name, offset):
        with gzip.open(data / f"mnist/{name}.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)
    images = read("train-images-idx3-ubyte", 16).reshape(-1, 784)[:1000]
    return images / 256, read("train-labels-idx1-ubyte", 8)[:1000].astype(np.int64)


def objective(model, records, labels):
    losses = -model.predict_log_proba(records)[np.arange(len(labels)), labels]
    return float(0.5 * np.sum(model.coef_ ** 2) + model.C * np.sum(losses))


def logistic(records, labels, c, shown):
    solvers = ["lbfgs"] if records.shape[1] > 100 else ["lbfgs", "newton-cholesky"]
    fits = [LogisticRegression(C=c, solver=solver, tol=1e-10, max_iter=20_000).fit(records, labels) for solver in solvers]
    fits = sorted((objective(fit, records, labels), place) for place, fit in enumerate(fits)), fits
    (best, place), models = fits[0][0], fits[1]
    print(f"# c {c}: {[(solvers[p], value, int(models[p].n_iter_[0])) for value, p in fits[0]]}", file=sys.stderr)
    return {"c": c, "objective": best, "probabilities": models[place].predict_proba(records[shown]).tolist()}


def bayes(model, records, labels, shown):
    return model.fit(records, labels).predict_proba(records[shown]).tolist()


def main():
    folder, data = map(pathlib.Path, sys.argv[1:])
    sets = {"iris": embedded(folder, "iris"), "winequality-red": embedded(folder, "winequality-red"), "adult": adult(data),
            "mnist": mnist(data)}
    # With more of MNIST's 784 features than records, next to no penalty leaves nothing but the rounding of a loss of zero.
    strengths = {False: (0.01, 1.0, 100.0), True: (0.01, 0.1, 1.0)}
    results = []
    for name, (records, labels) in sets.items():
        # The values that turncoat keeps.
        records = records.astype(np.float32).astype(np.float64)
        shown = slice(0, None, len(labels) // 25)
        thresholds = [0.0, 3.0]
        print(f"# {name}", file=sys.stderr)
        results.append({
            "data": name,
            "records": len(labels),
            "sum": float(records.sum()),
            "logistic": [logistic(records, labels, c, shown) for c in strengths[records.shape[1] > 100]],
            "gaussian": bayes(GaussianNB(), records, labels, shown),
            "bernoulli": [{"threshold": t, "alpha": a, "probabilities": bayes(BernoulliNB(binarize=t, alpha=a), records, labels, shown)}
                          for t, a in zip(thresholds, (1.0, 0.25))],
        })
    text = json.dumps({"scikit-learn": sklearn.__version__, "results": results}, indent=None, separators=(",", ":"))
    print(text.replace('{"data"', '\n{"data"').replace('],[', '],\n['))


main()
