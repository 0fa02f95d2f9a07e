"""Words in questions and passages: stems, meanings in both languages, and typos."""
