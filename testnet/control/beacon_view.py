"""What the beacon chain's API says of validators."""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from .terminal import TestnetError

FAR_FUTURE = 2**64 - 1


class BeaconView:
    """A beacon node, asked by the API that all of them have."""

    def __init__(self, url: str, timeout: float = 10.0):
        self.url = url
        self.timeout = timeout
        rules = self._ask("/eth/v1/config/spec")
        # Before it has been active for so long a validator may not leave.
        self._least_service = int(rules["SHARD_COMMITTEE_PERIOD"])
        self._slots = int(rules["SLOTS_PER_EPOCH"])

    def network(self) -> dict[str, str]:
        """What tells this beacon chain from others, as `oracle proof verify --network` takes it."""
        rules, genesis = self._ask("/eth/v1/config/spec"), self._ask("/eth/v1/beacon/genesis")
        return {
            "name": rules["CONFIG_NAME"],
            "genesis_fork_version": genesis["genesis_fork_version"],
            "capella_fork_version": rules["CAPELLA_FORK_VERSION"],
            "genesis_validators_root": genesis["genesis_validators_root"],
        }

    def validator(self, key: bytes) -> dict[str, Any] | None:
        return self._ask(f"/eth/v1/beacon/states/head/validators/0x{key.hex()}")

    def active(self, key: bytes) -> dict[str, Any] | None:
        """The validator, once it is one whose deposit was good and whose service has begun."""
        found = self.validator(key)
        return found if found and found["status"] == "active_ongoing" else None

    def is_of_age(self, key: bytes) -> bool:
        found = self.active(key)
        return bool(found) and self.epoch() >= int(found["validator"]["activation_epoch"]) + self._least_service

    def leaving(self, key: bytes) -> dict[str, Any] | None:
        """The validator, once an exit of it was taken."""
        found = self.validator(key)
        return found if found and int(found["validator"]["exit_epoch"]) != FAR_FUTURE else None

    def epoch(self) -> int:
        return int(self._ask("/eth/v1/node/syncing")["head_slot"]) // self._slots

    def _ask(self, path: str) -> Any:
        try:
            with urllib.request.urlopen(self.url + path, timeout=self.timeout) as response:
                return json.loads(response.read())["data"]
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise TestnetError(f"the beacon chain answers {path} with {error.code}; look at ./testnet/logs beacon") from None
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            raise TestnetError(f"the beacon chain gives no answer to {path}: {error}; "
                               "look at ./testnet/logs beacon") from None
