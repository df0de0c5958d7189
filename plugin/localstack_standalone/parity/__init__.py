"""Makes LocalStack 4.14 behave as AWS does, where this pipeline would see the difference.

One module is one difference, and one patch at one function; ``registry`` lists them and
``STANDALONE_PARITY`` says which of them are wanted. A patch is made when LocalStack imports what it
patches, and not before: services load when first used, and that is what keeps the start short.
"""
