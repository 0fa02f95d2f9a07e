"""Documents read closely."""
