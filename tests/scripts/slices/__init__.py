"""Model servers that are started, watched and ended; programs that act as vLLM stand in for it."""
