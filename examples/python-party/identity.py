"""Who the party is and how it knows its coordinator: a certificate on both sides of TLS, or tokens in plain text."""

import re

import grpc

# The coordinator's name in its certificate: it says who somebody is, not where (net/src/identity).
COORDINATOR = "coordinator.turncoat.internal"
# Largest message on either side, in bytes.
MESSAGE_BYTES = 16 << 20
OPTIONS = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]


class NotTheCoordinator(Exception):
    """Somebody else called. `code` is the status that they get."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


class Certificate:
    """A file of ``turncoat certs new``: a key, its certificate, and the certificate of the federation's authority."""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            blocks = re.findall(r"-----BEGIN .+?-----END [A-Z ]+-----\n?", file.read(), re.DOTALL)
        if len(blocks) != 3:
            raise SystemExit(f"{path}: expected a key and two certificates, found {len(blocks)} blocks")
        self.key, self.certificate, self.authority = (block.encode() for block in blocks)

    def channel(self, address):
        credentials = grpc.ssl_channel_credentials(self.authority, self.key, self.certificate)
        named = ("grpc.ssl_target_name_override", COORDINATOR)
        return grpc.secure_channel(address, credentials, options=[*OPTIONS, named])

    def listen(self, server, address):
        pair = [(self.key, self.certificate)]
        credentials = grpc.ssl_server_credentials(pair, self.authority, require_client_auth=True)
        return server.add_secure_port(address, credentials)

    def metadata(self):
        return ()

    def demand_coordinator(self, context):
        """TLS has proved that the caller is a member of this federation; its certificate says which."""
        names = context.auth_context().get("x509_subject_alternative_name", [])
        if names != [COORDINATOR.encode()]:
            raise NotTheCoordinator(grpc.StatusCode.PERMISSION_DENIED, "a party answers its coordinator only")


class Tokens:
    """A file of ``turncoat credentials``: a role and its token on each line. Anybody on the network can read them."""

    def __init__(self, path, number):
        with open(path, encoding="ascii") as file:
            lines = [line.split("#")[0].split() for line in file]
        tokens = dict(line for line in lines if line)
        try:
            self.own, self.coordinators = tokens[f"party-{number}"], tokens[f"coordinator@party-{number}"]
        except KeyError as role:
            raise SystemExit(f"{path}: there is no token for {role}") from None

    def channel(self, address):
        return grpc.insecure_channel(address, options=OPTIONS)

    def listen(self, server, address):
        return server.add_insecure_port(address)

    def metadata(self):
        return (("authorization", f"Bearer {self.own}"),)

    def demand_coordinator(self, context):
        shown = dict(context.invocation_metadata()).get("authorization")
        if shown != f"Bearer {self.coordinators}":
            raise NotTheCoordinator(grpc.StatusCode.UNAUTHENTICATED, "this token is not the coordinator's")
