"""What ``make lite`` refuses: each fault planted, each refusal one sentence."""

import gc
import hashlib
import importlib
import importlib.util
import io
import json
import runpy
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from casebook.errors import CasebookError
from tools import bytecode, lite, offline, precompress, pyodide
from tools.files import write_atomic
from tools.places import start_up
from tools.serving import served

KERNEL = ("ipykernel-6.9.2.whl", "piplite-0.6.1.whl", "pyodide_kernel-0.6.1.whl")  # come with JupyterLite's kernel
CONTENT = b"a wheel"
RIGHT = hashlib.sha256(CONTENT).hexdigest()
WRONG = hashlib.sha256(b"another").hexdigest()
ENTRY = {"depends": [], "imports": [], "file_name": "numpy.whl", "sha256": RIGHT}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide, "CACHE", tmp_path / "cache")


@pytest.fixture
def output(tmp_path):
    """Return a folder as JupyterLite leaves it when all is well."""
    folder = tmp_path / "lite"
    (folder / "static" / "pyodide").mkdir(parents=True)
    (folder / lite.PYODIDE_URL).touch()
    write_settings(folder, {lite.KERNEL: {"pyodideUrl": lite.PYODIDE_URL}})
    return folder


def write_settings(folder, plugins):
    content = {"jupyter-config-data": {"litePluginSettings": plugins}}
    (folder / "jupyter-lite.json").write_text(json.dumps(content), encoding="utf-8")


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed.getvalue()


def test_a_file_is_fetched_once_and_kept():
    fetched = []
    for _ in range(2):
        assert pyodide.kept("numpy.whl", RIGHT, lambda name: fetched.append(name) or CONTENT) == CONTENT
    assert fetched == ["numpy.whl"]


def test_a_wheel_with_another_hash_is_refused_and_not_kept():
    with pytest.raises(CasebookError, match=r"^numpy.whl is not the file that is pinned \(its sha256 differs\)"):
        pyodide.kept("numpy.whl", WRONG, lambda _: CONTENT)
    assert not (pyodide.CACHE / "numpy.whl").exists()


def test_a_kept_wheel_that_has_been_changed_is_fetched_anew():
    pyodide.kept("numpy.whl", RIGHT, lambda _: CONTENT)
    (pyodide.CACHE / "numpy.whl").write_bytes(b"another")
    assert pyodide.kept("numpy.whl", RIGHT, lambda _: CONTENT) == CONTENT
    assert (pyodide.CACHE / "numpy.whl").read_bytes() == CONTENT


def test_another_lock_than_the_pinned_one_is_refused():
    with pytest.raises(CasebookError, match=r"^pyodide-lock.json is not the file that is pinned"):
        pyodide.read_lock(b"{}", WRONG)


def test_what_packages_need_comes_along_whatever_way_its_name_is_written():
    packages = {"ipython": {"depends": ["prompt_toolkit"]}, "prompt-toolkit": {"depends": []}, "scipy": {"depends": []}}
    assert set(pyodide.closure(packages, ["ipython"])) == {"ipython", "prompt-toolkit"}


def test_a_package_that_pyodide_lacks_is_refused():
    with pytest.raises(CasebookError, match=r"^Pyodide has no package 'jedi', which ipython asks for; mend"):
        pyodide.closure({"ipython": {"depends": ["jedi"]}}, ["ipython"])


def test_a_source_that_does_not_exist_is_refused():
    with pytest.raises(CasebookError, match=r"^There is no source 'nowhere' of Pyodide; say 'release', 'registry' or"):
        pyodide.source_named("nowhere", {})


def test_a_folder_without_the_file_is_refused(tmp_path):
    with pytest.raises(CasebookError, match=r"has no numpy.whl; put Pyodide's full distribution there.$"):
        pyodide.source_named(str(tmp_path), {})("numpy.whl")


def test_a_folder_with_the_file_serves(tmp_path):
    (tmp_path / "numpy.whl").write_bytes(CONTENT)
    assert pyodide.source_named(str(tmp_path), {})("numpy.whl") == CONTENT


def test_a_release_that_cannot_be_reached_is_refused():
    with pytest.raises(CasebookError, match=r"could not be fetched from Pyodide's release .* try 'make lite PYODIDE="):
        pyodide.source_named("release", {"release": "file:///nowhere/"})("numpy.whl")


def test_a_carrier_is_searched_in_all_its_folders():
    assert pyodide.from_archive(archive({"assets/pyodide/numpy.whl": CONTENT}), "carrier", "numpy.whl") == CONTENT
    with pytest.raises(CasebookError, match=r"^carrier has no scipy.whl; use another source"):
        pyodide.from_archive(archive({"assets/pyodide/numpy.whl": CONTENT}), "carrier", "scipy.whl")


