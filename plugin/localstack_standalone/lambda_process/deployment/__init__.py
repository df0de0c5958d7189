"""A version's files: its deployment package and layers, unpacked and shared by environments."""
