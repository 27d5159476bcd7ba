"""Random troubles of all kinds for a long time, and a watch over all that must never happen."""
