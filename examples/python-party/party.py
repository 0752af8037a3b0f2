"""A party of a turncoat federation that is not turncoat's: extremely randomised trees by scikit-learn.

    python3 party.py --id 2 --shard shard.npz --coordinator 192.0.2.1:7700 --certificate certs/party-2.pem

Another model is another `make_model`; another language is another program that keeps proto/turncoat/v1/party.proto.
"""

import argparse
import sys

from sklearn.ensemble import ExtraTreesClassifier

from contract import serve
from identity import Certificate, Tokens


def make_model(seed):
    """Grown until every leaf is pure, as a party would that thinks only of its accuracy."""
    return ExtraTreesClassifier(n_estimators=50, random_state=seed, n_jobs=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--id", type=int, required=True, help="its number, from 1")
    parser.add_argument("--shard", required=True, help="its training records: .npz with x (f32, [n, d]) and y (u32, [n])")
    parser.add_argument("--coordinator", required=True, metavar="HOST:PORT", help="the coordinator to join")
    parser.add_argument("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="port 0 takes a free one")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--certificate", metavar="FILE", help="as `turncoat certs new` makes it")
    who.add_argument("--insecure", action="store_true", help="plain text, with the tokens of --credentials")
    parser.add_argument("--credentials", metavar="FILE", help="as `turncoat credentials` makes it")
    parser.add_argument("--join-timeout-ms", type=int, default=60_000, metavar="MS")
    parser.add_argument("--drain-timeout-ms", type=int, default=2_000, metavar="MS")
    parser.add_argument("--supervised", action="store_true", help="say where it listens, stop when standard input closes")
    # Whoever starts every party with the same options may give some that are of no use here.
    args, _ = parser.parse_known_args()
    if args.insecure and not args.credentials:
        parser.error("--insecure needs --credentials")
    identity = Certificate(args.certificate) if args.certificate else Tokens(args.credentials, args.id)
    done = serve(
        args.id,
        args.shard,
        make_model,
        identity,
        hub=args.coordinator,
        listen=args.listen,
        supervised=args.supervised,
        join_ms=args.join_timeout_ms,
        drain_ms=args.drain_timeout_ms,
    )
    sys.exit(0 if done else 4)


if __name__ == "__main__":
    main()
