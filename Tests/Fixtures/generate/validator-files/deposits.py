"""Makes Tests/Fixtures/validator-files/deposits.json: files of the deposit tool, and what the tool says of altered ones.

Usage: pip install ethstaker-deposit; python Tests/Fixtures/generate/validator-files/deposits.py
"""

import json
import tempfile
from pathlib import Path

from ethstaker_deposit.credentials import Credential
from ethstaker_deposit.settings import HoodiSetting, MainnetSetting, SepoliaSetting
from ethstaker_deposit.utils.export_data import export_deposit_data_json
from ethstaker_deposit.utils.validation import validate_deposit

OUTPUT = Path(__file__).resolve().parents[2] / "validator-files" / "deposits.json"
MNEMONIC = " ".join(["abandon"] * 11 + ["about"])
ADDRESS = "0x" + "5e" * 20


def flipped(text, at):
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]


def altered(entry):
    """Entries of which one thing is wrong, by what it is."""
    yield "nothing", entry
    yield "signature", {**entry, "signature": flipped(entry["signature"], 100)}
    yield "data root", {**entry, "deposit_data_root": flipped(entry["deposit_data_root"], 5)}
    yield "amount", {**entry, "amount": entry["amount"] + 10**9}
    yield "amount beyond the bound", {**entry, "amount": 2049 * 10**9}
    yield "credentials of a key", {**entry, "withdrawal_credentials": "00" + entry["withdrawal_credentials"][2:]}
    yield "credentials with a gap", {**entry, "withdrawal_credentials": entry["withdrawal_credentials"][:4] + "01" + entry["withdrawal_credentials"][6:]}
    yield "fork version", {**entry, "fork_version": "10000910" if entry["fork_version"] != "10000910" else "00000000"}
    yield "public key", {**entry, "pubkey": flipped(entry["pubkey"], 50)}


def main():
    cases, verdicts = [], []
    for setting, compounding, amounts in (
            (MainnetSetting, False, [32]), (HoodiSetting, True, [32, 2048]), (SepoliaSetting, False, [32])):
        credentials = [Credential(
            mnemonic=MNEMONIC, mnemonic_password="", index=index, amount=amount * 10**9, chain_setting=setting,
            hex_withdrawal_address=ADDRESS, compounding=compounding) for index, amount in enumerate(amounts)]
        data = [{name: value.hex() if isinstance(value, bytes) else value for name, value in one.deposit_datum_dict.items()}
                for one in credentials]
        with tempfile.TemporaryDirectory() as folder:
            text = Path(export_deposit_data_json(folder, 0, data)).read_text()
        cases.append({"network": setting.NETWORK_NAME, "text": text})
        for what, entry in altered(json.loads(text)[0]):
            try:
                good = bool(validate_deposit(entry, setting))
            except Exception:
                good = False
            verdicts.append({"what": what, "text": json.dumps([entry]), "isGood": good})
    OUTPUT.write_text(json.dumps({"files": cases, "altered": verdicts}, indent=1) + "\n")


if __name__ == "__main__":
    main()
