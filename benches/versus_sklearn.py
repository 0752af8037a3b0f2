"""Time of turncoat's learners over scikit-learn's: the same files, the same run, in turn, one thread each.

    python3 -m venv venv && venv/bin/pip install -r benches/requirements.txt
    cargo build --release -p turncoat-learn --example versus
    venv/bin/python benches/versus_sklearn.py [--quick] [--data-dir FOLDER] [--only SHAPES]

One line a measurement on standard output, `what shape ratio`: below 1 is faster than scikit-learn. What the medians
were, in milliseconds, and how many leaves the trees have goes to standard error. Times are CPU times of the two
processes, which other work on the machine disturbs less than it does the clock; Linux only.

Shapes, made from a seed: a 10,000 x 14 mixed, 2 classes, noisy labels; d the same with 30,000 rows; b 10,000 x 600
binary, 100 classes (profiles with 20 % of the bits flipped); c 10,000 x 784, 17 % of it not zero, 10 classes. With
--data-dir also 10,000 rows of adult, mnist, cifar10 and valued_shopper_100, as far as their files are there. Predicted are
10,000 other records (of a real data set, as many as are left, and those of the fit where fewer than 1,000 are); the nearest
neighbours of them are sought among the 10,000 (not on d and cifar10; of 1,500 queries with --quick, up to 3 rounds).
"""

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
os.environ.update(ONE_THREAD)

import numpy as np  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.naive_bayes import BernoulliNB, GaussianNB  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier  # noqa: E402
from sklearn.tree import DecisionTreeClassifier  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
QUERIES = 10_000
PREDICTIONS = 5
# Neighbours are sought of so many queries with --quick, and not on the shapes that are too large for it.
QUICK_NEIGHBOURS = 1_500
KNN_SPARED = {"d", "cifar10"}


def mixed(rng, n):
    x = np.zeros((n, 14))
    for column, (low, high) in {0: (17, 91), 1: (0, 9), 3: (0, 16), 4: (1, 17), 5: (0, 7), 6: (0, 15), 7: (0, 6),
                                8: (0, 5), 9: (0, 2), 12: (1, 99)}.items():
        x[:, column] = rng.integers(low, high, n)
    x[:, 2] = np.round(rng.lognormal(12, 0.6, n))
    x[:, 10] = np.where(rng.random(n) < 0.08, np.round(rng.lognormal(8, 1, n)), 0)
    x[:, 11] = np.where(rng.random(n) < 0.05, np.round(rng.normal(1900, 300, n)), 0)
    x[:, 13] = rng.normal(size=n)
    score = (0.03 * (x[:, 0] - 40) + 0.2 * (x[:, 4] - 9) + 0.8 * x[:, 9] + 2 * (x[:, 10] > 3000)
             + 0.02 * (x[:, 12] - 40) + 0.3 * x[:, 13] + rng.normal(size=n))
    y = score > 0.5
    return x, y ^ (rng.random(n) < 0.15)


def binary(rng, n):
    profiles = rng.random((100, 600)) < 0.3
    y = rng.integers(0, 100, n)
    return profiles[y] ^ (rng.random((n, 600)) < 0.2), y


def sparse(rng, n):
    rows, columns = np.mgrid[:28, :28]
    shapes = np.zeros((10, 28, 28))
    for shape in shapes:
        for x, y in rng.uniform(6, 22, (6, 2)):
            shape += np.exp(-((rows - x) ** 2 + (columns - y) ** 2) / 8)
    label = rng.integers(0, 10, n)
    images = np.stack([np.roll(shapes[k], rng.integers(-2, 3, 2), (0, 1)) for k in label])
    images = images * 200 + rng.normal(size=images.shape) * 25
    kept = images > np.quantile(images, 0.83)
    return np.where(kept, np.clip(images, 0, 255).round(), 0).reshape(n, 784), label


def read_bytes(path):
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def find(folder, pattern):
    return sorted(folder.glob(pattern)) or sys.exit(f"no {pattern} in {folder}: give --only the shapes that are there")


def adult(folder):
    lines = [line.strip().rstrip(".").split(", ") for path in find(folder, "adult/adult.data") + find(folder, "adult/adult.test")
             for line in read_bytes(path).decode().splitlines()]
    table = np.array([line for line in lines if len(line) == 15])
    numeric = {0, 2, 4, 10, 11, 12}
    columns = [table[:, c].astype(float) if c in numeric else np.unique(table[:, c], return_inverse=True)[1]
               for c in range(14)]
    return np.stack(columns, 1), table[:, 14] == ">50K"


