"""The copying chains claim no copy that the table does not, and say at each step what changed."""

import pytest
from bs4 import BeautifulSoup

from casebook.copying import CHANGES, COPYING, CopyingChains, copying_chains
from casebook.data import load, package
from casebook.errors import CasebookError

OWN = [name for name in CopyingChains.class_own_traits(sync=True) if not name.startswith("_")]


def book_chains():
    return copying_chains(load("copying_links"), load("sources"))


def test_the_explorer_says_in_one_sentence_what_it_holds():
    links = load("copying_links")
    said = f"Interactive: figures followed through texts ({links['chain'].nunique()}), {len(links)} steps."
    assert repr(book_chains()) == said
    assert book_chains().get_state(OWN) == book_chains().get_state(OWN)


def test_every_kind_of_link_and_of_change_has_words():
    (resource,) = (one for one in package()["resources"] if one["name"] == "copying_links")
    allowed = {field["name"]: field.get("constraints", {}).get("enum") for field in resource["schema"]["fields"]}
    assert list(COPYING) == allowed["copying"]
    assert list(CHANGES) == allowed["changed"]


def test_the_fallback_has_a_table_a_chain_and_a_row_a_step():
    tables = BeautifulSoup(book_chains().fallback, "html.parser").find_all("table")
    links = load("copying_links")
    assert [table.caption.get_text() for table in tables] == list(links["title"].unique())
    assert [len(table.tbody.find_all("tr")) for table in tables] == list(links.groupby("chain", sort=False).size())
    third = [cell.get_text() for cell in tables[0].tbody.find_all("tr")[2].find_all("td")]
    assert third[:3] == ["3", "8 January 2022", "RBC, paraphrasing the president"]
    assert third[3].endswith("(names its text or speaker)")


def test_bad_input_gets_one_sentence():
    links, sources = load("copying_links"), load("sources")
    with pytest.raises(
        CasebookError, match="copying_chains got a step by 'rbc_78bn', which is not in the sources; add"
    ):
        copying_chains(links, sources.query("source_id != 'rbc_78bn'"))
    with pytest.raises(CasebookError, match="copying_chains needs two steps to show a change; 'attackers' has one"):
        copying_chains(links.head(1), sources)


def sentences(in_page, script=CopyingChains._esm):
    """Return what the page says at every step, by chain and step."""
    explorer = book_chains()
    steps = [(chain, step) for chain in explorer.chains for step in range(1, len(chain["links"]) + 1)]
    words = in_page(script, "said", [[chain, step, explorer.labels] for chain, step in steps])
    return {(chain["title"][:3], step): said for (chain, step), said in zip(steps, words, strict=True)}


def test_the_page_says_at_each_step_what_changed_and_whether_it_is_a_copy(in_page):
    said = sentences(in_page)
    assert said["20,", 1] == (
        "Step 1 of 6, 7 January 2022, President Tokayev, address: Almaty alone was attacked by 20,000 people, whom he "
        "calls bandits. First appearance known to us."
    )
    assert said["20,", 4].endswith("Link: later text, link not shown.")
    assert said["Ten", 2].endswith("a ceiling became a floor. Link: names its text or speaker, as in step 1.")
    assert said["20,", 6].endswith("Almaty alone became the whole country. Link: an answer, not a copy, to step 1.")
    links = load("copying_links").query("step > 1")
    for link, words in zip(links.itertuples(), (words for (_, step), words in said.items() if step > 1), strict=True):
        assert f"Changed: {CHANGES[link.changed]}. {link.change} Link: {COPYING[link.copying]}" in words
        assert ("from step" in words) == (link.copying == "inferred")
        assert ("as in step" in words) == (link.copying == "known")


def test_a_sentence_that_claims_more_is_seen(in_page):
    rule = "labels.earlier[copying]"
    assert rule in CopyingChains._esm
    bent = sentences(in_page, CopyingChains._esm.replace(rule, '"from step"'))
    assert any("from step" in bent[key] and "from step" not in words for key, words in sentences(in_page).items())
