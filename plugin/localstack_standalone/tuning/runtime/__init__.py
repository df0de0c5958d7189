"""What serves every service: its clients, its models, its collections."""
