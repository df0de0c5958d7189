"""What is kept of each service, and how it is put back: one keeper a service."""
