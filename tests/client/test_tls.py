"""The client by TLS, with a certificate of an authority of our own."""

import datetime
import ipaddress
import os
import subprocess
from pathlib import Path

import pytest

from tests.client.running import CHAT, PATIENCE, Daemon
from tests.ports import free_port

pytest.importorskip("OpenSSL", reason="pyOpenSSL is not installed")
pytest.importorskip("service_identity", reason="service_identity is not installed")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder: Path) -> tuple[Path, Path]:
    """A key, and a certificate signed by itself, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "chatd test")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, private


def test_tls(tmp_path: Path) -> None:
    """A trusted certificate lets us in; one that is not trusted is told, with status 3."""
    pem, key = certificate(tmp_path)
    port = free_port()
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + pem.read_bytes())
    certificates = f'[tls]\ncertificates = ["{both}"]\n'
    daemon = Daemon(tmp_path, certificates, f"tls:{port}:interface=127.0.0.1")
    daemon.port = port
    daemon.start()

    def chat(**env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*CHAT, "127.0.0.1", str(port), "--tls", "--name", "bot", "--no-time"],
            input="hello\n",
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, **env},
        )

    trusted, foreign = chat(SSL_CERT_FILE=str(pem)), chat()
    daemon.stop()
    assert trusted.returncode == 0, trusted.stderr
    assert "You: hello" in trusted.stdout
    assert foreign.returncode == 3
    assert "TLS failed: certificate verify failed" in foreign.stderr
