"""The one base of the refusals that a caller may read."""


class ShopError(Exception):
    """A refusal the caller can act on: one line that names the value, the rule and the way out.

    Its text is shown to customers and models; any other error is told by a reference number alone.
    """


class NotFoundError(ShopError):
    """What was asked for does not exist, or is not the caller's: the same words for both."""
