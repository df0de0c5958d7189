"""Definitions of state machines, and whether AWS would take them.

Text in, diagnostics out, as ValidateStateMachineDefinition gives them; knows neither LocalStack nor
the rest of the plugin. `validator` is the way in.
"""
