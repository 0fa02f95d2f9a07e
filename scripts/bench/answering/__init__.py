"""Final answers of the team, measured: 200 questions, and what came of each."""
