"""The slices over the last hour: how busy each model endpoint was, and what the GPU beneath holds."""
