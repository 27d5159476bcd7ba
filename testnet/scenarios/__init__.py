"""End-to-end scenarios: real oracles, a real chain, and what must hold whatever is done to them."""
