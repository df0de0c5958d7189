"""What exists in the cloud: one module a resource, each with ensure() and destroy()."""
