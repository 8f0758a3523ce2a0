// Addresses: `#s-…` is a scenario, `#?is=f&tag=@x&text=y` the filters.
const reveal = (row) => {
  if (row.hidden) clearFilters();
  row.parentElement.hidden = false;
  row.parentElement.open = true;
  fill(row);
  row.open = true;
  for (const other of document.querySelectorAll(".at-link")) other.classList.remove("at-link");
  row.classList.add("at-link");
  row.scrollIntoView({ block: "start" });
  row.firstElementChild.focus({ preventScroll: true });
};
const follow = () => {
  const hash = location.hash;
  if (hash.startsWith("#?")) {
    const asked = new URLSearchParams(hash.slice(2));
    byId("text").value = asked.get("text") || "";
    byId("tag").value = asked.get("tag") || "";
    const results = (asked.get("is") || "").split(" ");
    for (const one of document.querySelectorAll("#status button")) {
      one.setAttribute("aria-pressed", String(results.includes(one.dataset.is)));
    }
    filter();
    return;
  }
  const found = hash.length > 1 && byId(hash.slice(1));
  if (!found) return;
  if (found.classList.contains("sc")) reveal(found);
  else if (found.localName === "details") found.open = true;
};
const changed = () => {
  filter();
  const asked = new URLSearchParams();
  if (byId("text").value) asked.set("text", byId("text").value);
  if (byId("tag").value) asked.set("tag", byId("tag").value);
  if (chosen().size) asked.set("is", Array.from(chosen()).join(" "));
  const hash = asked.toString() ? "#?" + asked : "#";
  try {
    history.replaceState(null, "", hash);
  } catch {
    // A frame without an origin has no history.
  }
};
