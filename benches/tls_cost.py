"""What TLS costs a federation: the same round with certificates and in plain text, in turn.

    cargo build --release
    python3 benches/tls_cost.py [--rounds 10]

A round is that of federation_round.py: launch of six processes, four fits, 20,000 averaged queries, shutdown; under TLS the
authority and the certificates are made in it, too. Prints both medians, their ratio, and the ratio of each pair.
"""

import argparse
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [str(ROOT / "target/release/turncoat"), "run", str(ROOT / "scenarios/bench/federation-round.yaml"), "--quiet"]


def round_of(tls):
    start = time.perf_counter()
    subprocess.run(
        [*COMMAND, "--set", f"launch.tls={str(tls).lower()}"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    for tls in (True, False):
        round_of(tls)
    pairs = [(round_of(True), round_of(False)) for _ in range(rounds)]
    secure, plain = (statistics.median(times) for times in zip(*pairs))
    ratios = sorted(one / other for one, other in pairs)
    print(f"median of {rounds}: TLS {secure:.3f} s, plain {plain:.3f} s, ratio {secure / plain:.3f}")
    print(f"pairs: {ratios[0]:.2f} to {ratios[-1]:.2f}, median {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main()
