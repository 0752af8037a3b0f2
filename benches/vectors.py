"""The memory that a run with `export: [vectors]` takes at its peak, beside the same run without.

    cargo build --release
    python3 benches/vectors.py [--binary target/release/turncoat] [--records 16000] [--parties 20] [--classes 100]

One process holds the whole federation (launch: in_process). Half of the records are in shards, the other half are the non-members of an
outsider's gap attack; every party's vectors of all of them are kept. Resident memory is what the system says of the finished process
(ru_maxrss), so the models, the data and the services are part of it.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

SCENARIO = """
name: vectors
seed: 1
repeats: 1
data: {{synthetic: {{purchases: {{records: {records}, features: 60, classes: {classes}}}}}}}
federation: {{parties: {parties}, records_per_party: {each}, skew: iid, learner: naive_bayes}}
adversaries:
  - outsider: {{attacks: [gap]}}
export: {export}
launch: {{mode: in_process}}
"""


def measure(binary, scenario, folder):
    """Seconds, and the peak of resident memory in MiB."""
    path = folder / "vectors.yaml"
    path.write_text(scenario)
    begun = time.monotonic()
    child = subprocess.Popen([binary, "run", str(path), "--out", str(folder / "out"), "--overwrite", "--quiet"],
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    kib = usage.ru_maxrss if os.uname().sysname == "Linux" else usage.ru_maxrss / 1024
    return time.monotonic() - begun, kib / 1024


def main():
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--binary", default="target/release/turncoat")
    told.add_argument("--records", type=int, default=16_000)
    told.add_argument("--parties", type=int, default=20)
    told.add_argument("--classes", type=int, default=100)
    asked = told.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for export in ["[]", "[vectors]"]:
            scenario = SCENARIO.format(records=asked.records, parties=asked.parties, classes=asked.classes,
                                       each=asked.records // 2 // asked.parties, export=export)
            seconds, mib = measure(asked.binary, scenario, folder)
            print(f"export: {export:10} {seconds:6.1f} s, {mib:6.1f} MiB at most")
        for name in ["vectors.npz", "vectors.csv.gz"]:
            print(f"{name}: {(folder / 'out' / name).stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
