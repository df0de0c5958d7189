"""Starts, finds and stops LocalStack as a process of this machine, with this plugin in it.

For the side that is not the emulator: nothing here imports LocalStack.
"""
