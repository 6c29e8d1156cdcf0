// Sites, services, capacities, cost to serve, what stays behind, and what all of it rests on.
const MOST_SITES = 25;
const MOST_ROWS = 20;

function siteTable() {
  const rank = { opened: 0, kept: 1, not_chosen: 2, closed: 3 };
  const rows = stageOf(here()).sites.slice()
    .sort((a, b) => (b[7] !== null) - (a[7] !== null) || rank[a[1]] - rank[b[1]] || b[3] - a[3]);
  const make = (row) => {
    const site = data.sites[row[0]];
    const changed = siteChange(row);
    const why = reasonsOf(here(), row[0]).map((text) => el("li", {}, text));
    const fold = el("details", {}, el("summary", {}, t("why")), el("ul", {}, why));
    if (state.open.has("why" + row[0])) fold.open = true;
    fold.addEventListener("toggle", () => state.open[fold.open ? "add" : "delete"]("why" + row[0]));
    return el("tr", { class: changed ? "picked" : null }, head(nameOf(site)), cell(place(site[3])),
      cell(tag(row), changed ? el("span", { class: changed > 0 ? "more" : "less" }, changed > 0 ? " ▲" : " ▼") : ""),
      cell(row[7] === null || !stands(row[1]) ? "–" : String(row[7])), cell(modulesOf(row)), number(tonnes(row[3])),
      bar(row[4] || 0, row[4] >= 0.995), number(row[4] === null ? "–" : percent(row[4], 0)),
      number(money(row[5])), number(money(row[6])), cell(why.length ? fold : ""));
  };
  fill("sites", table("sites", [t("site"), t("place"), t("outcome"), t("since"), t("modules"), [t("through")], "", [t("used")],
    [t("building")], [t("running")], t("why")], rows, { make, most: MOST_SITES }));
}

function serviceTable() {
  const found = new Map();
  here().stages.forEach((stage, s) => stage.services.forEach((row) => {
    if (!found.has(row[0])) found.set(row[0], data.stages.map(() => null));
    found.get(row[0])[s] = row;
  }));
  const rows = [...found].sort((a, b) => data.services[a[0]][3] - data.services[b[0]][3]
    || (data.services[a[0]][0] < data.services[b[0]][0] ? -1 : 1));
  const lines = rows.map(([n, stages]) => {
    const service = data.services[n];
    const cells = stages.flatMap((row) => (row === null ? [number("–"), number("–"), number("–")]
      : [number(figure(row[1], 0)), number(row[2] ? figure(row[2], 0) : "–"), number(row[4] ? percent(row[3] / row[4], 0) : "–")]));
    return el("tr", {}, head(nameOf(service)), cell(modeOf(service[3])), cell(service[4].map(place).join(" → ")), cells);
  });
  const heads = [t("service"), t("mode"), t("stops"), ...data.stages.flatMap((row) => [
    [`${row[0]} ${t("departures")}`], [t("empties")], [t("load")]])];
  fill("services", table("services", heads, lines, { most: MOST_ROWS }), el("p", { class: "soft below" }, t("timetable_note")));
}

function useName(use) {
  const [kind, what, more] = use;
  if (kind === "site") return nameOf(data.sites[what]) + t("comma") + t("function_" + more);
  if (kind === "link") {
    const [a, b, mode] = data.pairs[what];
    return `${place(a)} – ${place(b)}${t("comma")}${modeOf(mode)}`;
  }
  if (kind === "transfer") {
    const modes = more.split(">").map((part) => nameOf(data.modes.find((row) => row[0] === part)));
    return `${place(what)}${t("comma")}${modes.join(" – ")}`;
  }
  return `${nameOf(data.services[what])}${t("comma")}${more.map(place).join(" → ")}`;
}

function capacityTable() {
  const key = (use) => JSON.stringify(use.slice(0, 3));
  const before = new Map(stageOf(base()).uses.map((use) => [key(use), use[3] / use[4]]));
  const make = (use) => {
    const share = use[3] / use[4];
    const then = before.get(key(use));
    return el("tr", {}, head(useName(use)), cell(t("kind_" + use[0])), number(tonnes(use[3])), number(tonnes(use[4])),
      bar(share, share >= 0.995), number(percent(share)),
      isBase() ? null : number(then === undefined ? "–" : signed(share - then, pointsOf), then === undefined || Math.abs(share - then) < 5e-4 ? "soft" : toneOf(share - then)));
  };
  const heads = [t("what"), t("kind"), [t("taken")], [t("there_is")], "", [t("use")], isBase() ? null : [t("against_base")]];
  fill("capacity", table("capacity", heads.filter((one) => one !== null), stageOf(here()).uses, { make, most: MOST_ROWS }));
}

