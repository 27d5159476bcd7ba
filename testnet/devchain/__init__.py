"""A small real EVM chain for tests: blocks, tries, receipts and a mempool on py-evm, served over JSON-RPC.

Run it from the folder above: `python -m devchain`. README.md lists flags and methods.
"""
