// Key figures, scenarios side by side, cost terms and modes.
function card(what, value, change, words, tilde) {
  const note = isBase() || change === null || change === undefined ? ""
    : signed(change, words) + (tilde && change ? " ~" : "") + " " + t("against_base");
  const tone = isBase() || !change || Math.abs(change) < 1e-9 ? "soft" : toneOf(change);
  return el("div", { class: "card" }, el("div", { class: "what" }, what), el("div", { class: "value" }, value),
    el("div", { class: "change " + tone, title: tilde && change && !isBase() ? t("within_gaps") : null }, note));
}

function span() {
  const last = data.stages[data.stages.length - 1];
  return `${data.stages[0][0]}–${last[0] + last[1] - 1}`;
}

function keyFigures() {
  const now = stageOf(here());
  const before = stageOf(base());
  const [mine, theirs] = [freightOf(state.scenario), freightOf(0)];
  const [cost, costThen] = [sum(termsOf(state.scenario)), sum(termsOf(0))];
  const whole = state.product < 0;
  const [wtw, wtwThen] = whole ? [now.wtw, before.wtw] : [mine.wtw, theirs.wtw];
  fill("figures",
    whole ? card(t("present_value", span()), money(here().cost), here().cost - base().cost, money, withinGaps(here())) : null,
    card(t("cost_year"), money(cost), cost - costThen, money),
    card(t("freight_year"), tonnes(mine.mass), mine.mass - theirs.mass, tonnes),
    card(t("co2e_year"), tonnes(wtw), wtw - wtwThen, tonnes),
    card(t("left_year"), tonnes(mine.left), mine.left - theirs.left, tonnes),
    mine.hours === null ? null : card(t("mean_hours"), hours(mine.hours), theirs.hours === null ? null : mine.hours - theirs.hours, hours),
    whole ? card(t("opened_sites"), figure(openedSoFar(now), 0), openedSoFar(now) - openedSoFar(before), (n) => figure(n, 0)) : null,
    whole ? card(t("flights"), figure(runsOf(now), 0), runsOf(now) - runsOf(before), (n) => figure(n, 0)) : null);
}

function compareTable() {
  byId("compare-part").hidden = !several;
  if (!several) return;
  const change = (value, before, words) => number(signed(value - before, words), toneOf(value - before));
  const first = stageOf(base());
  const left = (stage) => sum(stage.served.map((row) => row[2]));
  const rows = data.scenarios.map((scenario, n) => {
    const stage = stageOf(scenario);
    const step = () => { state.scenario = n; state.picked = null; render(); };
    const name = el("th", { scope: "row" }, button(pick(scenario.title), n === state.scenario, step));
    if (n === 0) {
      return el("tr", {}, name, number(money(scenario.cost)), number("–"), gapCell(scenario), number(money(sum(stage.terms))),
        number(tonnes(stage.wtw)), number(tonnes(left(stage))), number(figure(openedSoFar(stage), 0)), number(figure(runsOf(stage), 0)));
    }
    const worth = scenario.cost - base().cost;
    const mark = withinGaps(scenario) ? " ~" : "";
    return el("tr", {}, name,
      number(signed(worth, money) + mark, toneOf(worth)), number(signed(base().cost ? worth / base().cost : 0, (x) => percent(x, 2)), toneOf(worth)),
      gapCell(scenario), change(sum(stage.terms), sum(first.terms), money), change(stage.wtw, first.wtw, tonnes),
      change(left(stage), left(first), tonnes), change(openedSoFar(stage), openedSoFar(first), (x) => figure(x, 0)),
      change(runsOf(stage), runsOf(first), (x) => figure(x, 0)));
  });
  const marked = data.scenarios.some((scenario) => withinGaps(scenario));
  fill("compare", table("compare", [t("scenario"), [t("present_value", span())], [t("against_base")], [t("gap")], [`${year()}: ${t("cost_year")}`],
    [t("co2e_year")], [t("left_year")], [t("opened_sites")], [t("flights")]], rows),
  marked ? el("p", { class: "soft below" }, "~ " + t("within_gaps")) : null);
}

const gapCell = (scenario) => number(scenario.gap === null ? "–" : percent(scenario.gap, 2));

function costTable() {
  const terms = termsOf(state.scenario);
  const before = termsOf(0);
  const most = Math.max(...terms, 0);
  const order = terms.map((_, n) => n).filter((n) => terms[n] || before[n]).sort((a, b) => terms[b] - terms[a]);
  const line = (name, value, then, kind) => el("tr", { class: kind || null }, head(name),
    kind ? cell() : bar(most ? value / most : 0), number(money(value)),
    isBase() ? null : number(signed(value - then, money), toneOf(value - then)));
  const heads = [t("term"), "", [t("cost_year")], isBase() ? null : [t("against_base")]].filter((one) => one !== null);
  const caption = state.product < 0 ? "" : t("cost_of_goods", nameOf(data.products[state.product]));
  fill("cost-table", table("costs", heads, order.map((n) => line(nameOf(data.terms[n]), terms[n], before[n])), {
    caption, foot: line(t("total"), sum(terms), sum(before), "total"),
  }));
}

function modeTable() {
  const now = modesOf(state.scenario, state.stage);
  const before = modesOf(0, state.stage);
  const whole = sum(now.map((mode) => mode.tkm));
  const then = sum(before.map((mode) => mode.tkm));
  const mass = freightOf(state.scenario).mass;
  const rows = now.map((mode, n) => {
    if (!mode.mass && !before[n].mass) return null;
    const [share, was] = [whole ? mode.tkm / whole : 0, then ? before[n].tkm / then : 0];
    return el("tr", {}, head(modeOf(n)), bar(share), number(percent(share)), number(tkm(mode.tkm)), number(tonnes(mode.mass)),
      number(mass ? percent(mode.mass / mass) : "–"),
      isBase() ? null : number(signed(share - was, pointsOf), Math.abs(share - was) < 5e-4 ? "soft" : toneOf(share - was)));
  }).filter((row) => row);
  const heads = [t("mode"), "", [t("share_tkm")], [t("tkm")], [t("tonnes_year")], [t("share_t")], isBase() ? null : [t("against_base")]]
    .filter((one) => one !== null);
  fill("mode-table", table("modes", heads, rows), el("p", { class: "soft below" }, t("share_note")));
}

function emissionTable() {
  const rows = stageOf(here()).emissions;
  const name = (key) => {
    const parts = key.split(">").map((part) => {
      const mode = data.modes.find((row) => row[0] === part);
      return mode ? nameOf(mode) : t("function_" + part);
    });
    return parts.join(" → ");
  };
  const most = Math.max(0, ...rows.map((row) => row[3]));
  const ranked = rows.slice().sort((a, b) => b[3] - a[3]);
  const lines = ranked.map(([kind, mode, work, wtw, ttw]) => el("tr", {}, head(t("ledger_" + kind, name(mode))), bar(most ? wtw / most : 0),
    number(work && kind === "leg" ? tkm(work) : "–"), number(tonnes(wtw)), number(tonnes(ttw)),
    number(work && kind === "leg" ? short(1e6 * wtw / work) : "–")));
  const total = [sum(rows.map((row) => row[3])), sum(rows.map((row) => row[4]))];
  const foot = el("tr", { class: "total" }, head(t("total")), cell(), number(""), number(tonnes(total[0])), number(tonnes(total[1])), number(""));
  fill("emissions", table("emissions", [t("element"), "", [t("tkm")], ["WTW"], ["TTW"], [t("intensity")]], lines, { foot, most: 14 }),
    el("p", { class: "soft below" }, t("ledger_note")));
}
