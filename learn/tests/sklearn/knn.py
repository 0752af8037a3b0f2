"""Makes knn.json: what scikit-learn's k-nearest neighbours answer on winequality, iris, and slices of Adult and MNIST.

    pip install -r requirements.txt
    python knn.py LINFA DATA > knn.json      (LINFA: the `data` folder of the linfa-datasets sources; DATA: the folder of Adult
                                              and MNIST)

Of a table, rows i with i mod 5 = 0 are asked about, all others trained on. Adult: the first 2,500 rows of adult.data, its
numeric columns as they are and its words numbered in the order of all names in both files; MNIST: the first 2,500 training images. k is
5; for both weights the answers, rounded to nine places. Where the fifth and the sixth neighbour are at one distance,
scikit-learn's choice is that of the order of rows, so the record is left out: its answer is null. So it is with weights by distance
where a neighbour is at distance 0, which the rounding of scikit-learn's matrix product may not find. `asked` is the number
of records asked about.
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn.neighbors import KNeighborsClassifier

ROWS = 2_500
K = 5


def embedded(folder, name):
    with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    labels = table[:, -1].astype(np.int64)
    return table[:, :-1].astype(np.float32), labels - labels.min()


def adult(folder):
    lines = [line.strip().rstrip(".").split(", ") for part in ("data", "test") for line in open(folder / f"adult/adult.{part}")]
    table = np.array([line for line in lines if len(line) == 15])
    numeric = {0, 2, 4, 10, 11, 12}
    columns = [table[:, c].astype(float) if c in numeric else np.unique(table[:, c], return_inverse=True)[1]
               for c in range(14)]
    return np.stack(columns, 1)[:ROWS].astype(np.float32), (table[:ROWS, 14] == ">50K").astype(np.int64)


def mnist(folder):
    def read(name, offset):
        path = folder / "mnist" / name
        data = gzip.open(f"{path}.gz").read() if not path.exists() else path.read_bytes()
        return np.frombuffer(data, np.uint8, offset=offset)

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 784)[:ROWS]
    return images.astype(np.float32), read("train-labels-idx1-ubyte", 8)[:ROWS].astype(np.int64)


def answers(records, labels, weights):
    asked = np.arange(len(labels)) % 5 == 0
    model = KNeighborsClassifier(n_neighbors=K, weights=weights, algorithm="brute").fit(records[~asked], labels[~asked])
    probabilities = model.predict_proba(records[asked])
    # Distances in f64, feature by feature, to tell ties.
    train, queries = records[~asked].astype(np.float64), records[asked].astype(np.float64)
    kept = []
    for query, answer in zip(queries, probabilities):
        nearest = np.sort(((train - query) ** 2).sum(1))
        tied = nearest[K] - nearest[K - 1] <= 1e-9 * nearest[K]
        unclear = weights == "distance" and nearest[0] == 0
        kept.append(None if tied or unclear else [round(float(value), 9) for value in answer])
    return {"weights": weights, "asked": len(kept), "answers": kept}


def main():
    linfa, data = map(pathlib.Path, sys.argv[1:])
    tables = {"iris": embedded(linfa, "iris"), "winequality-red": embedded(linfa, "winequality-red"),
              "adult": adult(data), "mnist": mnist(data)}
    results = [{"data": name, "by_weights": [answers(*table, weights) for weights in ("uniform", "distance")]}
               for name, table in tables.items()]
    # One answer a line.
    text = json.dumps({"scikit-learn": sklearn.__version__, "k": K, "results": results}, separators=(",", ":"))
    print(text.replace("[[", "[\n[").replace("],[", "],\n[").replace("],null", "],\nnull").replace("null,[", "null,\n["))


main()
