"""What the benchmark of the guardrails reads: messages by kind and language, and how they are counted."""
