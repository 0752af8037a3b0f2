"""The main job beside the script that a researcher would write: Table 8 of Truex et al., by turncoat and by scikit-learn and joblib.

    python3 -m venv venv && venv/bin/pip install -r benches/requirements.txt
    cargo build --release
    venv/bin/python benches/table8.py --data-dir data [--rounds 5] [--only adult] [--turncoat target/release/turncoat]

Of each repeat: three shards drawn under a uniform class skew, a full tree on each, the accuracy of their mean on records of the
shards and on as many new ones, an insider (party 3) that names the owners of the others' records by `least_loss` and
`prior_aware`, and an outsider's `gap` on the shards' records and as many new ones. turncoat does it in process and as processes
over TLS, from the command line to the report; the script on all cores, its workers up and the data read before its clock
starts. The three run in turn; medians are printed with their ratio to the script's.

Of turncoat also: bytes over the loopback interface (of the whole machine, so an idle one), the largest sum of resident
memory over its processes, and milliseconds by stage, summed over the repeats, which run side by side.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import versus_sklearn as versus  # Before all else: one thread for each of the numerical libraries, of the workers too.

import numpy as np
from joblib import Parallel, delayed
from sklearn.tree import DecisionTreeClassifier

from processes import resident_mb

ROOT = Path(__file__).resolve().parent.parent
# Scenario, reader, records a party, auxiliary records, repeats.
SETS = {
    "adult": ("table8-adult", versus.adult, 3000, 3000, 60),
    "mnist": ("table8-mnist", versus.mnist, 2000, 2000, 30),
    "valued_shoppers_100": ("table8-valued-shopper-100", versus.valued_shopper, 1997, 1000, 30),
}
ATTACKS = "adversaries=[{party: {id: 3, attacks: [least_loss, prior_aware]}}, {outsider: {attacks: [gap]}}]"


def vectors(model, x, classes):
    answers = np.zeros((len(x), classes))
    answers[:, model.classes_] = model.predict_proba(x)
    return answers


def scores(truth, claims, parties):
    """Accuracy and macro precision."""
    precisions = [np.mean(truth[claims == party] == party) if (claims == party).any() else 0.0 for party in parties]
    return np.mean(truth == claims), np.mean(precisions)


def matched(rng, members, others, y):
    """As many members and new records of each class as there are of both."""
    rows = [[], []]
    for label in np.unique(y[members]):
        inside, outside = members[y[members] == label], others[y[others] == label]
        n = min(len(inside), len(outside))
        rows[0].extend(rng.permutation(inside)[:n])
        rows[1].extend(rng.permutation(outside)[:n])
    return np.array(rows[0]), np.array(rows[1])


def repeat(x, y, size, auxiliary, seed):
    rng = np.random.default_rng(seed)
    classes = y.max() + 1
    order = rng.permutation(len(y))
    known, rest = order[:auxiliary], order[auxiliary:]
    pools = [list(rest[y[rest] == label]) for label in range(classes)]
    shards = []
    for _ in range(3):
        counts = rng.multinomial(size, rng.dirichlet(np.ones(classes)))
        shards.append(np.array([pool.pop() for pool, count in zip(pools, counts) for _ in range(min(count, len(pool)))]))
    outside = rng.permutation(np.concatenate([np.array(pool, dtype=int) for pool in pools]))
    trees = [DecisionTreeClassifier(random_state=seed).fit(x[rows], y[rows]) for rows in shards]
    train = np.concatenate(shards)
    new = outside[:len(train)]

    # Every record that anybody asks about is answered once.
    asked = np.concatenate([train, new, known])
    answers = np.stack([vectors(tree, x[asked], classes) for tree in trees])
    mean = answers.mean(axis=0)
    place = np.full(len(y), -1)
    place[asked] = np.arange(len(asked))
    right = mean.argmax(axis=1) == y[asked]
    measured = [right[place[train]].mean(), right[place[new]].mean()]

    # Whose is it? The party that is surer of the class; then with the class shares that their answers betray.
    targets = np.concatenate(shards[:2])
    truth = np.repeat([0, 1], [len(shards[0]), len(shards[1])])
    of_class = answers[:2, place[targets], y[targets]]
    shares = answers[:2][:, place[np.concatenate([shards[2], known])]].mean(axis=1)
    coin = rng.random(len(targets)) * 1e-12
    prior = shares[:, y[targets]]
    for score in (of_class[1] - of_class[0], (of_class[1] - of_class[0]) + 1e-6 * (prior[1] - prior[0])):
        measured.extend(scores(truth, (score + coin > coin.mean()).astype(int), (0, 1)))

    # Was it in? Predicted right.
    for inside, out in ((train, new[:len(train)]), matched(rng, train, outside[:len(train)], y)):
        truth = np.repeat([1, 0], [len(inside), len(out)])
        claims = right[place[np.concatenate([inside, out])]].astype(int)
        measured.extend(scores(truth, claims, (1,)))
    return measured


def script(parallel, name, x, y):
    _, _, size, auxiliary, repeats = SETS[name]
    start = time.perf_counter()
    figures = np.array(parallel(delayed(repeat)(x, y, size, auxiliary, seed) for seed in range(repeats)))
    seconds = time.perf_counter() - start
    accuracy, prior = figures[:, 2].mean(), figures[:, 4].mean()
    print(f"  {name}: least_loss {accuracy:.3f}, prior_aware {prior:.3f} accuracy", file=sys.stderr)
    return seconds


def loopback():
    for line in Path("/proc/net/dev").read_text().splitlines():
        if line.strip().startswith("lo:"):
            return int(line.split()[1])
    return 0


def turncoat(options, name, mode, watch=False):
    """Seconds; with `watch` also the largest sum of resident memory, bytes over loopback, milliseconds by stage."""
    scenario, *_ = SETS[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [options.turncoat, "run", str(ROOT / f"scenarios/truex/{scenario}.yaml"), "--data-dir", options.data_dir,
                   "--set", f"launch.mode={mode}", "--set", ATTACKS, "--quiet", *options.more]
        # Pages, pictures and claims are written where stages are read from them, not where time is compared: the script writes none.
        command += ["--out", f"{folder}/out"] if watch else []
        sent, start, peak = loopback(), time.perf_counter(), 0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while watch and process.poll() is None:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(0.01)
        if process.wait() != 0:
            sys.exit("turncoat failed")
        seconds = time.perf_counter() - start
        if not watch:
            return seconds
        stages = json.loads(Path(f"{folder}/out/report.json").read_text())["timings_ms"]
        return peak, loopback() - sent, stages


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--turncoat", default=str(versus.TARGET / "release/turncoat"))
    parser.add_argument("more", nargs="*", help="more options of turncoat run")
    options = parser.parse_args()
    for name in [options.only] if options.only else SETS:
        x, y = SETS[name][1](Path(options.data_dir))
        x, y = np.ascontiguousarray(x, dtype=np.float32), np.asarray(y, dtype=int)
        with Parallel(n_jobs=-1) as parallel:
            script_once = lambda: script(parallel, name, x, y)
            parallel(delayed(time.sleep)(0.1) for _ in range(os.cpu_count()))
            ways = {
                "scikit-learn and joblib": script_once,
                "turncoat, in process": lambda: turncoat(options, name, "in_process"),
                "turncoat, as processes": lambda: turncoat(options, name, "processes"),
            }
            taken = {way: [] for way in ways}
            for _ in range(options.rounds):
                for way, run in ways.items():
                    taken[way].append(run())
        medians = {way: statistics.median(seconds) for way, seconds in taken.items()}
        theirs = medians["scikit-learn and joblib"]
        for way, seconds in medians.items():
            print(f"{name:20} {way:24} {seconds:6.2f} s  {seconds / theirs:5.2f}")
        for mode in ("in_process", "processes"):
            peak, sent, stages = turncoat(options, name, mode, watch=True)
            parts = ", ".join(f"{stage} {ms:.0f}" for stage, ms in sorted(stages.items(), key=lambda part: -part[1]) if ms >= 1)
            print(f"{name:20} {mode:24} {peak:.0f} MB, {sent / 1e6:.0f} MB over loopback; ms: {parts}", flush=True)


if __name__ == "__main__":
    main()
