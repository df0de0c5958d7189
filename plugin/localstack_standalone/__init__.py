"""What LocalStack's community edition lacks to run alone; see the README beside this package."""

__version__ = "0.1.0"
