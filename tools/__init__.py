"""The commands that authors run; each word of the Makefile calls one module."""
