"""Where artifacts are kept: one contract, one file for each scheme, a table of schemes."""
