"""What customers think of products: reviews counted by product, not kept one by one."""
