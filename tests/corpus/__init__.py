"""Images for the tests, all made by code: good ones, hostile ones, and colour profiles."""
