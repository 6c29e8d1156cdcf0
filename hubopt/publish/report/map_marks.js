// What lies on the map: lines of freight, arrows, places and sites, and what is told of each.
const SYMBOLS = {
  opened: ["diamond", 17], kept: ["circle", 11], not_chosen: ["emptyCircle", 8], closed: ["rect", 7],
};
const MOST_ARROWS = 250;
const MOST_MOVING = 120;
const MOST_LISTED = 40;

function mapSeries() {
  const flows = drawnFlows();
  const found = [
    lineSeries("flows", flows, {}),
    placeSeries(flows),
    siteSeries(),
  ];
  if (state.arrows) found.push(arrowSeries(flows.slice(0, MOST_ARROWS)));
  if (state.moving) found.push(movingSeries(flows.slice(0, MOST_MOVING)));
  return found;
}

const flowColour = (flow) => (differing()
  ? colour(flow.change > 0 ? "more" : "less") : data.modes[data.pairs[flow.pair][2]][3]);

function lineSeries(id, flows, more) {
  const items = [];
  for (const flow of flows) {
    const back = turned(flow);
    for (const coords of courses[flow.pair]) {
      items.push({
        ref: ["flow", flow.pair],
        coords: back ? coords.slice().reverse() : coords,
        lineStyle: { width: widthOf(flow.size), color: flowColour(flow) },
      });
    }
  }
  return {
    id, type: "lines", coordinateSystem: "geo", polyline: true, z: 3, data: items,
    lineStyle: { opacity: 0.78, cap: "round", join: "round" },
    emphasis: { lineStyle: { opacity: 1, shadowBlur: 6, shadowColor: colour("ink") } },
    ...more,
  };
}

// Whether more goes back than there.
function turned(flow) {
  const row = flow.now || flow.before;
  return row ? row.way[1] > row.way[0] : false;
}

function movingSeries(flows) {
  return lineSeries("moving", flows, {
    silent: true, z: 4, lineStyle: { opacity: 0 },
    effect: { show: true, constantSpeed: 45, trailLength: 0, symbol: "circle", symbolSize: 5, color: colour("ink") },
  });
}

function arrowSeries(flows) {
  const items = [];
  for (const flow of flows) {
    const row = flow.now || flow.before;
    const whole = both(row);
    [0, 1].forEach((back) => {
      if (!row || row.way[back] < 0.25 * whole) return;
      const longest = courses[flow.pair].slice().sort((a, b) => b.length - a.length)[0];
      if (!longest) return;
      const [spot, angle] = alongside(longest, back ? 0.4 : 0.6);
      items.push({
        ref: ["flow", flow.pair], value: spot, symbolRotate: angle + (back ? 180 : 0),
        symbolSize: 5 + widthOf(flow.size), itemStyle: { color: flowColour(flow) },
      });
    });
  }
  return {
    id: "arrows", type: "scatter", coordinateSystem: "geo", z: 5, data: items, silent: false,
    symbol: "path://M-5,-5 L6,0 L-5,5 L-2,0 Z", itemStyle: { borderColor: colour("halo"), borderWidth: 1 },
  };
}

// The point at a share of a course, and its direction in degrees.
function alongside(course, share) {
  const lengths = course.slice(1).map((to, n) => Math.hypot(to[0] - course[n][0], to[1] - course[n][1]));
  let left = sum(lengths) * share;
  let n = 0;
  while (n < lengths.length - 1 && left > lengths[n]) { left -= lengths[n]; n += 1; }
  const [from, to] = [course[n], course[n + 1]];
  const part = lengths[n] ? left / lengths[n] : 0;
  const spot = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
  return [spot, Math.atan2(to[1] - from[1], to[0] - from[0]) * 180 / Math.PI];
}

// Places that freight passes, named as far as there is room, the busiest first.
function placeSeries(flows) {
  const busy = new Map();
  for (const flow of flows) {
    for (const n of data.pairs[flow.pair].slice(0, 2)) busy.set(n, (busy.get(n) || 0) + flow.size);
  }
  for (const row of shownSites()) {
    const n = data.sites[row[0]][3];
    if (!busy.has(n)) busy.set(n, 0);
  }
  const most = Math.max(1, ...busy.values());
  const items = [...busy].sort((a, b) => b[1] - a[1]).map(([n, size]) => ({
    ref: ["place", n], name: "", value: spotOf(n), label: { formatter: () => place(n) },
    symbolSize: 3 + 4 * Math.sqrt(size / most),
  }));
  return {
    id: "places", type: "scatter", coordinateSystem: "geo", z: 6, data: items, symbol: "circle",
    itemStyle: { color: colour("ink"), opacity: 0.75 },
    label: {
      show: true, position: "right", distance: 7, fontSize: 11, color: colour("ink"),
      textBorderColor: colour("halo"), textBorderWidth: 2.5, width: 130, overflow: "truncate",
    },
    labelLayout: { hideOverlap: true },
  };
}

