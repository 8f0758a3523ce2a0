// Finds scenarios that have all words, in their own text or in that of their feature. Titles count most.
const MOST = 200;
const lower = (text) => text.toLocaleLowerCase();
const load = () => {
  const data = JSON.parse(byId("data").textContent);
  const features = data.features.map(([page, title, path, prose]) => ({
    page, title, path, prose, name: lower(title), all: lower(title + " " + path + " " + prose), found: false,
  }));
  const scenarios = data.scenarios.map(([feature, anchor, title, tags, text]) => ({
    feature: features[feature], anchor, title, tags, text,
    name: lower(title), labels: lower(tags), all: lower(title + " " + tags + " " + text),
  }));
  return { features, scenarios };
};
// How well one word fits; 0 if it does not.
const worth = (word, scenario) => {
  if (scenario.name.includes(word)) return 4;
  if (scenario.labels.includes(word)) return 3;
  if (scenario.feature.name.includes(word)) return 2;
  return scenario.all.includes(word) || scenario.feature.all.includes(word) ? 1 : 0;
};
const find = (index, words) => {
  const found = [];
  for (const scenario of index.scenarios) {
    const all = words.map((word) => worth(word, scenario));
    if (all.every((one) => one > 0)) found.push([all.reduce((sum, one) => sum + one, 0), scenario]);
  }
  const shown = new Set(found.map(([, scenario]) => scenario.feature));
  for (const feature of index.features) {
    if (!shown.has(feature) && words.every((word) => feature.all.includes(word))) {
      found.push([2 * words.length, { feature, anchor: "", title: "", tags: "", text: feature.prose }]);
    }
  }
  // The sort is stable: equal ones stay in the order of the files.
  return found.sort((one, other) => other[0] - one[0]).map(([, scenario]) => scenario);
};
const marked = (element, text, words) => {
  const low = lower(text);
  let at = 0;
  // In a few languages lower case has another length: then nothing is marked.
  while (low.length === text.length && at < text.length) {
    let first = -1;
    let size = 0;
    for (const word of words) {
      const place = low.indexOf(word, at);
      if (place >= 0 && (first < 0 || place < first)) [first, size] = [place, word.length];
    }
    if (first < 0) break;
    element.append(text.slice(at, first), Object.assign(document.createElement("mark"), { textContent: text.slice(first, first + size) }));
    at = first + size;
  }
  element.append(text.slice(at));
};
const excerpt = (text, words) => {
  const low = lower(text);
  const places = words.map((word) => low.indexOf(word)).filter((place) => place >= 0);
  if (places.length === 0) return "";
  const from = Math.max(0, Math.min(...places) - 60);
  return (from > 0 ? "… " : "") + text.slice(from, from + 180) + (from + 180 < text.length ? " …" : "");
};
const resultOf = (scenario, words) => {
  const item = document.createElement("li");
  item.dir = "auto";
  const link = document.createElement("a");
  link.href = scenario.feature.page + (scenario.anchor ? "#" + scenario.anchor : "");
  marked(link, scenario.title || scenario.feature.title, words);
  const place = document.createElement("small");
  place.textContent = " " + (scenario.title ? scenario.feature.title + " · " : "") + scenario.feature.path + " " + scenario.tags;
  const text = document.createElement("p");
  marked(text, excerpt(scenario.text, words), words);
  item.append(link, place, text);
  return item;
};
const showResults = (index) => {
  const words = lower(byId("word").value).split(/\s+/).filter(Boolean);
  const found = words.length > 0 ? find(index, words) : [];
  byId("results").replaceChildren(...found.slice(0, MOST).map((scenario) => resultOf(scenario, words)));
  const more = found.length > MOST ? ", the first " + MOST + " are shown" : "";
  byId("found").textContent = words.length === 0 ? "Type words of a title, a step, a tag or a description."
    : found.length === 0 ? "Nothing has all these words." : found.length + (found.length === 1 ? " result" : " results") + more;
};
