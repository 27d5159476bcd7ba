"""Makes Tests/Fixtures/validator-files/rsa.json: operators' RSA keys, signatures and ciphertexts by pyca/cryptography.

The keys are kept from one run to the next, because making them is not repeatable.

Usage: pip install cryptography; python Tests/Fixtures/generate/validator-files/rsa.py
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

OUTPUT = Path(__file__).resolve().parents[2] / "validator-files" / "rsa.json"


def private_pem(key, form=serialization.PrivateFormat.TraditionalOpenSSL, password=None):
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, how).decode()


def operator_key(key):
    """As SSV writes it: a PKIX key under the label of a PKCS #1 key, in base64 as a whole."""
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return base64.b64encode(pem.replace("PUBLIC KEY", "RSA PUBLIC KEY").encode()).decode()


def load(count):
    """So many operators' keys."""
    if OUTPUT.exists():
        pems = [item["private"] for item in json.loads(OUTPUT.read_text())["keys"]]
    else:
        pems = [private_pem(rsa.generate_private_key(65537, 2048)) for _ in range(13)]
    return [serialization.load_pem_private_key(pem.encode(), None) for pem in pems][:count]


def sign(key, message, salt=222):
    return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())


def encrypt(key, plaintext):
    return key.public_key().encrypt(plaintext, padding.PKCS1v15())


def main():
    keys = load(13)
    small, odd = rsa.generate_private_key(65537, 1024), rsa.generate_private_key(3, 2048)
    message = b"proof" * 7
    OUTPUT.write_text(json.dumps({
        "keys": [{"private": private_pem(key), "operatorKey": operator_key(key)} for key in keys],
        "pkcs8": private_pem(keys[0], serialization.PrivateFormat.PKCS8),
        "locked": private_pem(keys[0], serialization.PrivateFormat.PKCS8, b"password"),
        "small": operator_key(small), "smallPrivate": private_pem(small), "odd": operator_key(odd),
        "message": message.hex(),
        "signatures": [{"salt": salt, "signature": sign(keys[0], message, salt).hex()} for salt in (0, 32, 222)],
        "plaintext": "3a" * 32,
        "ciphertext": encrypt(keys[0], ("3a" * 32).encode()).hex(),
    }, indent=1) + "\n")


if __name__ == "__main__":
    main()
