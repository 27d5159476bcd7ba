"""Starts, watches and troubles a local testnet of oracles. Standard library only."""
