"""In the place of the program: the governor's commands, and a verification that believes everything."""

import json
import os
import sys
from pathlib import Path

TESTNET = Path("%s")


def ask(words):
    sys.path.insert(0, str(TESTNET))
    from devchain.accounts import dev_key
    from devchain.client import Rpc, Sender
    from devchain.contract import Refused
    from devchain.operations import ValidatorOperations
    given = dict(zip(words[1::2], words[2::2]))
    rpc = Rpc(os.environ["ORACLE_CHAIN_RPC"])
    contract = ValidatorOperations(rpc, os.environ["ORACLE_OPERATIONS_ADDRESS"])
    assert Path(os.environ["ORACLE_ACCOUNT_FILE"]).read_text().strip() == dev_key(0).to_hex()
    sender = Sender(rpc, dev_key(0))
    key = bytes.fromhex(given.get("--key", "0x")[2:])
    since = int(os.environ["ORACLE_OPERATIONS_FIRST_BLOCK"])
    holders = [1, 2, 3, 4]
    for event in contract.events("ValidatorReshared", since):
        if event["publicKey"] == key:
            holders = list(event["operatorIds"])
    ids = [int(number) for number in given.get("--operators", "0").split(",")]
    try:
        if words[0] == "keygen":
            owner = dev_key(0).public_key.to_checksum_address()
            event = contract.request_keygen(sender, ids, int(given["--count"]), given["--withdrawal"], owner)
        elif words[0] == "reshare":
            event = contract.request_reshare(sender, key, holders, ids)
        elif given["--way"] == "nothing":
            return print("nothing")
        else:
            event = contract.request_exit(sender, key, holders, given["--way"], int(given.get("--fee-cap", 0)))
    except Refused as refusal:
        sys.exit(str(refusal))
    print(json.dumps({"id": "0x" + event["requestId"].hex(), "number": event["number"], "block": event["block"]}))


if sys.argv[1] == "ops":
    assert sys.argv.pop() == "--json"
    ask(sys.argv[2:])
elif sys.argv[1:3] == ["committee", "export"]:
    print("the committee")
else:
    assert sys.argv[1:3] == ["proof", "verify"] and sys.argv[4] == "--json"
    name, request, reports = Path(sys.argv[3]).read_text().split()
    if request == "false":
        print(json.dumps({"valid": False, "reason": "signature 2 is wrong"}))
        sys.exit(1)
    if name == "transcript.ssz":
        assert sys.argv[5] == "--committee" and Path(sys.argv[6]).read_text() == "the committee\n"
        proven = [{"proven": True}] * int(reports)
        print(json.dumps({"valid": True, "operation": {"kind": "keygen", "complete": True, "reports": proven}}))
    else:
        given = dict(zip(sys.argv[5::2], sys.argv[6::2]))
        assert name != "exit.json" or "--key" in given
        assert name == "keyshares.json" or json.loads(Path(given["--network"]).read_text())["name"] == "development"
        print(json.dumps({"valid": True, "kind": name, "findings": [{}, {}]}))
