"""The errors that commands show to people: what, where, and what to do next."""


class TestbedError(Exception):
    """Something a person can act on; its text is all that a command prints of it."""

    __test__ = False  # not a test class, whatever its name says to pytest


class SettingError(TestbedError):
    """A setting in the environment has a value that is not allowed."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(f"{name}={value!r} is not usable: {name} must be {allowed}")
        self.name, self.value, self.allowed = name, value, allowed


class SettingNameError(TestbedError):
    """Something was set that is no setting."""


class NotRunningError(TestbedError):
    """A command needs a testbed, and none is up."""

    def __init__(self, where: str) -> None:
        super().__init__(f"no testbed is up ({where}); start one with `make up`")


class EmulatorError(TestbedError):
    """The emulator could not be started, reached or stopped."""


class ProvisioningError(TestbedError):
    """A cloud resource could not be brought to the state that we want."""


class UnconfirmedError(TestbedError):
    """What has to be asked first could not be asked."""


class DeclinedError(TestbedError):
    """The person who was asked said no."""
