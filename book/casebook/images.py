"""Turn figures into bytes that are the same on every run."""

import base64
import io

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

DOTS_PER_INCH = 100


def data_uri(figure: Figure) -> str:
    """Return a figure as a PNG data URI and close it; no date or software version goes into the file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    plt.close(figure)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
