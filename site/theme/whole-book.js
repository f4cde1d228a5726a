// Puts every page of the book one after the other into the page that is open, for printing as one document.
// Run by tools/pdf.py with the names of the pages; ids and links get the name of their page in front.
async (names) => {
  const whole = document.createElement("main");
  for (const name of names) {
    const page = new DOMParser().parseFromString(await (await fetch(`${name}.html`)).text(), "text/html");
    const article = page.querySelector("article.bd-article");
    article.id = name;
    // exercises go without their solutions; folded code and buttons stay on the site
    article.querySelectorAll(".tag_solution, .headerlink, details.hide, .casebook-places, script").forEach((part) => part.remove());
    article.querySelectorAll("[id]").forEach((part) => { if (part !== article) part.id = `${name}-${part.id}`; });
    article.querySelectorAll("a[href]").forEach((link) => {
      const [target, anchor] = link.getAttribute("href").split("#");
      const within = target === "" ? name : target.replace(/\.html$/, "");
      if (names.includes(within)) link.setAttribute("href", `#${within}${anchor ? `-${anchor}` : ""}`);
    });
    article.querySelectorAll("img[loading]").forEach((picture) => picture.removeAttribute("loading"));
    whole.append(article);
  }
  document.body.replaceChildren(whole);
  document.body.classList.add("casebook-whole");
  await Promise.all([...document.images].map((picture) => picture.decode()));
}
