"""What the stand-in knows: customers' intents and words, its replies, and the weights learnt from utterances."""
