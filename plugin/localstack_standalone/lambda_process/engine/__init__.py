"""What LocalStack's own Lambda service does otherwise here: who runs when, and what it reports."""
