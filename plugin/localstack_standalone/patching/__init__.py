"""How LocalStack is patched: when it imports a module, where a switch and its version allow it.

The ground floor of this plugin: it knows nothing of what is patched.
"""
