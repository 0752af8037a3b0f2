"""Whether runs came to the same figures, and whether the party in Python took part in them.

python3 same_figures.py DIR DIR ...
"""

import json
import sys
from pathlib import Path

import numpy as np

first, *others = [Path(folder) for folder in sys.argv[1:]]


def figures(folder):
    report = json.loads((folder / "report.json").read_text())
    del report["timings_ms"]
    return report


for other in others:
    assert figures(first) == figures(other), f"{first} and {other} differ"
    for name in ["claims.csv.gz", "vectors.npz", "results.csv"]:
        assert (first / name).read_bytes() == (other / name).read_bytes(), f"{name} differs in {other}"

party = figures(first)["federation"]["parties"][1]
assert party["train_accuracy"]["mean"] > 0.99, "trees grown to the end know their training records"
vectors = np.load(first / "vectors.npz")
members = vectors["owner"] == 2
right = vectors["party_2"][members].argmax(axis=1) == vectors["label"][members]
assert right.mean() > 0.99 and members.sum() > 0, "the vectors are those of the party in Python"
assert (vectors["party_2"] != vectors["party_1"]).any()
for folder in [first, *others]:
    log = (folder / "logs" / "repeat-001" / "party-2.log").read_text()
    assert "joined a federation of 3 parties" in log and "fitted on" in log, log
print(f"{1 + len(others)} runs, the same figures; party 2 was trained in Python on {members.sum()} records in all")
