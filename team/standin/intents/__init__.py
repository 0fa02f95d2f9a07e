"""What the stand-in understands, as data: utterances of both languages and the intent each has."""
