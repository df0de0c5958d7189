"""The emulator's end of zygotes: the warm processes that workers are forked from."""
