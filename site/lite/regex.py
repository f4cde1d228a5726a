"""Stand-in in the browser for the package `regex`, which nltk imports when it starts: Python's own expressions.

It goes into the wheel of nltk (`pyodide.toml`); what chapters use of nltk looks at no text.
"""

from re import *  # noqa: F403
from re import Pattern  # noqa: F401
