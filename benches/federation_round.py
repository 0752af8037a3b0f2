"""What a round of federation costs, beside a plain in-process scikit-learn script that does the same work.

    python3 -m venv venv && venv/bin/pip install -r benches/requirements.txt
    cargo build --release
    venv/bin/python benches/federation_round.py [--rounds 7]

Both make 20,000 x 32 records in 10 classes (10 Gaussian clusters a class, 5 % label noise), divide by dirichlet 0.5 shares
of 10,000 of them to 4 parties, fit one full tree each and average 20,000 answers. turncoat does it from the command
line to the answer: launch, processes, gRPC and shutdown included. The two are run in turn; medians are printed, and
the largest sum of resident memory over turncoat's processes.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from processes import resident_mb

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [str(ROOT / "target/release/turncoat"), "run", str(ROOT / "scenarios/bench/federation-round.yaml"), "--quiet"]


def plain(seed):
    rng = np.random.default_rng(seed)
    start = time.perf_counter()
    centres = rng.normal(0, 1, (100, 32))
    cluster = rng.integers(0, 100, 20_000)
    x = (centres[cluster] + rng.normal(0, 1, (20_000, 32))).astype(np.float32)
    y = cluster % 10
    noisy = rng.random(20_000) < 0.05
    y[noisy] = rng.integers(0, 10, noisy.sum())
    pools = [list(rng.permutation(np.flatnonzero(y == c))) for c in range(10)]
    mean = np.zeros((20_000, 10))
    for _ in range(4):
        shares = rng.dirichlet(np.full(10, 0.5))
        rows = [pools[c].pop() for c in range(10) for _ in range(min(int(shares[c] * 2_500), len(pools[c])))]
        tree = DecisionTreeClassifier(random_state=0).fit(x[rows], y[rows])
        mean[:, tree.classes_] += tree.predict_proba(x) / 4
    return time.perf_counter() - start


def federated(watch):
    start = time.perf_counter()
    process = subprocess.Popen(COMMAND, stdout=subprocess.DEVNULL)
    peak = 0
    while watch and process.poll() is None:
        peak = max(peak, resident_mb(process.pid))
        time.sleep(0.002)
    if process.wait() != 0:
        sys.exit("turncoat failed")
    return time.perf_counter() - start, peak


parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=7)
rounds = parser.parse_args().rounds
ours, theirs = [], []
for number in range(rounds):
    theirs.append(plain(number))
    ours.append(federated(watch=False)[0])
peak = max(federated(watch=True)[1] for _ in range(3))
ours, theirs = statistics.median(ours), statistics.median(theirs)
print(f"scikit-learn in one process  {theirs:.2f} s")
print(f"turncoat, six processes      {ours:.2f} s  ({ours / theirs:.2f} of it), at most {peak:.0f} MB in all")
