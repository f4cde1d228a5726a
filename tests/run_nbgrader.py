"""Run nbgrader over a course folder, in a process that finds it; print what it did as JSON.

Usage: python run_nbgrader.py FOLDER. Every assignment of ``source/`` is released and every submission graded; the
assignment ``trial`` is validated besides, as an instructor and as a student would.
"""

import json
import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.validator import Validator
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

FOLDER = Path(sys.argv[1]).resolve()


def main() -> dict:
    """Release, grade and report."""
    os.chdir(FOLDER)
    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(FOLDER)).load_config())
    config.CourseDirectory.root = str(FOLDER)
    config.Application.log_level = "ERROR"
    api = NbGraderAPI(config=config)
    released = {
        path.name: api.generate_assignment(path.name)["success"] for path in sorted((FOLDER / "source").iterdir())
    }
    submissions = sorted((FOLDER / "submitted").glob("*/*"))
    graded = {path.parent.name: api.autograde(path.name, path.parent.name)["success"] for path in submissions}
    with Gradebook(f"sqlite:///{FOLDER / 'gradebook.db'}", "casebook") as gradebook:
        scores = {
            path.parent.name: {
                grade.name: [grade.auto_score, grade.needs_manual_grade]
                for notebook in gradebook.find_submission(path.name, path.parent.name).notebooks
                for grade in notebook.grades
            }
            for path in submissions
        }
    validated = {}
    for version in ("source", "release"):
        os.chdir(FOLDER / version / "trial")
        found = Validator(config=config).validate("trial.ipynb")
        validated[version] = [cell["source"] for cell in found.get("failed", [])]
    return {"released": released, "graded": graded, "scores": scores, "validated": validated}


if __name__ == "__main__":
    print(json.dumps(main()))
