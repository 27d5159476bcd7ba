"""All scenarios, in the order in which they are tried."""

from . import leaders, chain, strangers, hostile, mistakes, proofs, secrets, operations  # noqa: F401
from .scenario import SCENARIOS  # noqa: F401
