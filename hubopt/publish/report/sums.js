// Sums over the flat lists of the data: by pair of places, by product, by mode.
const memory = new Map();

function once(key, make) {
  if (!memory.has(key)) memory.set(key, make());
  return memory.get(key);
}

// [tonnes there, tonnes back] and what they cost and emit, by pair, of one product or all (-1).
function flowsOf(number, stage, product) {
  return once(`flows ${number} ${stage} ${product}`, () => {
    const scenario = data.scenarios[number];
    const factor = new Map(scenario.factors.map((row) => [row[0], row]));
    const flat = scenario.stages[stage].flows;
    const found = new Map();
    let link = 0;
    for (let at = 0; at < flat.length; at += 3) {
      link += flat[at];
      if (product >= 0 && flat[at + 1] !== product) continue;
      addFlow(found, data.links[link], flat[at + 1], flat[at + 2], factor.get(flat[at + 1]));
    }
    return found;
  });
}

function addFlow(found, link, product, mass, factor) {
  const [pair, back, distance, haul, wtw, ttw] = link;
  let row = found.get(pair);
  if (!row) {
    row = { pair, way: [0, 0], km: distance, cny: 0, wtw: 0, ttw: 0, tkm: 0, goods: new Map() };
    found.set(pair, row);
  }
  row.way[back] += mass;
  row.tkm += mass * distance;
  row.cny += mass * haul * factor[1];
  row.wtw += mass * distance * wtw * factor[2] / 1e6;
  row.ttw += mass * distance * ttw * factor[2] / 1e6;
  const goods = row.goods.get(product) || [0, 0];
  goods[back] += mass;
  row.goods.set(product, goods);
}

const both = (row) => (row ? row.way[0] + row.way[1] : 0);
const NO_WAY = [0, 0];
const wayOf = (row) => (row ? row.way : NO_WAY);

// What goes more or less there and back, and which of the two is the larger.
function difference(now, before) {
  const delta = [0, 1].map((back) => wayOf(now)[back] - wayOf(before)[back]);
  return { delta, tone: Math.abs(delta[1]) > Math.abs(delta[0]) ? delta[1] : delta[0] };
}

// The difference in words; both ways of it where one of them grows and the other shrinks.
function changeOf({ delta }) {
  const [there, back] = delta.map((one) => (Math.abs(one) < 0.5 ? 0 : one));
  if (there * back >= 0) return signed(there + back, tonnes);
  return `→ ${signed(there, tonnes)}, ← ${signed(back, tonnes)}`;
}

// Pairs as the map shows them, the widest first: all flows, or what differs from the base.
function drawnFlows() {
  const now = flowsOf(state.scenario, state.stage, state.product);
  const before = flowsOf(0, state.stage, state.product);
  const pairs = differing() ? new Set([...now.keys(), ...before.keys()]) : new Set(now.keys());
  const found = [];
  for (const pair of pairs) {
    if (state.hidden.has(data.pairs[pair][2])) continue;
    const { delta, tone } = difference(now.get(pair), before.get(pair));
    const size = differing() ? Math.abs(delta[0]) + Math.abs(delta[1]) : both(now.get(pair));
    // Sums of rounded figures differ by crumbs where nothing differs.
    if (size < 0.5) continue;
    found.push({ pair, size, delta, tone, now: now.get(pair), before: before.get(pair) });
  }
  return found.sort((a, b) => b.size - a.size || a.pair - b.pair);
}

// Widths stay comparable when scenarios and differences are switched: one scale for a stage.
function widest() {
  const goods = state.product;
  return once(`widest ${state.stage} ${goods}`, () => {
    const rows = [...flowsOf(0, state.stage, goods).values()];
    const other = data.scenarios.flatMap((_, n) => (n ? [...flowsOf(n, state.stage, goods).values()] : []));
    return Math.max(1, ...rows.map(both), ...other.map(both));
  });
}

const widthOf = (size) => 1 + 11 * Math.sqrt(Math.min(1, size / widest()));

// CNY by term: of the stage, or of serving one product.
function termsOf(number) {
  const stage = data.scenarios[number].stages[state.stage];
  if (state.product < 0) return stage.terms;
  const row = stage.served.find((one) => one[0] === state.product);
  return row ? row.slice(5) : data.terms.map(() => 0);
}

// Tonnes and tonne-kilometres by mode, of one product or all.
function modesOf(number, stage) {
  const found = data.modes.map(() => ({ mass: 0, tkm: 0 }));
  for (const [mode, product, mass] of data.scenarios[number].stages[stage].modes) {
    if (state.product < 0 || product === state.product) found[mode].mass += mass;
  }
  for (const row of flowsOf(number, stage, state.product).values()) {
    found[data.pairs[row.pair][2]].tkm += row.tkm;
  }
  return found;
}

// Tonnes carried and left, hours: of one product or all.
function freightOf(number) {
  const rows = data.scenarios[number].stages[state.stage].served
    .filter((row) => row[0] >= 0 && (state.product < 0 || row[0] === state.product));
  const sum = (f) => rows.reduce((total, row) => total + f(row), 0);
  const mass = sum((row) => row[1]);
  return {
    mass, left: sum((row) => row[2]), hours: mass ? sum((row) => row[1] * (row[3] || 0)) / mass : null,
    wtw: sum((row) => row[4]),
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const stands = (outcome) => outcome === "opened" || outcome === "kept";
const openedSoFar = (stage) => stage.sites.filter((row) => row[7] !== null && stands(row[1])).length;
const runsOf = (stage) => sum(stage.services.map((row) => row[1]));

// Whether a difference in present value is smaller than what both solves left open.
function withinGaps(scenario) {
  const change = Math.abs(scenario.cost - base().cost);
  if (!change) return false;
  if (scenario.bound === null || base().bound === null) return true;
  return change < scenario.cost - scenario.bound + base().cost - base().bound;
}
