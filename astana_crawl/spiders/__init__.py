"""One file per site, and nothing else."""
