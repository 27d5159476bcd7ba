"""Makes Tests/Fixtures/validator-files/keystores.json: keystores and exits by the deposit tool's own code.

Usage: pip install ethstaker-deposit cryptography; python Tests/Fixtures/generate/validator-files/keystores.py
"""

import hashlib
import json
import tempfile
from pathlib import Path

import rsa
from ethstaker_deposit.key_handling.keystore import Keystore, Pbkdf2Keystore, ScryptKeystore
from ethstaker_deposit.settings import HoodiSetting, MainnetSetting, SepoliaSetting
from ethstaker_deposit.utils.crypto import AES_128_CTR, SHA256
from ethstaker_deposit.utils.exit_transaction import exit_transaction_generation, export_exit_transaction_json
from py_ecc.bls import G2ProofOfPossession as bls

OUTPUT = Path(__file__).resolve().parents[2] / "validator-files" / "keystores.json"
# The vectors of EIP-2335.
PASSWORD = "𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑"
SECRET = bytes.fromhex("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f")
SALT = bytes.fromhex("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3")
COUNTER = bytes.fromhex("264daa3f303d7259501c93d997d84fe6")
CHECKSUMS = {
    "scrypt": "d2217fe5f3e9a1e34581ef8a78f7c9928e436d36dacc5e846690a5581e8ea484",
    "pbkdf2": "8a9f5d9912ed7e75ea794bc5a89bca5f193721d30868ade6f73043c6ea6febf1",
}
PASSWORDS = [
    "password", "pass\tword\x7f\n", "\x00\x1f \u0080\u009f\u00a0x", "é", "e\u0301", "ﬁne ① Ⅷ ½", "Å Å", "Ạ̈̇ ̣", "가나다", "한글 ㈀",
    "日本語 ｱｲｳ ﾊﾟ", "🔑👩‍👩‍👧", "𝔱𝔢𝔰𝔱",
]


def sealed(kind, secret, password, salt, counter, **params):
    """The tool's steps for a secret that is no BLS key; Python's own derivation, because the tool refuses small numbers."""
    keystore = kind()
    keystore.crypto.kdf.params.update(params)
    keystore.crypto.kdf.params["salt"] = salt
    prepared, numbers = Keystore._process_password(password), keystore.crypto.kdf.params
    if kind is ScryptKeystore:
        key = hashlib.scrypt(prepared, salt=salt, n=numbers["n"], r=numbers["r"], p=numbers["p"], dklen=32)
    else:
        key = hashlib.pbkdf2_hmac("sha256", prepared, salt, numbers["c"], 32)
    keystore.crypto.cipher.params["iv"] = counter
    keystore.crypto.cipher.message = AES_128_CTR(key=key[:16], iv=counter).encrypt(secret)
    keystore.crypto.checksum.message = SHA256(key[16:32] + keystore.crypto.cipher.message)
    keystore.uuid = "1d85ae20-35c5-4611-98e8-aa14a633906f"
    return keystore


def case(name, keystore, password, secret):
    return {"name": name, "text": keystore.as_json(), "password": password, "secret": secret.hex()}


def exits():
    for setting in (MainnetSetting, HoodiSetting, SepoliaSetting):
        key = int.from_bytes(hashlib.sha512(setting.NETWORK_NAME.encode()).digest(), "big") % (2**250)
        signed = exit_transaction_generation(setting, key, 1_234_567, 256)
        with tempfile.TemporaryDirectory() as folder:
            text = Path(export_exit_transaction_json(folder, signed, 0)).read_text()
        compact = json.dumps(json.loads(text), separators=(",", ":"))
        fork = "0x" + setting.EXIT_FORK_VERSION.hex()
        wrapped = json.dumps({"exit": json.loads(text), "fork_version": fork}, separators=(",", ":"))
        escrow = sealed(Pbkdf2Keystore, compact.encode(), PASSWORD, SALT, COUNTER, c=64)
        yield {
            "network": setting.NETWORK_NAME, "publicKey": bls.SkToPk(key).hex(), "text": text, "compact": compact,
            "wrapped": wrapped, "escrow": escrow.as_json(),
        }


def main():
    keystores = []
    for name, kind in (("scrypt", ScryptKeystore), ("pbkdf2", Pbkdf2Keystore)):
        keystore = kind.encrypt(secret=SECRET, password=PASSWORD, path="m/12381/60/3141592653/589793238", kdf_salt=SALT, aes_iv=COUNTER)
        assert Keystore.from_json(json.loads(keystore.as_json())).decrypt(PASSWORD) == SECRET
        assert keystore.crypto.checksum.message.hex() == CHECKSUMS[name]
        keystores.append(case(f"EIP-2335, {name}", keystore, PASSWORD, SECRET))
    keystores.append(case("small scrypt", sealed(ScryptKeystore, SECRET, "x", b"\1", COUNTER, n=16, r=4, p=3), "x", SECRET))
    keystores.append(case("small pbkdf2", sealed(Pbkdf2Keystore, SECRET[:5], "x", SALT * 2, COUNTER, c=2), "x", SECRET[:5]))
    pem = rsa.private_pem(rsa.load(1)[0]).encode()
    operator = json.loads(sealed(Pbkdf2Keystore, pem, "operator", SALT, COUNTER, c=64).as_json())["crypto"]
    OUTPUT.write_text(json.dumps({
        "keystores": keystores,
        "operator": json.dumps(dict(sorted(operator.items())), separators=(",", ":")),
        "passwords": [{"text": text.encode().hex(), "prepared": Keystore._process_password(text).hex()} for text in PASSWORDS],
        "exits": list(exits()),
    }, indent=1) + "\n")


if __name__ == "__main__":
    main()