def test_a_wheel_brings_a_stand_in_along():
    with zipfile.ZipFile(io.BytesIO(pyodide.with_modules(archive({"nltk/api.py": ""}), ["regex.py"]))) as opened:
        assert opened.namelist() == ["nltk/api.py", "regex.py"]


def test_a_wheel_without_stand_ins_stays_as_it_is():
    wheel = archive({"comm/api.py": ""})
    assert pyodide.with_modules(wheel, []) == wheel


def test_a_wheel_is_described_as_the_lock_does():
    entries = pyodide.lock_entry(pyodide.described("pyodide_kernel-0.6.1-py3-none-any.whl"))
    assert entries["pyodide-kernel"] | {"version": "0.6.1", "imports": ["pyodide_kernel"]} == entries["pyodide-kernel"]


def test_the_book_comes_as_a_wheel_whose_name_follows_its_content(tmp_path):
    for name in ("book/casebook/data.py", "data/events.csv"):
        write_atomic(tmp_path / name, b"one")
    ((name, content),) = lite.book_wheel(tmp_path).items()
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        packed = opened.namelist()
    assert packed[:3] == ["casebook/data.py", "data/events.csv", "browser_start.py"]
    assert [path.partition("/")[2] for path in packed[3:]] == ["data/etc/ipython/ipython_config.json", "METADATA"]
    assert pyodide.described(name)["imports"] == ["casebook"]
    assert set(lite.book_wheel(tmp_path)) == {name}
    write_atomic(tmp_path / "data" / "events.csv", b"two")
    assert set(lite.book_wheel(tmp_path)) != {name}


