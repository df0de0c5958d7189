"""What AWS does, asked of any emulator: small checks, and a matrix of what it answered.

Plain boto3 and an endpoint; nothing here knows what is behind it.
"""
