"""Using the pipeline: submit an image, follow its execution, fetch the result."""
