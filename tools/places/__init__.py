"""The places where a chapter can run, and the command that tries them: ``make places``."""
