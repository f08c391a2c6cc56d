"""Sign the provenance of a release with a local Ed25519 key, and check such a signature.

The signature stands in a DSSE envelope (https://github.com/secure-systems-lab/dsse), as in-toto has it. Ed25519 needs
no random number: the same statement and key give the same bytes. Keys are PEM files, as OpenSSL reads them. The id of
a key is the SHA-256 of its public half (DER), in hex. All of it needs the extra `sign`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import lacks_extra
from pipeline.release.facts import PublishError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "provenance.dsse.json"
PAYLOAD = "application/vnd.in-toto+json"


class KeyFileError(PublishError):
    """A key cannot be made or used; the message says why in one sentence."""


def make_keys(path: Path) -> tuple[Path, str]:
    """Write a private key that only its owner may read, and its public half beside it.

    Returns:
        The file of the public half, and the id of the key.

    Raises:
        KeyFileError: the extra is missing.
        OSError: one of the files is there already, or cannot be written.
    """
    _, ed25519, serial = _cryptography()
    key = ed25519.Ed25519PrivateKey.generate()
    public = path.with_name(f"{path.name}.pub")
    if public.exists():
        raise FileExistsError(f"{public} is there already; do: name another file")
    secret = key.private_bytes(serial.Encoding.PEM, serial.PrivateFormat.PKCS8, serial.NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    public.write_bytes(_public_bytes(key.public_key(), "PEM"))
    return public, key_id(key.public_key())


def load_key(path: Path) -> Ed25519PrivateKey:
    """Return a private key.

    Raises:
        KeyFileError: there is none, or the extra is missing.
    """
    _, ed25519, serial = _cryptography()
    key = _loaded(path, "private", lambda data: serial.load_pem_private_key(data, None))
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyFileError(f"{path} is no private Ed25519 key; do: dehusk keygen FILE")
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Return a public key.

    Raises:
        KeyFileError: there is none, or the extra is missing.
    """
    _, ed25519, serial = _cryptography()
    key = _loaded(path, "public", serial.load_pem_public_key)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise KeyFileError(f"{path} is no public Ed25519 key; do: name the FILE.pub of dehusk keygen")
    return key


def key_id(public: Ed25519PublicKey) -> str:
    """Return the id of a key."""
    return hashlib.sha256(_public_bytes(public, "DER")).hexdigest()


def envelope(statement: bytes, key: Ed25519PrivateKey) -> str:
    """Return a signed statement, as text."""
    signature = {"keyid": key_id(key.public_key()), "sig": _base64(key.sign(_encoded(statement)))}
    sealed = {"payload": _base64(statement), "payloadType": PAYLOAD, "signatures": [signature]}
    return json.dumps(sealed, indent=1) + "\n"


def fault(sealed: dict[str, Any], statement: bytes, public: Ed25519PublicKey | None) -> str | None:
    """Say what is wrong with an envelope of this statement; the signature is looked at if there is a key.

    Raises:
        KeyError, TypeError, ValueError: it is no envelope.
    """
    if sealed["payloadType"] != PAYLOAD:
        return f"holds {sealed['payloadType']!r}, and {PAYLOAD!r} is expected"
    if base64.b64decode(sealed["payload"], validate=True) != statement:
        return "signs another statement than the one beside it"
    signatures = {
        entry["keyid"]: base64.b64decode(entry["sig"], validate=True) for entry in sealed["signatures"]
    }
    if public is None:
        return None
    if key_id(public) not in signatures:
        return f"is signed by {', '.join(map(short, signatures))}, and not by the key {short(key_id(public))}"
    invalid, _, _ = _cryptography()
    try:
        public.verify(signatures[key_id(public)], _encoded(statement))
    except invalid:
        return f"bears a signature that the key {short(key_id(public))} did not make"
    return None


def short(name: str) -> str:
    """Return enough of a key's id to tell it from others."""
    return name[:16]


def _encoded(statement: bytes) -> bytes:
    """Return what is signed: DSSE's pre-authentication encoding."""
    return b" ".join([b"DSSEv1", *(_measured(part) for part in (PAYLOAD.encode(), statement))])


def _measured(part: bytes) -> bytes:
    return str(len(part)).encode() + b" " + part


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _public_bytes(public: Ed25519PublicKey, encoding: str) -> bytes:
    _, _, serial = _cryptography()
    return public.public_bytes(getattr(serial.Encoding, encoding), serial.PublicFormat.SubjectPublicKeyInfo)


def _loaded(path: Path, half: str, load: Any) -> Any:
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise KeyFileError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{path} is no {half} key in PEM, without a password") from error


def _cryptography() -> tuple[Any, Any, Any]:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError as error:
        raise KeyFileError(lacks_extra("a key", "sign")) from error
    return InvalidSignature, ed25519, serialization