function shownSites() {
  return stageOf(here()).sites.filter((row) => state.allSites || stands(row[1]));
}

function siteSeries() {
  const count = new Map();
  const items = [];
  const ranked = stageOf(here()).sites.slice().sort((a, b) => stands(b[1]) - stands(a[1]) || b[3] - a[3]);
  for (const row of ranked) {
    const changed = siteChange(row);
    if (!state.allSites && !stands(row[1]) && !(differing() && changed)) continue;
    const at = data.sites[row[0]][3];
    const n = count.get(at) || 0;
    count.set(at, n + 1);
    const [symbol, size] = SYMBOLS[row[7] !== null && stands(row[1]) ? "opened" : row[1]];
    items.push({
      ref: ["site", row[0]], value: spotOf(at), symbol, symbolSize: size,
      symbolOffset: n ? [12 * Math.cos(2.4 * n) * Math.sqrt(n), 12 * Math.sin(2.4 * n) * Math.sqrt(n)] : [0, 0],
      itemStyle: siteStyle(row, changed),
    });
  }
  return {
    id: "sites", type: "scatter", coordinateSystem: "geo", z: 7, data: items.reverse(),
    itemStyle: { borderColor: colour("halo"), borderWidth: 1.2 }, emphasis: { scale: 1.4 },
  };
}

// Sites that the plan opened keep their colour in later stages, as on the still map.
const outcomeNow = (row) => (row[7] !== null && stands(row[1]) ? "opened" : row[1]);

function siteStyle(row, changed) {
  if (differing()) {
    return changed ? { color: colour(changed > 0 ? "more" : "less") } : { color: colour("edge"), opacity: 0.6 };
  }
  const shade = outcomeOf(outcomeNow(row))[3];
  return { color: outcomeNow(row) === "kept" ? colour("mark") : shade };
}

// +1 where more stands than in the base, -1 where less, 0 where the same.
function siteChange(row) {
  if (isBase()) return 0;
  const before = stageOf(base()).sites.find((other) => other[0] === row[0]);
  if (!before) return stands(row[1]) ? 1 : 0;
  if (before[2] === row[2]) return 0;
  const size = (one) => sum(one[2].split("|").map((part) => Number(part.split(" x ").pop()) || 0));
  return size(row) >= size(before) ? 1 : -1;
}

function choose(ref) {
  state.picked = ref;
  showDetails(ref);
}

function showDetails(ref) {
  if (!ref) {
    fill("details", el("p", { class: "soft" }, t("map_hint")), mapNote());
    return;
  }
  const made = { flow: flowDetails, site: siteDetails, place: placeDetails }[ref[0]];
  fill("details", made(ref[1]));
}

function mapNote() {
  if (drawnFlows().length) return null;
  return el("p", {}, t(differing() ? "no_change" : "no_freight"));
}

const list = (pairs) => el("dl", {}, pairs.filter((one) => one).flatMap(([name, value, tone]) => [
  el("dt", {}, name), el("dd", { class: tone || null }, value)]));

function flowDetails(pair) {
  const [a, b, mode] = data.pairs[pair];
  const now = flowsOf(state.scenario, state.stage, state.product).get(pair);
  const before = flowsOf(0, state.stage, state.product).get(pair);
  const row = now || { way: [0, 0], km: before.km, cny: 0, wtw: 0, ttw: 0, goods: new Map() };
  const change = both(row) - both(before);
  const used = stageOf(here()).uses.find((use) => use[0] === "link" && use[1] === pair);
  const goods = [...row.goods].map(([n, way]) => [n, way[0] + way[1]]).sort((x, y) => y[1] - x[1]);
  return [
    el("h3", {}, `${place(a)} – ${place(b)}`),
    el("p", {}, el("span", { class: "swatch", colour: data.modes[mode][3] }), modeOf(mode)),
    list([
      [t("there", place(a), place(b)), tonnes(row.way[0])],
      [t("there", place(b), place(a)), tonnes(row.way[1])],
      isBase() ? null : [t("in_base"), tonnes(both(before))],
      isBase() ? null : [t("change"), signed(change, tonnes), toneOf(change)],
      [t("distance"), km(row.km)],
      used ? [t("used"), percent(used[3] / used[4])] : null,
      [t("haul_cost"), money(row.cny)],
      [t("wtw"), tonnes(row.wtw)],
      [t("ttw"), tonnes(row.ttw)],
    ]),
    goods.length ? el("h3", {}, t("goods")) : null,
    el("ul", {}, goods.slice(0, 8).map(([n, mass]) => el("li", {}, nameOf(data.products[n]) + t("colon") + tonnes(mass)))),
    aboard(pair),
  ];
}

