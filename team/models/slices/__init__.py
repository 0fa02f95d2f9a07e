"""The slices over the last hour: how busy and how fast each model endpoint was, and what the GPU beneath holds."""
