"""For those who look inside: the turns of all conversations, the team as a picture, the models it speaks through."""