def test_no_import_looks_into_the_current_folder_until_all_that_chapters_need_is_there(monkeypatch):
    monkeypatch.syspath_prepend(pyodide.LITE)
    finders = [*sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", [*finders])
    usual = gc.get_threshold()
    runpy.run_path(str(pyodide.LITE / "sitecustomize.py"))
    sys.path.insert(0, "")  # Python does this after it has read the file
    assert importlib.util.find_spec("a_module_of_nobody") is None
    assert "" not in sys.path
    assert sys.meta_path == finders, "what has done its work is gone"
    importlib.import_module("browser_start").load_ipython_extension(None)
    assert sys.path[-1] == ""
    assert gc.get_threshold()[0] == 700
    gc.unfreeze()
    gc.set_threshold(*usual)


def test_bytecode_stands_in_for_source_and_runs(tmp_path, monkeypatch):
    wheel = archive({"planted_module.py": "ANSWER = 6 * 7", "x/tests/test_x.py": "", "x/data.csv": "a,b"})
    (tmp_path / "x.whl").write_bytes(bytecode.compiled(wheel))
    with zipfile.ZipFile(tmp_path / "x.whl") as opened:
        assert opened.namelist() == ["planted_module.pyc", "x/tests/test_x.py", "x/data.csv"]
    monkeypatch.syspath_prepend(tmp_path / "x.whl")
    assert importlib.import_module("planted_module").ANSWER == 42


def test_stubs_of_packages_that_are_not_there_stay_at_home():
    wheel = archive({f"{bytecode.LEFT_OUT[0]}models.pyi": "", "jedi/third_party/typeshed/stdlib/3/ast.pyi": ""})
    with zipfile.ZipFile(io.BytesIO(bytecode.compiled(wheel))) as opened:
        assert opened.namelist() == ["jedi/third_party/typeshed/stdlib/3/ast.pyi"]


def test_bytecode_that_is_kept_is_not_made_again(monkeypatch):
    def made(command, **_options):
        bytecode.compile_all(*(Path(command[-1]) / name for name in ("source", "target")))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(pyodide.subprocess, "run", made)
    wheel = {"x.whl": archive({"x.py": ""})}
    first = pyodide.with_bytecode(wheel, Path())
    monkeypatch.delattr(pyodide.subprocess, "run")
    assert pyodide.with_bytecode(wheel, Path()) == first


def test_packages_that_cannot_be_compiled_are_refused(monkeypatch):
    monkeypatch.setattr(pyodide, "NODE", "false")
    with pytest.raises(CasebookError, match="^Pyodide could not compile the packages"):
        pyodide.with_bytecode({"x.whl": archive({"x.py": ""})}, Path())


def test_chapters_import_only_what_the_settings_bring():
    wanted = pyodide.settings()
    brought = {name for wheel in wanted["wheels"] for name in wheel["imports"]}
    lite.refuse_imports(lite.code_by_file(), brought | {"matplotlib", "numpy", "pandas", "traitlets"})


def test_a_chapter_that_imports_what_pyodide_lacks_is_refused():
    with pytest.raises(CasebookError, match=r"^timeline.ipynb imports polars, which Pyodide lacks"):
        lite.refuse_imports({"timeline.ipynb": "import json\nimport polars as pl"}, {"pandas"})


def test_a_complete_output_passes(output):
    lite.refuse_stale(output)


@pytest.mark.parametrize("plugins", [{}, {lite.KERNEL: {}}, {lite.KERNEL: {"pyodideUrl": "https://example.org/p.js"}}])
def test_a_stale_output_that_leads_elsewhere_is_refused(output, plugins):
    write_settings(output, plugins)
    with pytest.raises(CasebookError, match=r"does not point to the Pyodide beside it.*delete the folder and run"):
        lite.refuse_stale(output)


def test_an_output_without_pyodide_is_refused(output):
    (output / lite.PYODIDE_URL).unlink()
    with pytest.raises(CasebookError, match="does not point to the Pyodide beside it"):
        lite.refuse_stale(output)


def test_the_toolbar_needs_a_head(output):
    page = output / lite.APP
    page.parent.mkdir()
    page.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(CasebookError, match="has no '</head>', so the toolbar has no place"):
        lite.add_toolbar(output)
    page.write_text("<head></head>", encoding="utf-8")
    lite.add_toolbar(output)
    assert "toolbar.js" in page.read_text(encoding="utf-8")


def test_only_files_for_which_it_pays_are_compressed(tmp_path):
    (tmp_path / "long.js").write_bytes(b"a" * 2_000)
    (tmp_path / "short.js").write_bytes(b"a")
    (tmp_path / "wheel.whl").write_bytes(b"a" * 2_000)
    precompress.compress(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in precompress.ENDINGS) == [
        "long.js.br",
        "long.js.gz",
    ]
    assert precompress.weights(tmp_path).startswith("3 files, 0.0 MB")


def test_a_host_sends_the_compressed_copy_to_a_browser_that_takes_it(tmp_path):
    (tmp_path / "long.js").write_bytes(b"a" * 2_000)
    precompress.compress(tmp_path)
    sent = []
    with served(tmp_path, sent.append) as home:
        for taken, coding in (("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)):
            asked = urllib.request.Request(f"{home}/long.js", headers={"Accept-Encoding": taken})
            with urllib.request.urlopen(asked) as answer:
                assert answer.headers["Content-Encoding"] == coding
                assert answer.headers["Content-Type"].endswith("javascript")
    assert sent == [(tmp_path / f"long.js{ending}").stat().st_size for ending in (".br", ".gz", "")]


def test_what_python_loads_when_it_starts_is_in_the_distribution():
    wanted = pyodide.settings()
    described = {wheel["requirement"].partition("==")[0] for wheel in wanted["wheels"]}
    kernel = {path.stem.partition("-")[0] for path in map(Path, KERNEL)}
    settings = json.loads((pyodide.LITE / "jupyter-lite.json").read_text(encoding="utf-8"))
    loaded = settings["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]["loadPyodideOptions"]["packages"]
    assert set(loaded) <= described | kernel | set(wanted["roots"]) | {lite.OWN}


def test_the_lite_site_waits_for_the_book(tmp_path):
    with pytest.raises(CasebookError, match=r"^The book is not built, .*; run 'make book' first.$"):
        lite.refuse_alone(tmp_path)
    (tmp_path / "index.html").touch()
    lite.refuse_alone(tmp_path)


def test_the_offline_archive_leaves_the_lite_site_out(tmp_path):
    site = tmp_path / "site"
    for name in ("index.html", "lite/index.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).touch()
    offline.pack(site, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert opened.namelist() == [f"{offline.FOLDER}/index.html"]


def test_the_figures_of_a_visit_reach_the_button_and_leave_the_others_alone(tmp_path):
    path = tmp_path / "measured.json"
    path.write_text('{"binder": {"cores": 2}}', encoding="utf-8")
    cold, warm = start_up.Visit(2.0, 12.3, 41.8), start_up.Visit(1.5, 4.9, 0.0)
    start_up.record(start_up.figures(cold, warm), path)
    measured = json.loads(path.read_text(encoding="utf-8"))
    assert measured["binder"] == {"cores": 2}
    assert measured["browser"] | {"cold": 12.3, "warm": 4.9, "megabytes": 41.8} == measured["browser"]
    assert set(measured["browser"]) == {"date", "cores", "cold", "warm", "megabytes"}


def test_nothing_is_timed_before_it_is_built(tmp_path):
    with pytest.raises(CasebookError, match=r"^JupyterLite is not built; run 'make lite' first.$"):
        start_up.visits(None, tmp_path / "timeline.ipynb", tmp_path)


def test_a_wrong_source_ends_the_command_with_one_sentence(monkeypatch, capsys):
    def refuse(_source):
        raise CasebookError("There is no such source.")

    monkeypatch.setattr(lite, "refuse_alone", lambda: None)
    monkeypatch.setattr(lite, "build", refuse)
    assert lite.main(["--pyodide", "nowhere"]) == 1
    assert capsys.readouterr().err == "There is no such source.\n"
