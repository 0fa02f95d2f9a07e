"""Words of questions and passages: their stems, meanings in both languages, and slips."""
