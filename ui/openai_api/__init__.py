"""The OpenAI API: programs that speak it talk to the team, and staff to each model of the shop."""
