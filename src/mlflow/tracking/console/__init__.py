"""What a program prints while a run is active, kept with the run."""
