"""The kinds of resources: how each is read, made, put right, deleted and described."""
