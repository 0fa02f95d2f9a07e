"""The whole road with a real vLLM server on the CPU: `scripts/test --vllm`."""
