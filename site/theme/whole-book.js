// Puts every page of the book one after the other into the page that is open, for printing as one document.
// Run by tools/pdf.py with the names of the pages; ids and links get the name of their page in front.
async (names) => {
  const whole = document.createElement("main");
  const home = new URL(".", location.href).href;
  for (const name of names) {
    const page = new DOMParser().parseFromString(await (await fetch(`${name}.html`)).text(), "text/html");
    const article = page.querySelector("article.bd-article");
    article.id = name;
    // exercises go without their solutions; folded code and buttons stay on the site
    article.querySelectorAll(".tag_solution, .headerlink, details.hide, .casebook-places, script").forEach((part) => part.remove());
    article.querySelectorAll("[id]").forEach((part) => { if (part !== article) part.id = `${name}-${part.id}`; });
    // a page may stand in a folder, so its addresses count from there
    const at = new URL(`${name}.html`, home);
    article.querySelectorAll("a[href]").forEach((link) => {
      const { href, hash } = new URL(link.getAttribute("href"), at);
      const within = href.slice(home.length, href.length - hash.length).replace(/\.html$/, "");
      if (!href.startsWith(home)) return;
      if (names.includes(within)) link.setAttribute("href", `#${within}${decodeURIComponent(hash).replace("#", "-")}`);
      else link.replaceWith(...link.childNodes); // to a page or a file that is not printed
    });
    article.querySelectorAll("img[src]").forEach((picture) => { picture.src = new URL(picture.getAttribute("src"), at); });
    article.querySelectorAll("img[loading]").forEach((picture) => picture.removeAttribute("loading"));
    whole.append(article);
  }
  document.body.replaceChildren(whole);
  document.body.classList.add("casebook-whole");
  await Promise.all([...document.images].map((picture) => picture.decode()));
}
