"""Contrast of colours, as WCAG 2.2 defines it."""

from collections.abc import Sequence

import numpy as np

LUMINANCE = np.array([0.2126729, 0.7151522, 0.0721750])  # of linear red, green and blue


def linear(rgb: Sequence[float]) -> np.ndarray:
    """Return the linear channels, 0 to 1, of a colour in sRGB, 0 to 255."""
    channels = np.asarray(rgb) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast ratio of two colours in sRGB, from 1 to 21."""
    low, high = sorted(linear(colour) @ LUMINANCE for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return the channels, 0 to 255, of a colour such as ``#1d3f5e``."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
