# SPDX-License-Identifier: MIT
"""How the model says no: by the name of the contracts' error."""

from wattbook.errors import InputError


class Refused(InputError):
    """The rules don't allow it. `error` is the custom error with which the contracts revert."""

    code = "model-refused"
    sentence = "The rules refuse it: {error}."

    def __init__(self, error: str, **facts: object) -> None:
        super().__init__(error=error, **facts)

    @property
    def error(self) -> str:
        """The custom error's name."""
        return str(self.facts["error"])
