"""The one exception that readers and authors of the book are meant to see."""


class CasebookError(Exception):
    """A mistake in the input, told in one sentence: what, where, what to do."""
