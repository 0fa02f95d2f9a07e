"""Draft, then check: a second model confirms that each claim of an answer stands in what was looked up."""
