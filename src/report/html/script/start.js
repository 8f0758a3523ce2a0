// Everything that the script adds.
const start = () => {
  byId("theme").hidden = false;
  byId("theme").addEventListener("click", nextTheme);
  showTheme(THEMES.includes(remembered()) ? remembered() : "automatic");
  byId("tools").hidden = rows.length === 0;
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  offerTags();
  filter();
  let waiting = 0;
  byId("text").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, rows.length > 2000 ? 200 : 0);
  });
  byId("tag").addEventListener("change", changed);
  for (const one of document.querySelectorAll("#status button")) {
    one.addEventListener("click", () => {
      one.setAttribute("aria-pressed", String(one.getAttribute("aria-pressed") !== "true"));
      changed();
    });
  }
  byId("clear").addEventListener("click", clearFilters);
  byId("open").addEventListener("click", () => {
    for (const row of rows.filter(isShown).slice(0, 1000)) {
      row.parentElement.open = true;
      fill(row);
      row.open = true;
    }
  });
  byId("shut").addEventListener("click", () => {
    for (const row of rows) row.open = false;
    for (const feature of features) feature.open = false;
  });
  // The events of rows do not bubble, but they can be captured.
  byId("scenarios").addEventListener("toggle", (event) => event.target.open && fill(event.target), true);
  document.addEventListener("keydown", press);
  const copy = byId("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () => navigator.clipboard.writeText(byId("code").textContent));
  }
  prettyJson(document);
  window.addEventListener("hashchange", follow);
  follow();
};
start();
