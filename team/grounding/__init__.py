"""What an answer may say: each figure needs a source, and nothing is stated without looking it up."""
