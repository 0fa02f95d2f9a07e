"""What clients read without a tool: resources, prompts, completion."""
