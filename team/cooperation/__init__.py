"""Several models on one question: what each step of a task asks, who answers it, and what comes of the answers."""
