"""IAM policies, and whether they allow a request.

Documents in, a decision out, as AWS's enforcement code makes it; knows neither LocalStack nor the
rest of the plugin. `evaluation` is the way in, `document` reads a policy, `refusal` says no in
AWS's words, `least` writes the policy that was missing.
"""