def mnist(folder):
    images = np.frombuffer(read_bytes(find(folder, "mnist/train-images*")[0]), np.uint8, offset=16)
    labels = np.frombuffer(read_bytes(find(folder, "mnist/train-labels*")[0]), np.uint8, offset=8)
    return images.reshape(-1, 784), labels


def cifar10(folder):
    batches = [np.frombuffer(read_bytes(path), np.uint8).reshape(-1, 3073)
               for path in find(folder, "cifar10/**/data_batch_*.bin*")]
    records = np.concatenate(batches)
    return records[:, 1:], records[:, 0]


def valued_shopper(folder, classes=100):
    text = read_bytes(find(folder, f"valued-shopper/valued_shopper_{classes}.csv*")[0]).decode()
    table = np.array([line.split(",") for line in text.split()], dtype=np.int32)
    return table[:, 1:], np.unique(table[:, 0], return_inverse=True)[1]


# Name: (maker, training rows).
MADE = {"a": (mixed, 10_000), "d": (mixed, 30_000), "b": (binary, 10_000), "c": (sparse, 10_000)}
READ = {"adult": adult, "mnist": mnist, "cifar10": cifar10, "valued_shopper_100": valued_shopper}

# Where logistic regression and naive Bayes are measured.
LOGISTIC = {"a", "b", "c", "adult", "mnist", "valued_shopper_100"}
BAYES = {"a", "b", "c", "adult", "mnist", "valued_shopper_100"}


def data_of(shape, data_dir):
    rng = np.random.default_rng(0)
    if shape in MADE:
        make, rows = MADE[shape]
        x, y = make(rng, rows + QUERIES)
    else:
        rows = 10_000
        x, y = READ[shape](data_dir)
        drawn = rng.permutation(len(x))[: rows + QUERIES]
        x, y = x[drawn], y[drawn]
    x, y = np.ascontiguousarray(x, dtype=np.float32), y.astype(np.uint32)
    # What is too small to leave any to ask is asked about what it was taught.
    asked = slice(rows, None) if len(x) >= rows + 1_000 else slice(rows)
    return x[:rows], y[:rows], x[asked], y[asked]


