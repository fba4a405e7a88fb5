"""Real SMTP (aiosmtpd): STARTTLS, implicit TLS, AUTH; certificates that do not fit; no password in clear."""
import os
import ssl
import subprocess
import tempfile
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from bell import Bell, Watch, main, parse, text_of


class Keep:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope, session.ssl is not None, session.authenticated, time.monotonic()))
        return "250 gardé".encode().decode("ascii", "ignore")


class Server(Controller):
    def __init__(self, tls=None, starttls=None, login=None):
        self.keep, self.starttls, self.login = Keep(), starttls, login
        super().__init__(self.keep, hostname="127.0.0.1", port=0, ssl_context=tls, ready_timeout=60)

    def factory(self):
        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == self.login)
        more = {"authenticator": check, "auth_required": True,
                "auth_require_tls": self.ssl_context is None} if self.login else {}
        return SMTP(self.keep, hostname="essai", tls_context=self.starttls, require_starttls=bool(self.starttls),
                    **more)

    def _trigger_server(self):  # the port is the kernel's choice
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *trace):
        self.stop()


def certificate(folder, name, alt):
    cert, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=essai", "-addext", f"subjectAltName={alt}", "-keyout", key, "-out",
                    cert], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def one(mail, seconds=20, until=2):
    """Rings once; what the outbox says when it is delivered, or after one attempt has failed."""
    with Bell(mail=mail) as bell:
        watch = Watch()
        bell.rise("orange")
        row = bell.wait(lambda: bell.outbox() and (bell.outbox()[0][3] >= until or bell.outbox()[0][6]) and
                        bell.outbox()[0], seconds, "an attempt")
        return row, watch, bell.log("escalate")


def scenario(ok):
    folder = tempfile.mkdtemp(prefix="tocsin-")
    cert, context = certificate(folder, "good", "IP:127.0.0.1")
    _, other = certificate(folder, "other", "DNS:ailleurs.example")
    password = os.path.join(folder, "password")
    with open(password, "w", encoding="utf-8") as f:
        f.write("s3cret: à l'eau\n")
    login = (b"tocsin", "s3cret: à l'eau".encode())
    auth = f", user: tocsin, password_file: {password}"
    base = f"from: tocsin@ville.example, ca_file: {cert}"

    with Server(starttls=context, login=login) as server:
        row, watch, _ = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: starttls, {base}{auth}}}")
        ok(row[3] == 2, "STARTTLS and AUTH: delivered", row)
        envelope, secure, authenticated, at = server.keep.mails[0]
        ok(secure and authenticated, "encrypted, logged in")
        ok(envelope.mail_from == "tocsin@ville.example" and envelope.rcpt_tos == ["dircom@ville.example"],
           "one recipient", envelope.rcpt_tos)
        print(f"# {at - watch.began:.2f} s from the observation to the server's 250, with STARTTLS and AUTH")
        ok.within(watch, 3, "within 3 s of the incident", at - watch.began)
        mail = parse(envelope.content)
        ok(not mail.defects and [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "multipart/related"],
           "valid MIME", mail.defects)
        ok(mail["Auto-Submitted"] == "auto-generated" and mail["References"], "headers", mail.items())
        ok("Rien n'est masqué automatiquement." in text_of(mail), "the text arrives whole", text_of(mail))

    with Server(tls=context, login=login) as server:
        row, _, _ = one(f"{{url: 'smtps://127.0.0.1:{server.port}', {base}{auth}}}")
        ok(row[3] == 2 and len(server.keep.mails) == 1, "implicit TLS: delivered", row)

    with Server(starttls=context, login=(b"tocsin", b"autre")) as server:
        row, _, log = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: starttls, {base}{auth}}}")
        ok(row[3] == 0 and row[4] == 1 and not row[5] and not server.keep.mails, "wrong password: tried again later",
           row)
        ok("s3cret" not in log and "s3cret" not in row[6], "the password is in no log", log)

    with Server() as server:
        row, _, _ = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: starttls, {base}}}")
        ok(row[3] == 0 and not server.keep.mails, "a server without STARTTLS gets nothing when it is required", row)
        row, _, _ = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: none, {base}{auth}}}")
        ok(row[3] == 0 and "sans chiffrement" in row[6] and not server.keep.mails, "no password in clear", row)
        row, _, _ = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: none, {base}}}")
        ok(row[3] == 2 and len(server.keep.mails) == 1, "in clear where the configuration says so", row)

    with Server(starttls=other) as server:
        row, _, _ = one(f"{{url: 'smtp://127.0.0.1:{server.port}', tls: starttls, {base}}}")
        ok(row[3] == 0 and not row[5] and not server.keep.mails, "an unknown certificate: nothing is sent", row)
    other_cert = os.path.join(folder, "other.pem")
    with Server(tls=other) as server:
        row, _, _ = one(f"{{url: 'smtps://127.0.0.1:{server.port}', from: t@v.example, ca_file: {other_cert}}}")
        ok(row[3] == 0 and not server.keep.mails, "a certificate of another name: nothing is sent", row)


main(scenario)
