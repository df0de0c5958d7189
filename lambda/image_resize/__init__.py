"""What ImageResizeFunction runs: reads an original from S3, writes its thumbnail to S3."""
