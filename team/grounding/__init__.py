"""What an answer may say: every figure in it stands somewhere, and nothing is stated that was not looked up."""
