// Everything that the script adds.
const start = () => {
  byId("theme").hidden = false;
  byId("theme").addEventListener("click", nextTheme);
  showTheme(THEMES.includes(remembered()) ? remembered() : "automatic");
  const form = byId("find");
  if (!form) return;
  form.hidden = false;
  if (!byId("data")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = document.documentElement.dataset.root + "search.html#" + encodeURIComponent(byId("word").value);
    });
    return;
  }
  const index = load();
  // The address keeps the words.
  const read = () => {
    let asked = location.hash.slice(1);
    try {
      asked = decodeURIComponent(asked);
    } catch {
      // Not written by this page: taken as it is.
    }
    if (asked !== byId("word").value) byId("word").value = asked;
    showResults(index);
  };
  const changed = () => {
    showResults(index);
    try {
      history.replaceState(null, "", "#" + encodeURIComponent(byId("word").value));
    } catch {
      // A frame without an origin has no history.
    }
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("word").addEventListener("input", changed);
  window.addEventListener("hashchange", read);
  read();
  byId("word").focus();
};
start();
