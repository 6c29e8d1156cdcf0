// What is told of a line, a site or a place of the map, beside it.
function choose(ref) {
  state.picked = ref;
  showDetails(ref);
}

function showDetails(ref) {
  byId("details").classList.toggle("no-print", !ref);
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
  const change = difference(now, before);
  const used = stageOf(here()).uses.find((use) => use[0] === "link" && use[1] === pair);
  const goods = [...row.goods].map(([n, way]) => [n, way[0] + way[1]]).sort((x, y) => y[1] - x[1]);
  return [
    el("h3", {}, `${place(a)} – ${place(b)}`),
    el("p", {}, el("span", { class: "swatch", colour: data.modes[mode][3] }), modeOf(mode)),
    list([
      [t("there", place(a), place(b)), tonnes(row.way[0])],
      [t("there", place(b), place(a)), tonnes(row.way[1])],
      isBase() ? null : [t("in_base"), tonnes(both(before))],
      isBase() ? null : [t("change"), changeOf(change), toneOf(change.tone)],
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
      [t("modules"), modulesOf(row)],
      row[9] ? [t("there_is"), tonnes(row[9])] : null,
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
      // Seen from here an arrow to the right leads away.
      const size = differing() ? changeOf({ delta: a === n ? flow.delta : flow.delta.slice().reverse() }) : tonnes(flow.size);
      return el("li", {}, `${place(a === n ? b : a)}, ${modeOf(mode)}${t("colon")}${size}`);
    })),
  ];
}

function reasonsOf(scenario, site) {
  const row = scenario.reasons.find((one) => one[0] === site) || [];
  return row.slice(1).map((n) => pick(data.sentences[n]));
}

// "large x 1|small x 2" as "1 × large, 2 × small".
function modulesOf(row) {
  const parts = row[2].split("|").filter((part) => part).map((part) => {
    const at = part.lastIndexOf(" x ");
    return `${part.slice(at + 3)} × ${part.slice(0, at)}`;
  });
  return parts.join(t("comma")) || "–";
}

function tag(row) {
  const key = outcomeNow(row);
  return el("span", { class: "tag " + (key === "opened" ? "good" : key === "kept" ? "" : "soft") }, nameOf(outcomeOf(key)));
}
