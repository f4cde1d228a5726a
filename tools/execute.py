"""Run the cells of a notebook in a fresh kernel."""

import os
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.output_widget import OutputWidget
from nbformat import NotebookNode

from casebook.errors import CasebookError
from tools.notebooks import first_line

SECONDS_PER_CELL = 120


def execute(notebook: NotebookNode, path: Path, folder: Path, python: str | Path = sys.executable) -> None:
    """Run every code cell in a fresh kernel, started in `folder`.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place: outputs, execution counts and widget state.
    path : Path
        Where the notebook comes from, for the message.
    folder : Path
        The kernel's working directory.
    python : str or Path
        The interpreter whose kernel it is, with ipykernel; by default the running one.

    Raises
    ------
    CasebookError
        If a cell raises an exception, takes too long or ends the kernel: file, cell id and error.
    """
    notebook.metadata.pop("widgets", None)
    with tempfile.TemporaryDirectory() as private:
        client = NotebookClient(
            notebook,
            km=_kernel_manager(Path(private), python),
            timeout=SECONDS_PER_CELL,
            resources={"metadata": {"path": str(folder)}},
            force_raise_errors=True,
            coalesce_streams=True,
            record_timing=False,
        )
        client.widget_registry["@jupyter-widgets/output"] = {"OutputModel": SilentOutput}
        # A person's IPython start-up files must not change a chapter.
        with client.setup_kernel(cleanup_kc=True, env={**os.environ, "IPYTHONDIR": private}):
            for index, cell in enumerate(notebook.cells):
                _execute_cell(client, index, cell, path)
            client.set_widgets_metadata()


class SilentOutput(OutputWidget):
    """Collect what an Output widget shows without sending it back to the kernel, where nothing reads it.

    A message sent while nbclient waits for a cell can make it overlook the answer and sit out the whole time-out.
    """

    def sync_state(self) -> None:
        """Send nothing."""


def _kernel_manager(folder: Path, python: str | Path) -> AsyncKernelManager:
    """Return a manager for a kernel of an interpreter, reached through sockets in a private folder."""
    specifications = KernelSpecManager(kernel_dirs=[])  # no directories: python3 is then always the running interpreter
    address = str(folder / "kernel")
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specifications, transport="ipc", ip=address)
    manager.kernel_spec.argv[0] = str(python)
    return manager


def _execute_cell(client: NotebookClient, index: int, cell: NotebookNode, path: Path) -> None:
    """Run one cell; say in one sentence what went wrong."""
    where = f"{path.name}, cell '{cell.id}'"
    try:
        client.execute_cell(cell, index)
    except CellExecutionError as error:
        told = f"{error.ename}: {first_line(error.evalue)}"
        raise CasebookError(f"{where} raised {told}; correct the code, then run 'make refresh'.") from None
    except CellTimeoutError:
        raise CasebookError(f"{where} took longer than {SECONDS_PER_CELL} seconds; make it faster.") from None
    except DeadKernelError:
        raise CasebookError(f"{where} ended the kernel; correct the code.") from None
