"""The link for a class: a few pages that only show, on another address, for whoever has the link.

It is an application of its own, without a websocket, a form or a script: what the console can do to
the testbed is not there to be asked for.
"""
