"""LocalEmu, a fork of LocalStack 4.14, in LocalStack's place.

It has the same modules, services and extension points under another name, so nothing of this
plugin is written twice: `alias` lets LocalStack's names stand for LocalEmu's, `differences` has
what it does otherwise. Started as ``python -m localstack_standalone.localemu``.
"""
