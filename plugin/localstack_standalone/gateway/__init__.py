"""The HTTP server of the emulator.

``plugin`` is what LocalStack loads. It joins LocalStack's gateway with a server::

    server        accepts, gives each connection a thread; knows nothing of LocalStack
    connections   who is connected, how many may be, who is idle
    connection    one connection: requests in, answers out (HTTP/1.1 by h11)
    head          what is wrong with a request that h11 takes
    environ       a request as WSGI describes it (PEP 3333)
    answer        a WSGI answer as HTTP
    transport     a socket whose peer has to keep going
    destinations  how large a body may be, and the words of a refusal

``twisted_server`` is LocalStack's own, bound to the addresses that it was given.
"""
