// What a window of a phone's width shows: each function lists what a reader could not touch or read.
const seen = (part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const told = (part) => part.outerHTML.slice(0, 100);

function* texts(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim() && seen(walker.currentNode.parentElement)) yield walker.currentNode;
}

window.phones = {
  smallControls: (least) => [...document.querySelectorAll("button, input, select, summary, [role=slider]")]
    .filter(seen)
    .filter((part) => { const box = part.getBoundingClientRect(); return Math.min(box.width, box.height) < least; })
    .map(told),

  smallText: (least) => [...texts(document.body)]
    .filter((text) => parseFloat(getComputedStyle(text.parentElement).fontSize) < least)
    .map((text) => text.data.trim()),

  shownPictures: () => [...document.querySelectorAll("article img")]
    .filter((picture) => seen(picture) && picture.naturalWidth)
    .map((picture) => {
      const box = picture.getBoundingClientRect();
      return [picture.alt, box.width / picture.naturalWidth, box.height / picture.naturalHeight];
    }),

  tablesWithoutRegion: () => [...document.querySelectorAll("table")].filter(seen).filter((table) => {
    const region = table.closest("[role=region][tabindex='0'][aria-label]");
    if (!region) return table.offsetWidth > table.parentElement.clientWidth;
    return !region.ariaLabel.trim() || (table.offsetWidth > region.clientWidth && getComputedStyle(region).overflowX !== "auto");
  }).map(told),

  // a word of ordinary length that stands on more than one line, without a hyphen or another sign to break at
  brokenWords: () => [...document.querySelectorAll("th, td")].filter(seen).flatMap((cell) => [...texts(cell)]).flatMap((text) =>
    [...text.data.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]{2,24}(?![\p{L}\p{N}])/gu)].filter((word) => {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
    }).map((word) => word[0])),
};
