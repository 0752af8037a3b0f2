"""Whether two builds of turncoat reach the same reports: runs scenarios with both and compares report.json, field by
field; of a sweep that of each of its runs.

    python3 benches/same_reports.py OLD NEW [--data-dir DIR] [--set KEY=VALUE ...] SCENARIO ...

OLD and NEW are executables. Of each scenario it prints `same`, or every field that differs with its old and new value. Fields that tell
of the run and not of its figures (version, times) are left out. Exit code 1 when something differs.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# What may differ between two runs of one build.
OF_THE_RUN = {"version", "kernel", "launch", "timings_ms"}


def fields(value, path=""):
    """Every leaf of a report with its path."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in OF_THE_RUN:
                yield from fields(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            name = below.get("id") or below.get("attack") if isinstance(below, dict) else None
            yield from fields(below, f"{path}[{name or place}@{place}]" if name else f"{path}[{place}]")
    else:
        yield path, value


def report(executable, scenario, options, folder):
    command = [executable, "run", scenario, "--out", str(folder), *options]
    ended = subprocess.run(command, capture_output=True, text=True)
    # 5: done, with answers missing, which the report tells.
    if ended.returncode not in (0, 5):
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stderr}")
    found = {}
    # A sweep has a report for each of its runs.
    for file in sorted(folder.rglob("report.json")):
        run = "" if file.parent == folder else str(file.parent.relative_to(folder))
        found.update(fields(json.loads(file.read_text()), run))
    if not found:
        sys.exit(f"{' '.join(command)} wrote no report")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("scenarios", nargs="+")
    parser.add_argument("--data-dir")
    parser.add_argument("--set", action="append", default=[])
    args = parser.parse_args()
    options = ["--data-dir", args.data_dir] if args.data_dir else []
    options += [word for text in args.set for word in ("--set", text)]
    differ = False
    for scenario in args.scenarios:
        with tempfile.TemporaryDirectory() as folder:
            old = report(args.old, scenario, options, Path(folder) / "old")
            new = report(args.new, scenario, options, Path(folder) / "new")
        changes = [path for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)]
        print(f"{scenario}: {f'{len(changes)} fields differ' if changes else 'same'}", flush=True)
        for path in changes:
            print(f"  {path}: {old.get(path)} -> {new.get(path)}")
        differ |= bool(changes)
    sys.exit(differ)


if __name__ == "__main__":
    main()
