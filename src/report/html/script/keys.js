// Single keys, which can be turned off for readers whose tools use them.
const current = () => document.activeElement && document.activeElement.closest("details.sc");
const step = (by, wanted) => {
  const shown = rows.filter((row) => isShown(row) && wanted(row));
  if (shown.length === 0) return;
  const here = current();
  let at = here ? shown.indexOf(here) : -1;
  if (here && at < 0) {
    const after = shown.findIndex((row) => here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
    at = by > 0 ? (after < 0 ? shown.length : after) - 1 : after < 0 ? shown.length : after;
  }
  const row = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
  row.parentElement.open = true;
  row.firstElementChild.focus();
  row.scrollIntoView({ block: "nearest" });
};
const press = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (event.key === "Escape") {
    clearFilters();
    if (field) field.blur();
    return;
  }
  if (field || !byId("keys").checked) return;
  const actions = {
    "/": () => byId("text").focus(),
    j: () => step(1, () => true),
    k: () => step(-1, () => true),
    n: () => step(1, isFailure),
    p: () => step(-1, isFailure),
  };
  if (!Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
};
