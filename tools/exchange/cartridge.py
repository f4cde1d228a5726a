"""Pack the chapters and their quizzes as an IMS Common Cartridge 1.1, the newest version that Moodle imports, too.

One module a chapter: the chapter, then its quiz. Where the address of the published site is configured, the chapter is
a link to it; else it is a page inside the cartridge, and so is every page that a chapter links to.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

from tools.exchange import web_pages
from tools.exchange.qti import archive, as_xml, assessment
from tools.exchange.questions import Bank

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
QUIZ_TYPE = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
LINK_TYPE = "imswl_xmlv1p1"
PAGES = "pages"  # the folder of everything that is shown as it is


class Cartridge:
    """A cartridge in the making: its manifest, and its files by path.

    Parameters
    ----------
    title : str
        The title of the book.
    """

    def __init__(self, title: str) -> None:
        self.files: dict[str, bytes] = {}
        self.manifest = ET.Element("manifest", {"identifier": "casebook", "xmlns": CP, "xmlns:lomimscc": LOM})
        self._describe(title)
        organization = ET.SubElement(
            ET.SubElement(self.manifest, "organizations"),
            "organization", identifier="casebook-modules", structure="rooted-hierarchy",
        )  # fmt: skip
        self.root = ET.SubElement(organization, "item", identifier="casebook-root")
        self.resources = ET.SubElement(self.manifest, "resources")

    def module(self, name: str, title: str) -> ET.Element:
        """Begin a module."""
        return self._item(self.root, f"module-{name}", title)

    def add(self, module: ET.Element, title: str, resource: str) -> None:
        """Put a resource into a module."""
        self._item(module, f"item-{resource}", title).set("identifierref", resource)

    def resource(self, name: str, kind: str, files: dict[str, bytes], needs: list[str] | None = None) -> str:
        """Add a resource with its files, of which the first is the one to open; return its name."""
        resource = ET.SubElement(self.resources, "resource", identifier=name, type=kind)
        if kind == "webcontent":
            resource.set("href", next(iter(files)))
        for path in files:
            ET.SubElement(resource, "file", href=path)
        for needed in needs or []:
            ET.SubElement(resource, "dependency", identifierref=needed)
        self.files |= files
        return name

    def packed(self) -> bytes:
        """Return the archive."""
        return archive({"imsmanifest.xml": as_xml(self.manifest)} | self.files)

    def _describe(self, title: str) -> None:
        metadata = ET.SubElement(self.manifest, "metadata")
        ET.SubElement(metadata, "schema").text = "IMS Common Cartridge"
        ET.SubElement(metadata, "schemaversion").text = "1.1.0"
        parent = metadata
        for name in ("lom", "general", "title"):
            parent = ET.SubElement(parent, f"lomimscc:{name}")
        ET.SubElement(parent, "lomimscc:string", language="en").text = title

    @staticmethod
    def _item(parent: ET.Element, name: str, title: str) -> ET.Element:
        item = ET.SubElement(parent, "item", identifier=name)
        ET.SubElement(item, "title").text = title
        return item


def cartridge(title: str, banks: list[Bank], site: Path, address: str = "") -> bytes:
    """Pack the cartridge.

    Parameters
    ----------
    title : str
        The title of the book.
    banks : list of Bank
        The chapters' questions, which name the chapters.
    site : Path
        The built site; not read if there is an address.
    address : str
        The address of the published site; empty if there is none.

    Returns
    -------
    bytes
        The archive, usually named ``*.imscc``.

    Raises
    ------
    CasebookError
        If there is no address and the site is not built.
    """
    made = Cartridge(title)
    slugs = [bank.slug for bank in banks]
    pages = {} if address else web_pages.contents(site, slugs)
    style = {f"{PAGES}/{web_pages.STYLESHEET}": web_pages.stylesheet()}
    needs = [made.resource("stylesheet", "webcontent", style)] if pages else []
    for bank in banks:
        module = made.module(bank.slug, bank.title)
        if address:
            opened = made.resource(f"link-{bank.slug}", LINK_TYPE, _link(bank, address))
        else:
            opened = made.resource(f"page-{bank.slug}", "webcontent", _page(site, bank.slug, pages[bank.slug]), needs)
        made.add(module, bank.title, opened)
        quiz = {f"quiz-{bank.slug}/quiz-{bank.slug}.xml": assessment(bank)}
        made.add(module, f"Quiz: {bank.title}", made.resource(f"quiz-{bank.slug}", QUIZ_TYPE, quiz))
    reference = {name: page for name, page in pages.items() if name not in slugs}
    if reference:
        module = made.module("reference", "Reference")
        for name, page in reference.items():
            made.add(
                module,
                page.h1.get_text().strip(),
                made.resource(f"page-{name}", "webcontent", _page(site, name, page), needs),
            )
    return made.packed()


def _page(site: Path, name: str, page: object) -> dict[str, bytes]:
    shown = {f"{PAGES}/{path}": content for path, content in web_pages.files(site, page).items()}
    return {f"{PAGES}/{name}{web_pages.SUFFIX}": web_pages.document(page)} | shown


def _link(bank: Bank, address: str) -> dict[str, bytes]:
    link = ET.Element("webLink", xmlns=LINK)
    ET.SubElement(link, "title").text = bank.title
    ET.SubElement(link, "url", href=f"{address}/{bank.slug}.html", target="_blank")
    return {f"link-{bank.slug}/link-{bank.slug}.xml": as_xml(link)}
