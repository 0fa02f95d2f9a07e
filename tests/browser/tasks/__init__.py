"""Staff put one question to several models, and watch them work."""
