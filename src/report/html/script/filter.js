// Shows the scenarios with a chosen result, tag and text.
const words = new Map();
const chosen = () => new Set(Array.from(document.querySelectorAll("#status [aria-pressed=true]"), (one) => one.dataset.is));
const tagsOf = (row) => Array.from(row.firstElementChild.querySelectorAll("u"), (tag) => tag.textContent);
const hasResult = (row, results) =>
  results.size === 0 ||
  Array.from(results).some((result) => (result === "flaky" ? "flaky" in row.dataset : row.classList.contains(result)));
const hasText = (row, parts) => {
  if (parts.length === 0) return true;
  if (!words.has(row)) words.set(row, wordsOf(row));
  const own = words.get(row);
  return parts.every((part) => own.includes(part));
};
const filter = () => {
  const results = chosen();
  const tag = byId("tag").value;
  const parts = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const filters = results.size > 0 || tag !== "" || parts.length > 0;
  let count = 0;
  const busy = new Set();
  for (const row of rows) {
    const shown = hasResult(row, results) && (tag === "" || tagsOf(row).includes(tag)) && hasText(row, parts);
    row.hidden = !shown;
    if (shown) {
      count += 1;
      busy.add(row.parentElement);
    }
  }
  for (const feature of features) {
    feature.hidden = !busy.has(feature);
    if (filters && count <= 500 && busy.has(feature)) feature.open = true;
    for (const rule of feature.querySelectorAll(":scope > .ru")) {
      let next = rule.nextElementSibling;
      while (next && next.hidden) next = next.nextElementSibling;
      rule.hidden = !(next && next.classList.contains("sc"));
    }
  }
  byId("shown").textContent = filters ? count + " of " + rows.length + " scenarios" : rows.length + " scenarios";
  byId("none").hidden = count > 0 || rows.length === 0;
};
const clearFilters = () => {
  byId("text").value = "";
  byId("tag").value = "";
  for (const one of document.querySelectorAll("#status [aria-pressed=true]")) one.setAttribute("aria-pressed", "false");
  changed();
};
const offerTags = () => {
  const counts = new Map();
  for (const row of rows) for (const tag of new Set(tagsOf(row))) counts.set(tag, (counts.get(tag) || 0) + 1);
  for (const [tag, count] of Array.from(counts).sort((one, other) => (one[0] < other[0] ? -1 : 1))) {
    const option = document.createElement("option");
    option.value = tag;
    option.textContent = tag + " (" + count + ")";
    byId("tag").append(option);
  }
  byId("tag").parentElement.hidden = counts.size === 0;
};
