"""The errors a caller is meant to see."""


class StartError(Exception):
    """The process cannot start; the message says what to change."""


class ChainReplaced(Exception):
    """The execution chain has undone blocks whose requests were taken: what was built on them is worth nothing."""


class ExecutionUnavailable(Exception):
    """The execution chain's node gives no answer now."""


class Refused(Exception):
    """An answer with an HTTP status other than 200; the body repeats it, as beacon nodes do."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
