"""A small beacon chain beside the development chain, for tests and the testnet."""
