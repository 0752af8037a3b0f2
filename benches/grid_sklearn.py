"""The grid of a single target, 4 targets x 4 generations x 4 attack models, in scikit-learn and joblib on all cores.

    python3 -m venv venv && venv/bin/pip install -r benches/requirements.txt
    venv/bin/python benches/grid_sklearn.py --data-dir data                       # the stand-in with 50 classes, 3 folds
    venv/bin/python benches/grid_sklearn.py --data-dir data --dataset adult       # or mnist, cifar10

What turncoat's grid is held against: the experiment of Truex et al., section 4, with the same roles for the same records,
written as one would write it with care. A distinct model is fitted once and not once a cell, attack models answer all folds
and targets at a time, each worker's numerical libraries run on one thread, and the workers are up before the clock starts.

A repeat shuffles the records: half of them are the target pool, the others the shadow pool. Fold 2g halves the target pool
class by class into in and out, fold 2g + 1 is the same halving with the roles changed; of a class with an odd number one
record is left out. A target trains on the records in and is asked about both. The shadow pool is cut class by class into
q + 1 parts; a generation model trains on each of q of them and is asked about what it trained on (in) and about the part that
trains none (out), equally many of each class; what is left over trains and is not asked about. Those answers are D*. The
attack has one model for each class of the record, of the rows of D* of that class, and one of all rows where D* has none;
it sees the whole vector and claims in where its probability of in is at least one half. Neither D* nor the attack models
depend on the fold.

On standard output one line a cell, target,generation,attack_learner,accuracy,precision: means over folds and repeats. On
standard error the wall time without reading the data, and the cells of one type in all three roles.
"""

import argparse
import csv
import itertools
import sys
import time
import warnings
from pathlib import Path

import versus_sklearn as versus  # Before all else: one thread for each of the numerical libraries, of the workers too.

import numpy as np
from joblib import Parallel, delayed
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

TYPES = ("decision_tree", "knn", "logistic_regression", "naive_bayes")
READ = {"adult": versus.adult, "mnist": versus.mnist, "cifar10": versus.cifar10, "valued_shopper": versus.valued_shopper}


def fitted(kind, x, y, seed):
    model = {
        "decision_tree": lambda: DecisionTreeClassifier(random_state=seed),
        # Where a class has fewer rows than neighbours, all of them vote.
        "knn": lambda: KNeighborsClassifier(min(5, len(x)), algorithm="brute"),
        "logistic_regression": lambda: LogisticRegression(C=1, max_iter=1000),
        "naive_bayes": lambda: GaussianNB(),
    }[kind]()
    return model.fit(x, y)


def vectors(model, x, classes):
    """Probabilities in the order of all classes, zero for a class that the model was never shown."""
    answers = np.zeros((len(x), classes))
    answers[:, model.classes_] = model.predict_proba(x)
    return answers


def quietly():
    """Some of these never converge in as many steps; that says nothing here."""
    warnings.simplefilter("ignore", ConvergenceWarning)


def answers_of(kind, x, y, train, asked, classes, seed):
    quietly()
    return vectors(fitted(kind, x[train], y[train], seed), x[asked], classes)


def attack(kind, set_x, set_y, members, asked, labels, seed):
    """Whether the attack claims in, for each of the vectors asked about."""
    quietly()
    claims = np.zeros(len(asked), dtype=bool)
    shared = None
    for label in np.unique(labels):
        own, rows = set_y == label, labels == label
        if own.any():
            model = fitted(kind, set_x[own], members[own], seed)
        else:
            model = shared = shared or fitted(kind, set_x, members, seed)
        claims[rows] = model.predict_proba(asked[rows])[:, 1] >= 0.5
    return claims


def halves(rng, rows, y):
    """Two halves of the rows with equally many of each class."""
    inside, outside = [], []
    for label in np.unique(y[rows]):
        of_class = rng.permutation(rows[y[rows] == label])
        half = len(of_class) // 2
        inside.append(of_class[:half])
        outside.append(of_class[half:2 * half])
    return np.concatenate(inside), np.concatenate(outside)


def cut(rng, rows, y, q):
    """Rows that train nothing; for each of q partitions those that train, and of these those that are asked about."""
    out, inside, train, spare = [], [[] for _ in range(q)], [[] for _ in range(q)], []
    for label in np.unique(y[rows]):
        of_class = rng.permutation(rows[y[rows] == label])
        share = len(of_class) // (q + 1)
        out.extend(of_class[:share])
        for part in range(q):
            inside[part].extend(of_class[share * (part + 1):share * (part + 2)])
        spare.extend(of_class[share * (q + 1):])
    for part in range(q):
        train[part] = np.array(inside[part] + spare[part::q])
        inside[part] = np.array(inside[part])
    return np.array(out), inside, train


