"""What clients use besides tools: resources, prompts, completion."""
