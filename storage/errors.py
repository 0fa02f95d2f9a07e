"""The base class of errors that a caller may read."""


class ShopError(Exception):
    """A refusal the caller can act on: one line that names the value, the rule and the way out.

    Its text is shown to customers and models; any other error is reported only by a reference number.
    """


class NotFoundError(ShopError):
    """The item does not exist or is not the caller's; the text is the same for both."""


class WrongRequestError(ShopError):
    """The request contradicts itself or lacks something; no change in the shop would make it right."""


class UnavailableError(ShopError):
    """Something the shop needs does not answer now; the same request may succeed later."""
