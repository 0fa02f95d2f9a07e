"""What only staff asks of the models: services, questions to the one that suits them, and questions to several."""
