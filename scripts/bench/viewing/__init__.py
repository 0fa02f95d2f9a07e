"""The viewers of the benchmark of viewers: a process of their own, which imports next to nothing."""
