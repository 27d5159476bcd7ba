"""Makes Tests/Fixtures/log-tree/proofs.json from the definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1.

The definitions are recursive, the product's code is not. Roots and inclusion proofs are compared with those of the Python
package pymerkle (whose consistency proofs have another form), the roots of the reference entries with the ones that
Certificate Transparency's reference programs test.

Usage: python Tests/Fixtures/generate/log_tree.py [--check]
"""

import hashlib
import json
import random
import sys
from pathlib import Path

from pymerkle import InmemoryTree

OUTPUT = Path(__file__).resolve().parent.parent / "log-tree" / "proofs.json"
SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 64, 100]

REFERENCE_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def split(count):
    """The largest power of two below."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def mth(entries):
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return leaf(entries[0])
    k = split(len(entries))
    return hashlib.sha256(b"\1" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m, entries):
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return path(m, entries[:k]) + [mth(entries[k:])]
    return path(m - k, entries[k:]) + [mth(entries[:k])]


def subproof(m, entries, whole):
    if m == len(entries):
        return [] if whole else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return subproof(m, entries[:k], whole) + [mth(entries[k:])]
    return subproof(m - k, entries[k:], False) + [mth(entries[:k])]


def tree_of(entries):
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree


def same_nodes(proof, ours, own):
    """Whether an inclusion proof of pymerkle has the same nodes; it has the entry's own leaf among them."""
    return set(proof.serialize()["path"]) == {node.hex() for node in ours} | {own.hex()}


def make():
    reference = [bytes.fromhex(entry) for entry in REFERENCE_ENTRIES]
    assert [mth(reference[:size]).hex() for size in range(1, 9)] == REFERENCE_ROOTS
    rng = random.Random(9162)
    entries = [rng.randbytes(rng.choice([0, 1, 31, 32, 33, 64, 200])) for _ in range(max(SIZES))]
    tree = tree_of(entries)
    roots, inclusion, consistency = [], [], []
    for size in range(1, max(SIZES) + 1):
        root = mth(entries[:size])
        assert tree_of(entries[:size]).get_root() == root, size
        roots.append(root.hex())
    for size in SIZES:
        for index in sorted({0, size - 1, size // 2, rng.randrange(size), rng.randrange(size)}):
            nodes = path(index, entries[:size])
            assert same_nodes(tree.prove_inclusion(index + 1, size), nodes, leaf(entries[index])), (index, size)
            inclusion.append({"index": index, "size": size, "path": [node.hex() for node in nodes]})
        for first in sorted({1, size, (size + 1) // 2, rng.randint(1, size), split(size)}):
            nodes = subproof(first, entries[:size], True)
            consistency.append({"first": first, "second": size, "path": [node.hex() for node in nodes]})
    return {
        "reference": {"entries": REFERENCE_ENTRIES, "roots": REFERENCE_ROOTS},
        "entries": [entry.hex() for entry in entries],
        "roots": roots,
        "inclusion": inclusion,
        "consistency": consistency,
    }


def main():
    text = json.dumps(make(), indent=1) + "\n"
    if "--check" in sys.argv[1:]:
        sys.exit(0 if OUTPUT.read_text() == text else f"{OUTPUT} is another than this program makes")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
