"""Who is calling: tokens, scopes, external issuers."""
