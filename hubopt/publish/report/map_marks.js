// What lies on the map: lines of freight, arrows, places, names and sites; and the legend.
const SYMBOLS = {
  opened: ["diamond", 17], kept: ["circle", 11], not_chosen: ["emptyCircle", 8], closed: ["rect", 7],
};
const MOST_ARROWS = 250;
const MOST_MOVING = 120;
// Lines beyond these are hair-thin, and a county model has tens of thousands.
const MOST_DRAWN = 3000;
const MOST_LISTED = 40;

function mapSeries() {
  const flows = drawnFlows();
  const places = busyPlaces(flows);
  const found = [
    borderSeries(),
    lineSeries("flows", flows.slice(0, MOST_DRAWN), {}),
    placeSeries(places),
    siteSeries(),
    nameSeries(places),
  ];
  if (state.arrows) found.push(arrowSeries(flows.slice(0, MOST_ARROWS)));
  if (state.moving) found.push(movingSeries(flows.slice(0, MOST_MOVING)));
  return found;
}

// Borders of a reviewed map that the instance brings along.
function borderSeries() {
  return {
    id: "borders", type: "lines", coordinateSystem: "geo", polyline: true, z: 2, silent: true,
    data: data.ground.borders.map((flat) => ({ coords: points(flat, FINE) })).filter((one) => one.coords.length > 1),
    lineStyle: { color: colour("edge"), width: 1, opacity: 1 },
  };
}

const flowColour = (flow, back = null) => (differing()
  ? colour((back === null ? flow.tone : flow.delta[back]) > 0 ? "more" : "less") : data.modes[data.pairs[flow.pair][2]][3]);

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

// Whether more goes back than there, or, of differences, whether more of them does.
function turned(flow) {
  if (differing()) return Math.abs(flow.delta[1]) > Math.abs(flow.delta[0]);
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
    const way = differing() ? flow.delta.map(Math.abs) : flow.now.way;
    [0, 1].forEach((back) => {
      if (way[back] < 0.25 * sum(way)) return;
      const longest = courses[flow.pair].slice().sort((a, b) => b.length - a.length)[0];
      if (!longest) return;
      const [spot, angle] = alongside(longest, back ? 0.4 : 0.6);
      items.push({
        ref: ["flow", flow.pair], value: spot, symbolRotate: angle + (back ? 180 : 0),
        symbolSize: 8 + 0.9 * widthOf(flow.size), itemStyle: { color: flowColour(flow, back) },
      });
    });
  }
  return {
    id: "arrows", type: "scatter", coordinateSystem: "geo", z: 5, data: items, silent: false,
    symbol: "path://M-5,-5 L6,0 L-5,5 L-2,0 Z", itemStyle: { borderColor: colour("halo"), borderWidth: 0.6 },
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

// Places that freight passes or sites stand at, the busiest first, and how busy each is.
function busyPlaces(flows) {
  const busy = new Map();
  for (const flow of flows) {
    for (const n of data.pairs[flow.pair].slice(0, 2)) busy.set(n, (busy.get(n) || 0) + flow.size);
  }
  for (const row of shownSites()) {
    const n = data.sites[row[0]][3];
    if (!busy.has(n)) busy.set(n, 0);
  }
  const most = Math.max(1, ...busy.values());
  return [...busy].sort((a, b) => b[1] - a[1]).map(([n, size]) => [n, Math.sqrt(size / most)]);
}

function placeSeries(places) {
  return {
    id: "places", type: "scatter", coordinateSystem: "geo", z: 6, symbol: "circle",
    data: places.map(([n, size]) => ({ ref: ["place", n], value: spotOf(n), symbolSize: 3 + 3 * size })),
    itemStyle: { color: colour("ink"), opacity: 0.75 },
  };
}

// Names lie over all else. Those that touch are left out, first those of small symbols, which are
// not seen; so cities have larger ones.
function nameSeries(places) {
  const items = places.map(([n, size]) => {
    const city = data.places[n][5] === 1;
    return {
      value: spotOf(n), symbolSize: (city ? 6 : 4) + 2 * size,
      label: { formatter: () => place(n), fontSize: city ? 13 : 11, fontWeight: city ? "bold" : "normal" },
    };
  });
  return {
    id: "names", type: "scatter", coordinateSystem: "geo", z: 9, data: items, symbol: "circle", silent: true,
    itemStyle: { opacity: 0 },
    label: {
      show: true, position: "right", distance: 8, color: colour("ink"), opacity: 1,
      textBorderColor: colour("halo"), textBorderWidth: 3, width: 210, overflow: "truncate",
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
      ref: ["site", row[0]], value: spotOf(at), symbol, symbolSize: map.far ? size * 0.5 : size,
      symbolOffset: n && !map.far ? [12 * Math.cos(2.4 * n) * Math.sqrt(n), 12 * Math.sin(2.4 * n) * Math.sqrt(n)] : [0, 0],
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

// +1 where more stands than in the base, -1 where less, 0 where as much.
function siteChange(row) {
  if (isBase()) return 0;
  const before = stageOf(base()).sites.find((other) => other[0] === row[0]);
  if (!before) return stands(row[1]) ? 1 : 0;
  if (before[2] === row[2]) return 0;
  // Without a limit counts as most of all; modules of other kinds may be as large together.
  const size = (one) => (one[9] === null ? Infinity : one[9]);
  const count = (one) => sum(one[2].split("|").map((part) => Number(part.split(" x ").pop()) || 0));
  if (size(row) !== size(before)) return size(row) > size(before) ? 1 : -1;
  return Math.sign(count(row) - count(before));
}

// The same flows as a table: for the keyboard, for readers of screens and for paper.
function flowsTable() {
  const rows = drawnFlows().slice(0, MOST_LISTED).map((flow) => {
    const [a, b, mode] = data.pairs[flow.pair];
    const row = flow.now || { way: [0, 0], cny: 0, wtw: 0 };
    const used = stageOf(here()).uses.find((use) => use[0] === "link" && use[1] === flow.pair);
    return el("tr", {}, head(`${place(a)} – ${place(b)}`), cell(modeOf(mode)),
      number(tonnes(row.way[0])), number(tonnes(row.way[1])),
      isBase() ? null : number(changeOf(flow), toneOf(flow.tone)),
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
  fill("legend", modes, marks, el("span", { class: "soft" }, t("wider") + t("colon")), [1, 0.1].map(sample));
}

// A line of the width of a share of the widest, with the tonnes that it stands for.
function sample(share) {
  return el("span", { class: "entry" },
    el("span", { class: "line", height: widthOf(widest() * share) + "px" }), tonnes(widest() * share));
}
