"""What is measured by the system's clock in LocalStack, and goes wrong when that is set."""
