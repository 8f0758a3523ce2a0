// The steps of most scenarios of a long report are text until somebody opens the row. bdd has escaped all text in them.
const lazyOf = (row) => {
  const last = row.lastElementChild;
  return last && last.localName === "noscript" ? last : null;
};
const fill = (row) => {
  const lazy = lazyOf(row);
  if (!lazy) return;
  lazy.insertAdjacentHTML("beforebegin", lazy.textContent);
  lazy.remove();
  prettyJson(row);
};
const prettyJson = (place) => {
  for (const shown of place.querySelectorAll("pre.js")) {
    try {
      shown.textContent = JSON.stringify(JSON.parse(shown.textContent), null, 2);
    } catch {
      // It stays as it was attached.
    }
  }
};
const plain = document.createElement("textarea");
// All words of a row, for the search. The tags of text that is not markup yet are left out.
const wordsOf = (row) => {
  const lazy = lazyOf(row);
  const head = row.firstElementChild.textContent;
  if (!lazy) return (head + " " + row.lastElementChild.textContent).toLowerCase();
  plain.innerHTML = lazy.textContent.replace(/<[^>]*>/g, "");
  return (head + " " + plain.value).toLowerCase();
};
