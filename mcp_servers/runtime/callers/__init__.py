"""Who calls: tokens, scopes, outside issuers."""
