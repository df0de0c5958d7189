"""The docker target: the same LocalStack and plugin in a container, by docker-compose.yml."""
