"""The negative share of the mentions in the media study, with two intervals, as the chapter on sources draws it."""

import pandas as pd

SHARES = pd.DataFrame(
    {
        "label": ["as if 61 posts were drawn", "as if 16 accounts were"],
        "share": [77.0, 77.0],
        "low": [65.1, 52.9],
        "high": [85.8, 91.1],
    }
)
