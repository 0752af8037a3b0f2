"""Reference figures for tests/figures.rs, by scikit-learn.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python figures.py > figures.txt

Each case is two lines. Membership: `membership precision accuracy recall auc advantage tpr1 tpr01`, then
`score,claim,truth` for each record. Source: `source precision accuracy recall`, then `claim,owner` for each record.
"""

import warnings

import numpy as np
from sklearn.metrics import (accuracy_score, precision_score, recall_score, roc_auc_score, roc_curve)

warnings.simplefilter("ignore")


def step(truth, score, bound):
    fpr, tpr, _ = roc_curve(truth, score, drop_intermediate=False)
    return tpr[fpr <= bound + 1e-12].max()


def membership(score, claim, truth):
    advantage = claim[truth == 1].mean() - claim[truth == 0].mean()
    figures = [
        precision_score(truth, claim, zero_division=np.nan),
        accuracy_score(truth, claim),
        recall_score(truth, claim),
        roc_auc_score(truth, score),
        advantage,
        step(truth, score, 0.01),
        step(truth, score, 0.001),
    ]
    print("membership", *(repr(float(f)) for f in figures))
    print(*(f"{float(s)!r},{c},{t}" for s, c, t in zip(score, claim, truth)))


def source(claim, owner):
    parties = sorted(set(owner))
    figures = [
        precision_score(owner, claim, labels=parties, average="macro", zero_division=0),
        accuracy_score(owner, claim),
        recall_score(owner, claim, labels=parties, average="macro", zero_division=np.nan),
    ]
    print("source", *(repr(float(f)) for f in figures))
    print(*(f"{c},{o}" for c, o in zip(claim, owner)))


rng = np.random.default_rng(8)
for size, levels, lift in [(20, 3, 0), (200, 4, 1), (400, 1000, 150), (60, 1, 0), (1000, 2, 1)]:
    truth = np.repeat([1, 0], size)
    score = (rng.integers(0, levels, 2 * size) + lift * truth * rng.integers(0, 2, 2 * size)) / levels
    membership(score, (score >= 0.5).astype(int), truth)
for size, parties, right in [(50, 2, 0.6), (300, 3, 0.4), (100, 10, 0.8), (40, 4, 0.0)]:
    owner = rng.integers(1, parties + 1, size)
    owner[:parties] = np.arange(1, parties + 1)
    claim = np.where(rng.random(size) < right, owner, rng.integers(1, parties + 1, size))
    source(claim, owner)
owner = np.array([1, 1, 2, 3, 3, 3])
source(np.array([1, 3, 3, 3, 3, 1]), owner)  # nobody claims party 2