// Services that run between the two places, in either direction, with how full they are there.
function aboard(pair) {
  const [a, b, mode] = data.pairs[pair];
  const stage = stageOf(here());
  const rows = [];
  for (const [n, runs] of stage.services) {
    const [, , , by, stops] = data.services[n];
    const there = stops.some((stop, at) => at > 0 && ((stops[at - 1] === a && stop === b) || (stops[at - 1] === b && stop === a)));
    if (by !== mode || !there || !runs) continue;
    const use = stage.uses.find((one) => one[0] === "service_leg" && one[1] === n
      && one[2].includes(a) && one[2].includes(b));
    rows.push(el("li", {}, nameOf(data.services[n]) + t("colon") + t("a_week", figure(runs, 0))
      + (use ? t("comma") + percent(use[3] / use[4], 0) : "")));
  }
  return rows.length ? [el("h3", {}, t("aboard")), el("ul", {}, rows)] : [];
}

function siteDetails(site) {
  const row = stageOf(here()).sites.find((one) => one[0] === site);
  if (!row) return [el("h3", {}, nameOf(data.sites[site]))];
  return [
    el("h3", {}, nameOf(data.sites[site])),
    el("p", {}, tag(row), " ", place(data.sites[site][3])),
    list([
      row[7] === null ? null : [t("since"), String(row[7])],
      [t("modules"), row[2] || "–"],
      [t("through"), tonnes(row[3])],
      ...row[8].map(([name, mass]) => [t("function_" + name), tonnes(mass)]),
      row[4] === null ? null : [t("used"), percent(row[4])],
      [t("building"), money(row[5])],
      [t("running"), money(row[6])],
    ]),
    el("h3", {}, t("why")),
    el("ul", {}, reasonsOf(here(), site).map((text) => el("li", {}, text))),
  ];
}

function placeDetails(n) {
  const flows = drawnFlows().filter((flow) => data.pairs[flow.pair].slice(0, 2).includes(n));
  return [
    el("h3", {}, place(n)),
    el("ul", {}, flows.slice(0, 10).map((flow) => {
      const [a, b, mode] = data.pairs[flow.pair];
      const size = differing() ? signed(flow.change, tonnes) : tonnes(flow.size);
      return el("li", {}, `${place(a === n ? b : a)}, ${modeOf(mode)}${t("colon")}${size}`);
    })),
  ];
}

function reasonsOf(scenario, site) {
  const row = scenario.reasons.find((one) => one[0] === site) || [];
  return row.slice(1).map((n) => pick(data.sentences[n]));
}

function tag(row) {
  const key = row[1];
  return el("span", { class: "tag " + (key === "opened" ? "good" : key === "kept" ? "" : "soft") }, nameOf(outcomeOf(key)));
}

// The same flows as a table: for the keyboard, for readers of screens and for paper.
function flowsTable() {
  const rows = drawnFlows().slice(0, MOST_LISTED).map((flow) => {
    const [a, b, mode] = data.pairs[flow.pair];
    const row = flow.now || { way: [0, 0], cny: 0, wtw: 0 };
    const used = stageOf(here()).uses.find((use) => use[0] === "link" && use[1] === flow.pair);
    return el("tr", {}, head(`${place(a)} – ${place(b)}`), cell(modeOf(mode)),
      number(tonnes(row.way[0])), number(tonnes(row.way[1])),
      isBase() ? null : number(signed(flow.change, tonnes), toneOf(flow.change)),
      number(used ? percent(used[3] / used[4]) : "–"), number(money(row.cny)), number(tonnes(row.wtw)),
      cell(button(t("on_map"), null, () => { choose(["flow", flow.pair]); byId("details").scrollIntoView({ block: "nearest" }); }, { class: "no-print" })));
  });
  const heads = [`${t("from")} – ${t("to")}`, t("mode"), ["→"], ["←"], isBase() ? null : [t("change")],
    [t("used")], [t("haul_cost")], [t("wtw")], ""].filter((one) => one !== null);
  fill("flows-table", rows.length ? table("flows", heads, rows) : [mapNote()]);
}

function legend() {
  const used = new Set([...flowsOf(state.scenario, state.stage, -1).keys(), ...flowsOf(0, state.stage, -1).keys()]
    .map((pair) => data.pairs[pair][2]));
  const modes = [...used].sort((a, b) => a - b).map((n) => button("", !state.hidden.has(n), () => {
    if (!state.hidden.delete(n)) state.hidden.add(n);
    render();
    const again = document.querySelector(`[data-mode="${n}"]`);
    if (again) again.focus();
  }, { "data-mode": String(n) }));
  [...used].sort((a, b) => a - b).forEach((n, at) => modes[at].append(
    el("span", { class: "swatch", colour: data.modes[n][3] }), modeOf(n)));
  const entry = (shade, text) => el("span", { class: "entry" }, el("span", { class: "dot", colour: shade }), text);
  const marks = differing()
    ? [entry(colour("more"), t("more_freight")), entry(colour("less"), t("less_freight"))]
    : [entry(outcomeOf("opened")[3], nameOf(outcomeOf("opened"))), entry(colour("mark"), nameOf(outcomeOf("kept")))];
  fill("legend", modes, marks, el("span", { class: "soft" }, t("wider") + t("colon") + "12 px = " + tonnes(widest())));
}