function servedTable() {
  const rows = stageOf(here()).served.slice().sort((a, b) => sum(b.slice(5)) - sum(a.slice(5)));
  const before = new Map(stageOf(base()).served.map((row) => [row[0], row]));
  const per = (row) => (row && row[1] + row[2] ? sum(row.slice(5)) / (row[1] + row[2]) : null);
  const lines = rows.filter((row) => row[0] >= 0 || sum(row.slice(5))).map((row) => {
    const [product, mass, left, time, wtw] = row;
    const [now, then] = [per(row), per(before.get(product))];
    const change = now !== null && then !== null ? now - then : null;
    return el("tr", { class: product >= 0 && product === state.product ? "picked" : null },
      head(product < 0 ? t("nobody") : nameOf(data.products[product])), number(product < 0 ? "–" : tonnes(mass)),
      number(left ? tonnes(left) : "–"), number(now === null ? "–" : short(now)),
      isBase() ? null : number(change === null ? "–" : signed(change, short), change === null ? "" : toneOf(change)),
      number(money(sum(row.slice(5)))), number(time === null ? "–" : short(time)), number(mass ? short(1000 * wtw / mass) : "–"));
  });
  const heads = [t("product"), [t("carried")], [t("left_year")], [t("per_tonne")], isBase() ? null : [t("against_base")], [t("cost_year")],
    [t("hours")], [t("kg_per_tonne")]];
  fill("served", table("served", heads.filter((one) => one !== null), lines, { most: MOST_ROWS }));
}

function unservedTable() {
  const rows = stageOf(here()).unserved.filter((row) => state.product < 0 || row[0] === state.product);
  if (!rows.length) {
    fill("unserved", el("p", {}, t("all_served")));
    return;
  }
  const lines = rows.map(([product, from, to, mass, cny]) => el("tr", {}, head(nameOf(data.products[product])), cell(place(from)),
    cell(place(to)), number(tonnes(mass)), number(money(cny))));
  const foot = el("tr", { class: "total" }, head(t("total")), cell(), cell(), number(tonnes(sum(rows.map((row) => row[3])))),
    number(money(sum(rows.map((row) => row[4])))));
  fill("unserved", table("unserved", [t("product"), t("from"), t("to"), [t("left_year")], [t("price")]], lines, { most: MOST_ROWS, foot }));
}

function shareTable(key, title, rows) {
  const lines = rows.map(([name, share], n) => el("tr", {},
    head(name === null ? t("others") : name || t("unnamed")), bar(share), number(percent(share))));
  return el("div", {}, el("h3", {}, title), table(key, [t("source"), "", [t("share")]], lines));
}

function basisPart() {
  const basis = data.basis;
  const named = basis.uncertain.filter((row) => row[3]).length;
  const lines = basis.uncertain.map((row) => el("tr", {}, head(row[zh() ? 1 : 0]), cell(t(row[2]) || "–"), cell(row[3] || t("assumed"))));
  fill("basis",
    el("p", {}, basis.uncertain.length ? t("uncertain_share", figure(named, 0), figure(basis.uncertain.length, 0)) : t("no_uncertain")),
    basis.uncertain.length ? el("div", {}, el("h3", {}, t("uncertain")),
      table("uncertain", [t("number"), t("confidence"), t("source")], lines, { most: 8 })) : null,
    el("div", { class: "two" }, shareTable("distances", t("distances"), here().distances), shareTable("factors", t("factors"), here().factorsBySource)),
    scenarioSources(),
    basis.licences ? el("details", { class: "wide" }, el("summary", {}, t("licences")), el("pre", {}, basis.licences)) : null);
}

function scenarioSources() {
  const rows = here().sources;
  if (!rows.length) return null;
  const lines = rows.map(([entry, source, when, confidence]) => el("tr", {}, head(entry), cell(source), cell(when === null ? "–" : String(when)),
    cell(t(confidence))));
  return el("div", {}, el("h3", {}, t("scenario_sources")), table("sources", [t("entry"), t("source"), t("year"), t("confidence")], lines));
}

function sealPart() {
  const scenario = here();
  const broken = scenario.checks.filter((row) => row[2]).length;
  const looked = sum(scenario.checks.map((row) => row[1]));
  const short = byId("seal-short");
  short.className = "seal" + (broken ? " broken" : "");
  short.textContent = broken ? t("not_verified") : t("verified", figure(scenario.checks.length, 0));
  const lines = scenario.checks.map(([name, count, wrong]) => el("tr", {}, head(t("check_" + name)), number(figure(count, 0)), number(figure(wrong, 0))));
  fill("seal",
    broken ? null : el("p", {}, t("seal_says", figure(scenario.checks.length, 0), figure(looked, 0))),
    list([
      [t("status"), t(scenario.status)],
      [t("cost"), money(scenario.cost)],
      [t("bound"), scenario.bound === null ? t("no_bound") : money(scenario.bound)],
      [t("gap"), scenario.gap === null ? t("no_bound") : percent(scenario.gap, 3)],
      [t("gap_basis"), scenario.bound === null ? "–" : t(scenario.everyRoute ? "over_all" : "over_listed")],
      [t("instance_hash"), scenario.hash.slice(0, 16)],
    ]),
    el("p", { class: "soft below" }, pick(scenario.verdict)),
    scenario.rules.map((text) => el("p", { class: "note" }, pick(text))),
    el("details", { class: "wide" }, el("summary", {}, t("checks")), table("checks", [t("check"), [t("looked_at")], [t("broken")]], lines)));
  fill("credits", el("p", {}, t("offline") + (zh() ? "" : " ") + t("made_by", data.basis.version)), data.basis.credits.map((text) => el("p", {}, pick(text))));
}
