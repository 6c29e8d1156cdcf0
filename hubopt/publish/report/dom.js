// Elements are made here and nowhere else; what they hold is text, never markup.
function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "click") node.addEventListener("click", value);
    else if (key === "width") node.style.width = value;
    else if (key === "height") node.style.height = value;
    else if (key === "colour") node.style.background = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

function fill(id, ...children) {
  byId(id).replaceChildren(...children.flat().filter((child) => child !== null));
}

function button(text, pressed, click, properties) {
  return el("button", {
    type: "button", click, "aria-pressed": pressed === null ? null : String(pressed), ...properties,
  }, text);
}

function bar(share, full) {
  const width = Math.max(0, Math.min(1, share || 0)) * 100 + "%";
  return el("td", { class: "bar" }, el("span", { class: full ? "full" : null, width }));
}

const number = (text, tone) => el("td", { class: "number" + (tone ? " " + tone : "") }, text);
const cell = (...content) => el("td", { class: "name" }, ...content);
const head = (text) => el("th", { scope: "row" }, text);

const MOST_ON_A_PHONE = 12;

// A real table: a heading for each column, one for each row. `heads` are texts, those of numbers
// in a list of their own; more rows than `most` wait behind a button, and are not made before.
function table(key, heads, rows, options) {
  const { make = (row) => row, foot = [], caption = "" } = options || {};
  const most = Math.min((options || {}).most || Infinity, window.innerWidth < 520 ? MOST_ON_A_PHONE : Infinity);
  const shown = (state.open.has(key) ? rows : rows.slice(0, most)).map(make);
  const columns = heads.map((text) => (Array.isArray(text)
    ? el("th", { scope: "col", class: "number" }, text[0]) : el("th", { scope: "col" }, text)));
  const made = el("table", {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, columns)),
    el("tbody", {}, shown, foot));
  if (!caption) made.querySelector("caption").remove();
  const parts = [el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption || heads[0] }, made)];
  if (rows.length > most) {
    const text = state.open.has(key) ? t("show_less") : t("show_all", rows.length);
    parts.push(button(text, null, () => {
      if (!state.open.delete(key)) state.open.add(key);
      render();
      const again = document.querySelector(`[data-more="${key}"]`);
      if (again) again.focus();
    }, { class: "below no-print", "data-more": key }));
  }
  return parts;
}
