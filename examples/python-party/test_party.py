"""What a party must get right whoever writes it. Run by `python3 -m unittest` in this folder.

With TURNCOAT, the path of the executable, it is also tried over TLS, with the certificates of a real federation.
"""

import os
import subprocess
import tempfile
import unittest
from concurrent import futures
from pathlib import Path

import grpc
import numpy as np

from contract import Fitted, PartyService, messages, rpcs, types
from identity import OPTIONS, Certificate
from party import make_model


class Anybody:
    def demand_coordinator(self, context):
        pass


def shard(folder, labels):
    path = Path(folder) / "shard.npz"
    records = np.arange(2 * len(labels), dtype="f4").reshape(-1, 2)
    np.savez(path, x=records, y=np.array(labels, dtype="u4"))
    return path, records


def listening(service, listen):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2), options=OPTIONS)
    rpcs.add_PartyServicer_to_server(service, server)
    port = listen(server)
    server.start()
    return server, f"127.0.0.1:{port}"


class Answers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def party(self, labels):
        path, records = shard(self.folder.name, labels)
        service = PartyService(2, path, make_model, Anybody())
        server, address = listening(service, lambda server: server.add_insecure_port("127.0.0.1:0"))
        channel = grpc.insecure_channel(address)
        self.addCleanup(server.stop, None)
        self.addCleanup(channel.close)
        return rpcs.PartyStub(channel), records

    def ask(self, party, records, **more):
        question = types.Records(features=records.shape[1], rows=len(records), f32=records.astype("<f4").tobytes())
        return party.PredictProba(messages.PredictProbaRequest(records=question, **more))

    def test_columns_are_the_federations_classes(self):
        party, records = self.party([0, 2, 2, 0, 2])
        fit = party.Fit(types.FitRequest(classes=4, seed=bytes(32)))
        self.assertEqual((fit.party, fit.records, fit.train_accuracy, len(fit.model_digest)), (2, 5, 1.0, 32))
        answer = self.ask(party, records, first_query=17)
        vectors = np.frombuffer(answer.vectors.f64, "<f8").reshape(5, 4)
        self.assertEqual(vectors.argmax(axis=1).tolist(), [0, 2, 2, 0, 2])
        self.assertTrue((vectors[:, [1, 3]] == 0).all())
        np.testing.assert_allclose(vectors.sum(axis=1), 1.0, atol=1e-12)
        self.assertEqual((answer.first_query, answer.model_digest), (17, fit.model_digest))
        status = party.Status(messages.PartyStatusRequest())
        self.assertEqual((status.fitted, status.model_digest, status.features), (True, fit.model_digest, 2))

    def test_the_same_order_gives_the_same_model(self):
        party, _ = self.party([0, 1, 1, 0, 1, 0, 0])
        digest = lambda seed: party.Fit(types.FitRequest(classes=2, seed=seed)).model_digest
        self.assertEqual(digest(bytes(32)), digest(bytes(32)))
        self.assertNotEqual(digest(bytes(32)), digest(b"\1" + bytes(31)))

    def test_an_owner_without_records_knows_nothing(self):
        party, _ = self.party([])
        fit = party.Fit(types.FitRequest(classes=4, seed=bytes(32)))
        self.assertFalse(fit.HasField("train_accuracy"))
        answer = self.ask(party, np.zeros((1, 2), dtype="f4"))
        self.assertEqual(np.frombuffer(answer.vectors.f64, "<f8").tolist(), [0.25] * 4)

    def test_what_breaks_the_contract_is_refused(self):
        party, records = self.party([0, 3])
        for code, call in [
            ("FAILED_PRECONDITION", lambda: self.ask(party, records)),
            ("FAILED_PRECONDITION", lambda: party.Fit(types.FitRequest(classes=2, seed=bytes(32)))),
            ("INVALID_ARGUMENT", lambda: party.Fit(types.FitRequest(classes=4, seed=b"short"))),
        ]:
            with self.assertRaises(grpc.RpcError) as refused:
                call()
            self.assertEqual(refused.exception.code().name, code)
        party.Fit(types.FitRequest(classes=4, seed=bytes(32)))
        for bad in [np.zeros((1, 3), dtype="f4"), np.array([[np.nan, 0]], dtype="f4")]:
            with self.assertRaises(grpc.RpcError) as refused:
                self.ask(party, bad)
            self.assertEqual(refused.exception.code().name, "INVALID_ARGUMENT")

    def test_a_model_speaks_for_the_classes_it_has_seen(self):
        model = make_model(1).fit([[0.0], [1.0]], [1, 3])
        np.testing.assert_array_equal(Fitted(model, 5).predict_proba([[1.0]]), [[0, 0, 0, 1, 0]])


@unittest.skipUnless(os.environ.get("TURNCOAT"), "skipped: TURNCOAT does not name the executable")
class Callers(unittest.TestCase):
    def test_nobody_but_the_coordinator_is_answered(self):
        with tempfile.TemporaryDirectory() as folder:
            for federation in ["ours", "theirs"]:
                command = [os.environ["TURNCOAT"], "certs", "new", "--parties", "2", "--out", federation]
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
            path, _ = shard(folder, [0, 1])
            certificate = lambda federation, who: Certificate(Path(folder) / federation / f"{who}.pem")
            identity = certificate("ours", "party-2")
            service = PartyService(2, path, make_model, identity)
            server, address = listening(service, lambda server: identity.listen(server, "127.0.0.1:0"))
            self.addCleanup(server.stop, None)
            for federation, who, code in [
                ("ours", "coordinator", "OK"),
                ("ours", "party-1", "PERMISSION_DENIED"),
                ("ours", "outsider", "PERMISSION_DENIED"),
                ("theirs", "coordinator", "UNAVAILABLE"),
            ]:
                self.assertEqual(self.call(address, certificate(federation, who)), code, (federation, who))

    def call(self, address, caller):
        credentials = grpc.ssl_channel_credentials(caller.authority, caller.key, caller.certificate)
        named = [("grpc.ssl_target_name_override", "party-2.turncoat.internal")]
        with grpc.secure_channel(address, credentials, options=named) as channel:
            try:
                rpcs.PartyStub(channel).Status(messages.PartyStatusRequest(), timeout=20)
                return "OK"
            except grpc.RpcError as error:
                return error.code().name


if __name__ == "__main__":
    unittest.main()
