"""The program that speaks a model's API where there is no GPU."""
