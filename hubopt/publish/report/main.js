function texts() {
  document.documentElement.lang = zh() ? "zh-CN" : "en";
  document.title = pick(data.title);
  byId("title").textContent = pick(data.title);
  byId("subtitle").textContent = [pick(here().title), pick(here().note)].filter((text) => text).join(" – ");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  const goods = state.product < 0 ? t("all_products") : nameOf(data.products[state.product]);
  byId("scope").textContent = [pick(here().title), String(year()), goods, differing() ? t("difference") : ""].filter((text) => text).join(" · ");
}

function render() {
  shades.clear();
  texts();
  controls();
  sealPart();
  keyFigures();
  drawMap();
  legend();
  showDetails(state.picked);
  flowsTable();
  compareTable();
  costTable();
  modeTable();
  drawCosts();
  drawModes();
  siteTable();
  serviceTable();
  capacityTable();
  emissionTable();
  servedTable();
  unservedTable();
  basisPart();
}

startMap();
listen();
state.view = views()[0][0];
render();
document.documentElement.dataset.ready = "yes";
