"""What LocalStack's services tell so that policies can be asked: a module a service."""
