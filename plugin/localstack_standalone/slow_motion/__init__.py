"""Slow motion: an execution that is held at each station until somebody lets it go on."""
