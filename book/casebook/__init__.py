"""The small package that every chapter imports: load, cite, describe, check and draw.

The analysis itself stays in plain pandas in the chapters.
"""

from casebook.checking import check
from casebook.completing import completion
from casebook.data import codebook, load
from casebook.errors import CasebookError
from casebook.rows import cite

__all__ = ["CasebookError", "check", "cite", "codebook", "completion", "load"]
