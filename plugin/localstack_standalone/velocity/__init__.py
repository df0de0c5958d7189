"""Velocity as API Gateway has it: airspeed, with Java's values and Velocity's truth.

It knows airspeed and nothing of LocalStack, so that what is rendered elsewhere is rendered alike.
"""
