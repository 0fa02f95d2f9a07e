"""How a page looks to its visitor: its style sheets, what they make of each element, and which text is seen."""
