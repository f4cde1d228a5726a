"""The check of outgoing links finds those that lead nowhere."""

from tools import links
from tools.serving import served


def test_a_link_that_leads_nowhere_is_named(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "page.html").write_text("<html></html>", encoding="utf-8")
    book = tmp_path / "book"
    book.mkdir()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (tmp_path / "_config.yml").write_text('title: "A"\nexecute: {execute_notebooks: "off"}\n', encoding="utf-8")
    with served(tmp_path / "there") as home:
        text = f"# A\n\n[good]({home}/page.html)\n\n[gone]({home}/gone.html)\n"
        (book / "index.md").write_text(text, encoding="utf-8")
        dead = links.dead_links(tmp_path, tmp_path / "links")
    assert len(dead) == 1
    assert dead[0].startswith(f"index.md, line 5: {home}/gone.html does not answer (404")
