"""Services for staff: questions on the shop's data, documents read closely, and decisions weighed."""
