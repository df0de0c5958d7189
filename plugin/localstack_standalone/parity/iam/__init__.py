"""IAM and STS."""
