"""What the containers of docker-compose.yaml are given besides their image."""