class Turncoat:
    """The Rust side: told what to do, timed from here by the CPU clock of its process."""

    def __init__(self, folder):
        program = TARGET / "release/examples/versus"
        if not program.exists():
            sys.exit(f"{program} is missing: cargo build --release -p turncoat-learn --example versus")
        self.process = subprocess.Popen([program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # How Linux numbers the clock that counts the CPU time of a process.
        self.clock = (~self.process.pid << 3) | 2

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        self.answer = self.process.stdout.readline().strip()
        return self.answer or sys.exit(f"turncoat failed at {command}")

    def seconds(self, command):
        start = time.clock_gettime(self.clock)
        self.do(command)
        return time.clock_gettime(self.clock) - start


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def compare_trees(turncoat, shape, x, y, queries, truth, rounds):
    """Median seconds of (turncoat, scikit-learn) by what was done."""
    leaves, hash_of_predictions = turncoat.do(f"load {shape}").split()
    times = {what: ([], []) for what in ("tree_fit", "tree_fit_prepared", "tree_predict", "tree_predict_prepared")}
    for state in range(rounds):
        model = DecisionTreeClassifier(random_state=state)
        theirs = seconds(lambda: model.fit(x, y))
        times["tree_fit"][0].append(turncoat.seconds("fit"))
        times["tree_fit_prepared"][0].append(turncoat.seconds("fit_prepared"))
        times["tree_fit"][1].append(theirs)
        times["tree_fit_prepared"][1].append(theirs)
        # Predictions are short: more of them, and many at a time. Both have a first one that is not counted.
        model.predict_proba(queries)
        turncoat.do("predict 1")
        turncoat.do("predict_prepared 1")
        for _ in range(3):
            theirs = seconds(lambda: [model.predict_proba(queries) for _ in range(PREDICTIONS)]) / PREDICTIONS
            for what, command in (("tree_predict", "predict"), ("tree_predict_prepared", "predict_prepared")):
                times[what][0].append(turncoat.seconds(f"{command} {PREDICTIONS}") / PREDICTIONS)
                times[what][1].append(theirs)
    print(f"# {shape}: {leaves} leaves, scikit-learn's last {model.get_n_leaves()} with {model.score(queries, truth):.3f} right, "
          f"predictions {hash_of_predictions}", file=sys.stderr)
    return {what: tuple(map(statistics.median, pair)) for what, pair in times.items()}


def compare_knn(turncoat, x, y, queries, rounds):
    """The same for k-nearest neighbours, k = 5: from the records to the answers, the fit being next to nothing."""
    model = KNeighborsClassifier(algorithm="brute")
    times = ([], [])
    for _ in range(rounds):
        times[0].append(turncoat.seconds(f"knn {len(queries)}"))
        times[1].append(seconds(lambda: model.fit(x, y).predict_proba(queries)))
    return {"knn": tuple(map(statistics.median, times))}


def compare_logistic(turncoat, shape, x, y, rounds):
    """The same for logistic regression: a fit with scikit-learn's defaults, and ours in the fewest steps that come at least as low."""
    model = LogisticRegression()
    warnings.simplefilter("ignore", ConvergenceWarning)

    def objective():
        losses = -model.predict_log_proba(x.astype(float))[np.arange(len(y)), y]
        return 0.5 * np.sum(model.coef_.astype(float) ** 2) + model.C * np.sum(losses)

    ours = lambda steps: float(turncoat.do(f"logistic {steps}").split()[0])
    model.fit(x, y)
    aim, steps = objective(), 1
    while ours(steps) > aim:
        steps += 1 + steps // 8
    times = ([], [])
    for _ in range(rounds):
        times[0].append(turncoat.seconds(f"logistic {steps}"))
        times[1].append(seconds(lambda: model.fit(x, y)))
    whole = turncoat.seconds("logistic 0")
    last, taken, end = turncoat.answer.split()
    print(f"# {shape}: scikit-learn comes to {aim:.6g} in {model.n_iter_[0]} steps, turncoat to {ours(steps):.6g} in {steps}; "
          f"{end} at {float(last):.6g} after {taken} steps and {whole * 1e3:.1f} ms", file=sys.stderr)
    return {"logistic_regression": tuple(map(statistics.median, times))}


def compare_bayes(turncoat, shape, x, y, queries, rounds):
    """The same for naive Bayes: a fit and the probabilities of all queries."""
    kinds = {"naive_bayes": ("gaussian", GaussianNB())}
    if shape == "b":
        kinds["naive_bayes_bernoulli"] = ("bernoulli", BernoulliNB())
    measured = {}
    for what, (kind, model) in kinds.items():
        turncoat.do(f"bayes {kind}")
        times = ([], [])
        for _ in range(rounds):
            times[0].append(turncoat.seconds(f"bayes {kind}"))
            times[1].append(seconds(lambda: model.fit(x, y).predict_proba(queries)))
        measured[what] = tuple(map(statistics.median, times))
    return measured


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="3 rounds instead of 9")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--data-dir", type=Path, help="folder with adult, mnist, cifar10, valued-shopper")
    parser.add_argument("--only", help="shapes, with commas between")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 9)
    shapes = options.only.split(",") if options.only else list(MADE) + (list(READ) if options.data_dir else [])
    for shape in shapes:
        if shape not in MADE and (shape not in READ or not options.data_dir):
            sys.exit(f"no shape {shape}: made are {', '.join(MADE)}; with --data-dir also {', '.join(READ)}")
    with tempfile.TemporaryDirectory() as folder:
        turncoat = Turncoat(folder)
        for shape in shapes:
            x, y, queries, truth = data_of(shape, options.data_dir)
            for part, array in {"x": x, "y": y, "q": queries}.items():
                np.save(Path(folder) / f"{shape}_{part}.npy", array)
            measured = compare_trees(turncoat, shape, x, y, queries, truth, rounds)
            if shape not in KNN_SPARED:
                asked = queries[: QUICK_NEIGHBOURS if options.quick else QUERIES]
                measured |= compare_knn(turncoat, x, y, asked, min(rounds, 3))
            if shape in LOGISTIC:
                measured |= compare_logistic(turncoat, shape, x, y, min(rounds, 5))
            if shape in BAYES:
                measured |= compare_bayes(turncoat, shape, x, y, queries, min(rounds, 5))
            for what, (ours, theirs) in measured.items():
                print(f"{what} {shape} {ours / theirs:.3f}", flush=True)
                print(f"#   {ours * 1e3:.2f} of {theirs * 1e3:.2f} ms", file=sys.stderr)


if __name__ == "__main__":
    main()
