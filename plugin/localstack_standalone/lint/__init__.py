"""What works in an emulator and fails on AWS, found before anything is deployed.

Files in, findings out: definitions of state machines, API definitions, SAM and CloudFormation
templates, functions' code and archives are read, and nothing of them is run. Knows neither
LocalStack nor AWS's endpoints. `check` is the way in, `codes` says what each finding means.
"""
