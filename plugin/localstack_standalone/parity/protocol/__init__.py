"""The protocols that services speak."""
