"""Operators of validators' keys: their keys, the contract that knows them, their processes."""

import json
import subprocess
import urllib.request

from .nodes import loopback, make_keys, start_node, write_configuration
from .prepare import PYTHON
from .state import ROOT, RUN, Node, Operator, Testnet
from .terminal import TestnetError, note, say


def engage(program: str, testnet: Testnet, count: int, ether: int) -> None:
    """Makes keys of so many operators, deploys the contract for validators' keys and has the governor register them."""
    say(f"Making the keys of {count} operators")
    testnet.operators = [Operator(number) for number in range(1, count + 1)]
    places = loopback(count)
    cards = [
        {"id": one.number, **make_keys(program, one, place.endpoint)}
        for one, place in zip(testnet.operators, places)]
    file = RUN / "operators.json"
    file.write_text(json.dumps(cards, indent=2) + "\n")
    say("Deploying the contract for validators' keys and registering the operators")
    deployed = subprocess.run(
        [str(PYTHON), "-m", "devchain.operations", "--rpc", testnet.rpc, "--registry", testnet.registry["registry"],
         "--operators", str(file), "--fund", str(ether)],
        cwd=ROOT / "testnet", capture_output=True, text=True)
    if deployed.returncode:
        raise TestnetError(f"the contract for validators' keys could not be deployed: {deployed.stderr.strip()}")
    if testnet.beacon_url:
        testnet.network = _network(testnet.beacon_url)
    testnet.operations = json.loads(deployed.stdout.strip().splitlines()[-1])
    testnet.save()
    note(f"contract {testnet.operations['address']}, which holds {ether} ether; operators 1 to {count} may be chosen")


def configuration(testnet: Testnet, node: Node) -> str:
    """What stands in the configuration of an oracle, or an operator, about validators' keys."""
    url = f'  url: ["{testnet.beacon_url}"]\n' if testnet.beacon_url else ""
    role = f"role: operator\noperator:\n  id: {node.number}\n" if isinstance(node, Operator) else ""
    return f"""\
operations:
  address: "{testnet.operations["address"]}"
  firstBlock: {testnet.operations["firstBlock"]}
  files: {node.files}
beacon:
{url}  network: "{testnet.network}"
{role}"""


def _network(url: str) -> str:
    """What tells a beacon chain from others, as its node tells it."""
    genesis, rules = (_read(url, path) for path in ("beacon/genesis", "config/spec"))
    return ":".join((rules["CONFIG_NAME"], rules["GENESIS_FORK_VERSION"], rules["CAPELLA_FORK_VERSION"],
                     genesis["genesis_validators_root"]))


def _read(url: str, path: str) -> dict:
    with urllib.request.urlopen(f"{url}/eth/v1/{path}", timeout=30) as answer:
        return json.load(answer)["data"]


def start(program: str, testnet: Testnet, poll: str) -> None:
    """Writes the operators' configurations and starts them."""
    # Nobody dials an operator; the setting wants an address all the same.
    for one, place in zip(testnet.operators, loopback(len(testnet.operators))):
        write_configuration(
            one, place.listen, testnet.rpc, testnet.registry, poll, configuration(testnet, one))
        start_node(program, one)
