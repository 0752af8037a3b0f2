#!/usr/bin/env python3
"""How a federation in one process grows with its parties, from 10 to 2,000 of 10 records each.

    cargo build --release
    python3 benches/parties.py [--turncoat target/release/turncoat] [--parties 10 100 1000]

One repeat on the `census` generator (12 features, 2 classes): every party trains a tree, the federation's accuracy is measured on
records that were trained on and on as many new ones, and an insider, who sees every party's answer, names the owners of records.
Each party answers three questions about each of 10 n records, until that makes two million answers a question, beyond which a part
of the records is asked about (evaluation.max_answers). Prints wall-clock and CPU time, peak resident memory, each also by party, and
the stages of the run.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = """\
name: parties
seed: 1
repeats: 1
data: {{synthetic: {{census: {{records: {records}}}}}}}
federation: {{parties: {parties}, records_per_party: 10, skew: iid, learner: decision_tree}}
adversaries:
  - party: {{id: 1, attacks: [least_loss]}}
launch: {{mode: in_process}}
timeouts: {{ready_ms: 600000, connect_ms: 600000}}
"""


def run(turncoat, parties, folder):
    """Wall-clock seconds, CPU seconds, peak resident MB and the stages of one run."""
    scenario = folder / "parties.yaml"
    scenario.write_text(SCENARIO.format(parties=parties, records=25 * parties))
    start = time.perf_counter()
    with (folder / "report.json").open("w") as report:
        child = subprocess.Popen([turncoat, "run", scenario, "--format", "json", "--quiet"], stdout=report)
        _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{parties} parties: exit code {child.returncode}")
    stages = json.loads((folder / "report.json").read_text())["timings_ms"]
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, stages


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turncoat", default=ROOT / "target/release/turncoat")
    parser.add_argument("--parties", type=int, nargs="+", default=[10, 50, 100, 250, 500, 1000, 2000])
    options = parser.parse_args()
    print("| parties | wall, s | CPU, s | CPU by party, ms | peak memory, MB | memory by party, MB | stages, s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        # What the program takes without a federation of any size.
        _, _, base, _ = run(options.turncoat, 3, Path(folder))
        for parties in options.parties:
            wall, cpu, memory, stages = run(options.turncoat, parties, Path(folder))
            told = ", ".join(f"{name} {stages[name] / 1e3:.2f}" for name in ["launch", "fit", "measure", "attack", "stop"])
            print(
                f"| {parties:,} | {wall:.2f} | {cpu:.2f} | {1e3 * cpu / parties:.1f} | {memory:.0f} "
                f"| {(memory - base) / parties:.2f} | {told} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
