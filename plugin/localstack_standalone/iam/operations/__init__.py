"""Which actions on which resources an operation needs: tables of facts, without LocalStack.

Source: the Service Authorization Reference ("Actions, resources, and condition keys for …"), and
per service what is named in its module.
"""
