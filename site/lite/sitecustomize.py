"""How Python starts in the browser (it reads this by itself): fast imports.

The current folder is on the page's side of the browser, and each look into it costs milliseconds that the page has to
find between other work. On the path, where Python puts it, every import would look there; `browser_start.py` puts it
back when the imports are done.
"""

import gc
import sys

OBJECTS_BEFORE_COLLECTING = 50_000  # imports make many and drop few; the usual 700 cost a fourth of their time


class WithoutCurrentFolder:
    """Finds nothing; takes the current folder off the path as soon as Python has put it there, and is gone."""

    @classmethod
    def find_spec(cls, _name: str, _path: object = None, _target: object = None) -> None:
        """Look at the path."""
        if sys.path[0] == "":
            del sys.path[0]
            sys.meta_path.remove(cls)


gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
sys.meta_path.insert(0, WithoutCurrentFolder)
