// Two buttons above a chapter that runs in the reader's browser, and two sentences that explain them.

const CHAPTER = new URLSearchParams(location.search).get("path");
const WORDS = "Your changes stay in this browser between visits and are sent nowhere. “Download my work” saves the "
  + "chapter as you left it; “Reset this chapter” deletes your changes and brings it back as it was published.";

async function started() {
  while (!window.jupyterapp) await new Promise((resolve) => setTimeout(resolve, 100));
  await window.jupyterapp.restored;
  return window.jupyterapp;
}

async function download(app) {
  await app.commands.execute("docmanager:save");
  await app.commands.execute("docmanager:download");
}

async function reset(app) {
  if (!window.confirm("Delete your changes to this chapter and bring it back as it was published?")) return;
  await app.commands.execute("docmanager:save");  // so that nothing is left to be saved when the page goes
  await app.serviceManager.contents.delete(CHAPTER);  // only the reader's copy: what is published shows again
  location.reload();
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.disabled = true;
  started().then((app) => {
    element.disabled = false;
    element.addEventListener("click", () => act(app));
  });
  return element;
}

if (CHAPTER) {
  const bar = document.createElement("section");
  bar.id = "casebook-toolbar";
  bar.setAttribute("aria-label", "Your copy of the chapter");
  const words = document.createElement("p");
  words.textContent = WORDS;
  bar.append(words, button("Download my work", download), button("Reset this chapter", reset));
  const show = () => {
    document.body.prepend(bar);
    const fit = () => {
      document.documentElement.style.setProperty("--casebook-toolbar-height", `${bar.offsetHeight}px`);
      window.jupyterapp?.shell.update();
    };
    new ResizeObserver(fit).observe(bar);
  };
  if (document.body) show(); else document.addEventListener("DOMContentLoaded", show);
}