def repeat(parallel, x, y, classes, folds, q, seed):
    """Accuracy and precision of each cell, arrays [folds]."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    pool, shadow = np.split(order, [(len(y) + 1) // 2])
    splits = []
    for fold in range(0, folds, 2):
        inside, outside = halves(rng, pool, y)
        splits += [(inside, outside), (outside, inside)][: folds - fold]
    out, inside, train = cut(rng, shadow, y, q)

    # All targets and generation models side by side, the slowest kinds first.
    slowest_first = ("logistic_regression", "knn", "naive_bayes", "decision_tree")
    jobs = {}
    for kind in slowest_first:
        for part in range(q):
            jobs["generation", kind, part] = (train[part], np.concatenate([inside[part], out]))
        for fold, (members, others) in enumerate(splits):
            jobs["target", kind, fold] = (members, np.concatenate([members, others]))
    answers = parallel(delayed(answers_of)(key[1], x, y, *rows, classes, seed) for key, rows in jobs.items())
    answers = dict(zip(jobs, answers))

    # Each attack model answers about all targets and folds at a time.
    asked_of = [(target, fold) for target in TYPES for fold in range(folds)]
    asked = np.concatenate([answers["target", target, fold] for target, fold in asked_of])
    labels = np.concatenate([y[jobs["target", target, fold][1]] for target, fold in asked_of])
    set_y = np.concatenate([y[jobs["generation", TYPES[0], part][1]] for part in range(q)])
    members = np.concatenate([np.arange(len(inside[part]) + len(out)) < len(inside[part]) for part in range(q)])
    sets = {kind: np.concatenate([answers["generation", kind, part] for part in range(q)]) for kind in TYPES}
    pairs = [(generation, kind) for kind in slowest_first for generation in TYPES]
    claims = parallel(delayed(attack)(kind, sets[generation], set_y, members, asked, labels, seed)
                      for generation, kind in pairs)
    claims = dict(zip(pairs, claims))

    figures = {}
    ends = np.cumsum([len(answers["target", target, fold]) for target, fold in asked_of])[:-1]
    for (generation, kind), all_claims in claims.items():
        for (target, fold), claimed in zip(asked_of, np.split(all_claims, ends)):
            truth = np.arange(len(claimed)) < len(claimed) // 2
            right = np.mean(claimed == truth)
            precision = np.mean(truth[claimed]) if claimed.any() else np.nan
            figures.setdefault((target, generation, kind), []).append((right, precision))
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with valued-shopper, adult, mnist, cifar10")
    parser.add_argument("--dataset", choices=READ, default="valued_shopper")
    parser.add_argument("--classes", type=int, default=50, help="of valued_shopper: 10, 20, 50 or 100")
    parser.add_argument("--records", type=int, default=10_000, help="drawn from the data, if it has more")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=1, help="q, the models of a generation")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    of_classes = {"classes": options.classes} if options.dataset == "valued_shopper" else {}
    x, y = READ[options.dataset](options.data_dir, **of_classes)
    drawn = np.random.default_rng(options.seed).permutation(len(x))[: options.records]
    x, y = np.ascontiguousarray(x[drawn], dtype=np.float32), y[drawn].astype(np.int64)
    classes = int(y.max()) + 1

    figures = {}
    with Parallel(n_jobs=options.jobs) as parallel:
        parallel(delayed(quietly)() for _ in range(2 * options.jobs))
        start = time.perf_counter()
        for number in range(options.repeats):
            found = repeat(parallel, x, y, classes, options.folds, options.partitions, options.seed + number)
            for cell, values in found.items():
                figures.setdefault(cell, []).extend(values)
        taken = time.perf_counter() - start
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(("target", "generation", "attack_learner", "accuracy", "precision"))
    for cell in itertools.product(TYPES, TYPES, TYPES):
        accuracies, precisions = np.array(figures[cell]).T
        precision = np.nanmean(precisions) if not np.isnan(precisions).all() else np.nan
        lines.writerow((*cell, f"{accuracies.mean():.4f}", f"{precision:.4f}"))
    print(f"# {len(y)} records, {x.shape[1]} features, {classes} classes, {options.folds} folds, {options.repeats} repeats, "
          f"{options.jobs} jobs: {taken:.2f} s", file=sys.stderr)
    for kind in TYPES:
        print(f"# {kind}: {np.array(figures[kind, kind, kind])[:, 0].mean():.4f}", file=sys.stderr)


if __name__ == "__main__":
    main()
