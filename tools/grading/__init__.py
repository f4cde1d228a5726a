"""Grade submissions: ``make grade SUBMISSIONS=folder``, or ``tools.grading.grade`` from Python."""

from tools.grading.run import grade

__all__ = ["grade"]
