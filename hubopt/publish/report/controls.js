// What the reader can switch.
function option(value, text, chosen) {
  const made = el("option", { value: String(value) }, text);
  made.selected = chosen;
  return made;
}

function group(id, rows, chosen, click) {
  const held = document.activeElement && byId(id).contains(document.activeElement) ? document.activeElement.dataset.value : null;
  fill(id, rows.map(([value, text]) => button(text, value === chosen, () => click(value), { "data-value": String(value) })));
  const again = held === null ? null : byId(id).querySelector(`[data-value="${held}"]`);
  if (again) again.focus();
}

function controls() {
  byId("scenario-box").hidden = !several;
  byId("difference").hidden = !several;
  byId("difference").disabled = isBase();
  byId("difference").setAttribute("aria-pressed", String(differing()));
  fill("scenario", data.scenarios.map((scenario, n) => option(n, pick(scenario.title), n === state.scenario)));
  const goods = data.products.map((row, n) => [n, nameOf(row)]).sort((a, b) => a[1].localeCompare(b[1], zh() ? "zh-CN" : "en"));
  fill("product", option(-1, t("all_products"), state.product < 0), goods.map(([n, name]) => option(n, name, n === state.product)));
  group("stage", data.stages.map((row, n) => [n, String(row[0])]), state.stage, (n) => { state.stage = n; state.picked = null; render(); });
  group("views", views().map(([name]) => [name, t("view_" + name)]), state.view, (name) => { showView(name); controls(); });
  for (const [id, key] of [["arrows", "arrows"], ["moving", "moving"], ["all-sites", "allSites"]]) {
    byId(id).setAttribute("aria-pressed", String(state[key]));
  }
  byId("lang-en").setAttribute("aria-pressed", String(!zh()));
  byId("lang-zh").setAttribute("aria-pressed", String(zh()));
}

function listen() {
  byId("scenario").addEventListener("change", (event) => { state.scenario = Number(event.target.value); state.picked = null; render(); });
  byId("product").addEventListener("change", (event) => { state.product = Number(event.target.value); state.picked = null; render(); });
  byId("difference").addEventListener("click", () => { state.difference = !state.difference; render(); });
  for (const [id, key] of [["arrows", "arrows"], ["moving", "moving"], ["all-sites", "allSites"]]) {
    byId(id).addEventListener("click", () => { state[key] = !state[key]; render(); });
  }
  byId("zoom-in").addEventListener("click", () => zoomBy(1.6));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  byId("lang-en").addEventListener("click", () => { state.lang = "en"; render(); });
  byId("lang-zh").addEventListener("click", () => { state.lang = "zh"; render(); });
  byId("print").addEventListener("click", () => window.print());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.picked) choose(null); });
  window.addEventListener("resize", resized);
  window.addEventListener("beforeprint", () => paper(true));
  window.addEventListener("afterprint", () => paper(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);
}

let waiting = 0;
function resized() {
  clearTimeout(waiting);
  waiting = setTimeout(refit, 120);
}

function refit() {
  map.chart.resize();
  map.chart.setOption({ geo: { layoutSize: byId("map").clientWidth } });
  drawCosts();
  drawModes();
}

// On paper: light colours, and charts as wide as the sheet.
function paper(on) {
  document.documentElement.classList.toggle("paper", on);
  shades.clear();
  byId("flows-list").open = on || byId("flows-list").open;
  drawMap();
  refit();
}
