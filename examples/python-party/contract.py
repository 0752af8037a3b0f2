"""The contract of a turncoat party, kept in Python: join a federation, train when told, answer with probabilities.

A model is any object with ``fit(x, y)`` and ``predict_proba(x)`` whose ``classes_`` tells what its columns stand for,
which is what scikit-learn's classifiers are. `serve` is all that a program needs to call.

The messages are read from the project's ``proto`` folder when the program starts; nothing generated is kept.
"""

import hashlib
import json
import pickle
import signal
import sys
import threading
import time
from concurrent import futures
from pathlib import Path

import grpc
import numpy as np

from identity import OPTIONS, NotTheCoordinator

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "proto"))
types = grpc.protos("turncoat/v1/types.proto")
messages, rpcs = grpc.protos_and_services("turncoat/v1/party.proto")
hub_messages, hub_rpcs = grpc.protos_and_services("turncoat/v1/coordinator.proto")

PROTOCOL, REVISION = "turncoat.v1", 4
# Statuses after which a coordinator is asked again: it may not be up yet, or unable to dial back just now.
PASSING = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


def matrix(records):
    """The values of a `Records` message, a row a record, whichever of its forms they come in; None where it has no such shape."""
    shape, form = (records.rows, records.features), records.WhichOneof("values")
    if form == "f32":
        values = np.frombuffer(records.f32, "<f4")
    elif form == "u8":
        values = np.frombuffer(records.u8, "u1").astype("f4")
    elif form == "bits":
        bits = np.unpackbits(np.frombuffer(records.bits, "u1"), bitorder="little")
        values = bits[: shape[0] * shape[1]].astype("f4")
    else:
        return None
    return values.reshape(shape) if shape[1] and values.size == shape[0] * shape[1] else None


class Refusal(Exception):
    """A call that cannot be answered, with the status that says why."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


class Fitted:
    """A model, and the digest by which the coordinator knows it again."""

    def __init__(self, model, classes):
        self.model, self.classes = model, classes
        saved = pickle.dumps(model)
        self.bytes, self.digest = len(saved), hashlib.sha256(saved).digest()

    def predict_proba(self, records):
        """A row for each record, a column for each class of the federation: also for those that the shard lacks."""
        if self.model is None:
            # Without records nothing is known: every class is as likely.
            return np.full((len(records), self.classes), 1.0 / self.classes)
        whole = np.zeros((len(records), self.classes))
        whole[:, self.model.classes_.astype(int)] = self.model.predict_proba(records)
        return whole


class PartyService(rpcs.PartyServicer):
    """One data owner. One call trains at a time, and every answer comes from one model."""

    def __init__(self, number, shard, make_model, identity):
        with np.load(shard) as arrays:
            self.x, self.y = arrays["x"], arrays["y"].astype(int)
        self.number, self.make_model, self.identity = number, make_model, identity
        self.fitted, self.fitting = None, threading.Lock()

    def Fit(self, request, context):
        return self.answer(self.fit, request, context)

    def PredictProba(self, request, context):
        return self.answer(self.predict_proba, request, context)

    def Status(self, request, context):
        return self.answer(self.status, request, context)

    def answer(self, how, request, context):
        try:
            self.identity.demand_coordinator(context)
            return how(request)
        except (NotTheCoordinator, Refusal) as error:
            print(f"refused: {error}", file=sys.stderr, flush=True)
            context.abort(error.code, str(error))

    def fit(self, request):
        if not self.fitting.acquire(blocking=False):
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "a fit is under way")
        try:
            return self.train(request)
        finally:
            self.fitting.release()

    def train(self, request):
        began, records = time.monotonic(), len(self.y)
        if request.classes < 1 or len(request.seed) != 32:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "needs at least one class and a seed of 32 bytes")
        if records and self.y.max() >= request.classes:
            reason = f"the shard has class {self.y.max()}, the federation {request.classes} classes"
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, reason)
        model = None
        if records:
            model = self.make_model(int.from_bytes(request.seed[:4], "little")).fit(self.x, self.y)
        fitted = Fitted(model, request.classes)
        fit = types.PartyFit(party=self.number, records=records, model_bytes=fitted.bytes, model_digest=fitted.digest)
        if records:
            fit.train_accuracy = float(np.mean(fitted.predict_proba(self.x).argmax(axis=1) == self.y))
        fit.fit_ms = (time.monotonic() - began) * 1e3
        self.fitted = fitted
        print(f"fitted on {records} records in {fit.fit_ms:.0f} ms", file=sys.stderr, flush=True)
        return fit

    def predict_proba(self, request):
        fitted = self.fitted
        if fitted is None:
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "there is no model yet")
        records = matrix(request.records)
        if records is None or records.shape[1] != self.x.shape[1] or not np.isfinite(records).all():
            reason = f"needs finite records of {self.x.shape[1]} features"
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, reason)
        vectors = fitted.predict_proba(records)
        return messages.PredictProbaReply(
            vectors=types.Vectors(classes=fitted.classes, rows=len(vectors), f64=vectors.astype("<f8").tobytes()),
            model_digest=fitted.digest,
            first_query=request.first_query,
        )

    def status(self, _request):
        status = messages.PartyStatusReply(revision=REVISION, party=self.number, records=len(self.y))
        status.features, status.fitted = self.x.shape[1], self.fitted is not None
        if self.fitted:
            status.model_digest = self.fitted.digest
        return status


def serve(number, shard, make_model, identity, hub, listen, supervised, join_ms, drain_ms):
    """Answers, joins, and goes on until Ctrl-C or SIGTERM, or, under supervision, until standard input closes.

    ``make_model`` gets a whole number, the seed of the model's random draws, and gives a model.
    """
    service = PartyService(number, shard, make_model, identity)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=OPTIONS)
    rpcs.add_PartyServicer_to_server(service, server)
    port = identity.listen(server, listen)
    address = f"{listen.rsplit(':', 1)[0]}:{port}"
    server.start()
    stop = threading.Event()
    for number_of_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number_of_signal, lambda *_: stop.set())
    if supervised:
        # The line that whoever started this program waits for, and the pipe that closes when it wants an end or is gone.
        print(json.dumps({"address": address}), flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    else:
        print(f"party-{number} listens on {address}; stop it with Ctrl-C", file=sys.stderr, flush=True)
    joined = join(service, hub, address, join_ms / 1e3, stop)
    if joined:
        stop.wait()
    server.stop(grace=drain_ms / 1e3).wait()
    return joined or stop.is_set()


def join(service, hub, address, seconds, stop):
    """Announces the party to the coordinator, which dials back before it answers."""
    request = hub_messages.JoinRequest(protocol=PROTOCOL, revision=REVISION, party=service.number, address=address)
    request.records, request.features = len(service.y), service.x.shape[1]
    last = time.monotonic() + seconds
    with service.identity.channel(hub) as channel:
        rpc = hub_rpcs.CoordinatorStub(channel).Join
        while not stop.is_set():
            try:
                reply = rpc(request, timeout=seconds, metadata=service.identity.metadata(), wait_for_ready=True)
                print(f"joined a federation of {reply.parties} parties", file=sys.stderr, flush=True)
                return True
            except grpc.RpcError as error:
                if error.code() not in PASSING or time.monotonic() > last:
                    print(f"error: not admitted: {error.details()}", file=sys.stderr, flush=True)
                    return False
                time.sleep(0.1)
    return False
