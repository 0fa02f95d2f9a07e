"""What the stand-in knows: what customers want, their words, its replies, and the weights learnt from utterances."""
