# SPDX-License-Identifier: MIT
"""What can go wrong between a program and the daemon."""


class ActopError(Exception):
    """Base of every error of this package."""


class NotRunning(ActopError):
    """No daemon answers; the message names the sockets that were tried."""


class Disconnected(ActopError):
    """The daemon ended the connection."""


class RequestError(ActopError):
    """The daemon refused a request.

    ``code`` is one of the protocol's codes ("unknown_metric"); ``details`` is the whole line.
    """

    def __init__(self, details: dict[str, object]) -> None:
        self.details = details
        self.code = str(details.get("code", "unknown"))
        retry_ms = details.get("retry_ms", 1000)
        self.retry_s = retry_ms / 1000 if isinstance(retry_ms, (int, float)) else 1.0
        """When asking again may help."""
        super().__init__(f"{details.get('op')}: {details.get('message', self.code)}")
