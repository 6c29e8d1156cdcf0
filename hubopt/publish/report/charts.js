// Bars: cost by term and tonne-kilometres by mode, of the stages or of the scenarios.
const SHADES = ["#4e79a7", "#a0cbe8", "#f28e2b", "#ffbe7d", "#59a14f", "#8cd17d", "#b6992d", "#e15759",
  "#ff9d9a", "#79706e", "#bab0ac", "#499894", "#d37295"];
const charts = {};

function chart(id) {
  if (!charts[id]) charts[id] = echarts.init(byId(id), null, { renderer: "canvas" });
  return charts[id];
}

// Each bar is a scenario of the stage, or a stage where there is one scenario only.
function bars() {
  if (several) return data.scenarios.map((scenario, n) => ({ name: pick(scenario.title), scenario: n, stage: state.stage }));
  return data.stages.map((row, n) => ({ name: String(row[0]), scenario: 0, stage: n }));
}

function drawBars(id, rows, series, words) {
  const ink = colour("ink");
  const soft = colour("soft");
  const narrow = byId(id).clientWidth < 480;
  byId(id).style.height = Math.max(190, 74 + 34 * rows.length + (narrow ? 44 : 56)) + "px";
  const one = chart(id);
  if (one.getWidth() !== byId(id).clientWidth || one.getHeight() !== byId(id).clientHeight) one.resize();
  one.setOption({
    animation: false,
    textStyle: { fontFamily: fonts() },
    grid: { left: 20, right: 44, top: 8, bottom: narrow ? 44 : 62, containLabel: true },
    legend: { bottom: 0, type: narrow ? "scroll" : "plain", textStyle: { color: ink, fontSize: 11 }, itemWidth: 12, itemHeight: 10, selectedMode: false },
    tooltip: {
      trigger: "item", renderMode: "richText", confine: true,
      formatter: (item) => `${item.name}\n${item.seriesName}: ${words(item.value)}`,
    },
    xAxis: { type: "value", max: words === percent ? 1 : null, axisLabel: { color: soft, formatter: (value) => words(value), hideOverlap: true, fontSize: 11 }, splitLine: { lineStyle: { color: colour("line") } } },
    yAxis: { type: "category", inverse: true, data: rows, axisLabel: { color: ink, width: narrow ? 90 : 150, overflow: "truncate", fontSize: 11 }, axisLine: { lineStyle: { color: soft } }, axisTick: { show: false } },
    series: series.map((row) => ({
      name: row.name, type: "bar", stack: "all", barMaxWidth: 26, data: row.values, itemStyle: { color: row.shade },
      emphasis: { focus: "series" },
    })),
  }, { notMerge: true });
}

function drawCosts() {
  const rows = bars();
  const values = rows.map((row) => {
    const before = state.stage;
    state.stage = row.stage;
    const terms = termsOf(row.scenario);
    state.stage = before;
    return terms;
  });
  const kept = data.terms.map((_, n) => n).filter((n) => values.some((terms) => terms[n]));
  const first = values.length && differing() ? values[0].slice() : null;
  const series = kept.map((n) => ({
    name: nameOf(data.terms[n]), shade: SHADES[n % SHADES.length],
    values: values.map((terms) => (first ? terms[n] - first[n] : terms[n])),
  }));
  drawBars("cost-chart", rows.map((row) => row.name), series, (cny) => (first ? signed(cny, money) : money(cny)));
}

function drawModes() {
  const rows = bars();
  const values = rows.map((row) => {
    const modes = modesOf(row.scenario, row.stage);
    const whole = sum(modes.map((mode) => mode.tkm));
    return modes.map((mode) => (whole ? mode.tkm / whole : 0));
  });
  const kept = data.modes.map((_, n) => n).filter((n) => values.some((shares) => shares[n]));
  const series = kept.map((n) => ({
    name: modeOf(n), shade: data.modes[n][3], values: values.map((shares) => shares[n]),
  }));
  drawBars("mode-chart", rows.map((row) => row.name), series, percent);
}
