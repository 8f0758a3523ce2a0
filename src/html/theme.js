// Light, dark, or as the system has it.
const THEMES = ["automatic", "light", "dark"];
const remembered = () => {
  try {
    return localStorage.getItem("bdd-theme") || "automatic";
  } catch {
    return "automatic";
  }
};
const showTheme = (theme) => {
  if (theme === "automatic") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = "Theme: " + theme;
};
const nextTheme = () => {
  const shown = document.documentElement.dataset.theme || "automatic";
  const theme = THEMES[(THEMES.indexOf(shown) + 1) % THEMES.length];
  showTheme(theme);
  try {
    localStorage.setItem("bdd-theme", theme);
  } catch {
    // It is not remembered.
  }
};
