"""Programs that one would otherwise take for a part of the job, started and measured beside the oracles."""
