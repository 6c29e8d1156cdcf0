// The map: ground, views and how it is moved. What lies on it is made in map_marks.js.
const FINE = data.ground.parts[1];
const COARSE = data.ground.parts[0];
// What the map shows at most, in degrees east and in degrees of the equator north.
const WORLD = [-30, -62, 330, 108];
const CHINA = [73, 17, 136, 61];

function points(flat, parts) {
  const found = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at < flat.length; at += 2) {
    x += flat[at];
    y += flat[at + 1];
    found.push([x / parts, y / parts]);
  }
  return found;
}

function features(name, polygons, parts) {
  return polygons.map((rings, n) => ({
    type: "Feature",
    properties: { name: name + n },
    geometry: { type: "Polygon", coordinates: rings.map((ring) => points(ring, parts)) },
  }));
}

const spotOf = (n) => [data.places[n][3] / FINE, data.places[n][4] / FINE];
const courses = data.pairs.map((row) => row[3].map((flat) => points(flat, FINE)).filter((c) => c.length > 1));

const map = { chart: null, wheel: false, far: null };
// Where the map shows more degrees than this, sites are small and lie on one another.
const FAR_DEG = 24;

// Colours of the style, asked for once until they may have changed.
const shades = new Map();

function colour(name) {
  if (!shades.has(name)) {
    shades.set(name, getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim());
  }
  return shades.get(name);
}

const fonts = () => getComputedStyle(document.body).fontFamily;

function startMap() {
  const land = features("land", data.ground.land, COARSE);
  const home = features("home", data.ground.home, FINE);
  echarts.registerMap("ground", { type: "FeatureCollection", features: land.concat(home) });
  map.home = home.map((one) => one.properties.name);
  const box = byId("map");
  // A page that scrolls must not stop at the map: the wheel zooms only once the map was clicked.
  box.addEventListener("pointerdown", () => { map.wheel = true; });
  box.addEventListener("pointerleave", () => { map.wheel = false; });
  box.addEventListener("wheel", (event) => {
    if (!map.wheel && !event.ctrlKey) event.stopImmediatePropagation();
  }, { capture: true, passive: true });
  box.addEventListener("keydown", mapKey);
  map.chart = echarts.init(box, null, { renderer: "canvas" });
  map.chart.on("mouseover", (event) => { if (event.data && event.data.ref && !state.picked) showDetails(event.data.ref); });
  map.chart.on("georoam", () => { if (far() !== map.far) drawMap(); });
  map.chart.on("mouseout", () => { if (!state.picked) showDetails(null); });
  map.chart.on("click", (event) => { if (event.data && event.data.ref) choose(event.data.ref); });
  map.chart.getZr().on("click", (event) => { if (!event.target && state.picked) choose(null); });
}

function mapKey(event) {
  const ways = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  if (ways[event.key]) {
    map.chart.dispatchAction({ type: "geoRoam", componentType: "geo", geoIndex: 0, dx: ways[event.key][0], dy: ways[event.key][1] });
  } else if (event.key === "+" || event.key === "=") zoomBy(1.4);
  else if (event.key === "-") zoomBy(1 / 1.4);
  else return;
  event.preventDefault();
}

function zoomBy(factor) {
  const box = byId("map");
  map.chart.dispatchAction({
    type: "geoRoam", componentType: "geo", geoIndex: 0, zoom: factor,
    originX: box.clientWidth / 2, originY: box.clientHeight / 2,
  });
}

function boxAround(spots, margin) {
  const xs = spots.map((spot) => spot[0]);
  const ys = spots.map((spot) => spot[1]);
  return [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin];
}

function views() {
  const every = data.places.map((_, n) => spotOf(n));
  const sites = data.sites.map((row) => spotOf(row[3]));
  const within = (spot) => spot[0] > CHINA[0] && spot[0] < CHINA[2] && spot[1] > CHINA[1] && spot[1] < CHINA[3];
  const found = [];
  if (sites.length) found.push(["sites", boxAround(sites, 0.4)]);
  if (every.some(within)) found.push(["china", CHINA]);
  found.push(["all", every.length ? boxAround(every, 4) : WORLD]);
  return found;
}

// Centre and zoom that show a box whole.
function framed(box) {
  const frame = byId("map");
  const width = frame.clientWidth || 800;
  const height = frame.clientHeight || 500;
  const across = WORLD[2] - WORLD[0];
  const zoom = Math.min(across / (box[2] - box[0]), (across / (box[3] - box[1])) * (height / width));
  return { center: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], zoom: Math.max(0.5, Math.min(zoom, 300)) };
}

function geoOption() {
  const home = { areaColor: colour("home"), borderColor: colour("edge"), borderWidth: 0.5 };
  return {
    map: "ground",
    roam: true,
    silent: true,
    aspectScale: 1,
    boundingCoords: [[WORLD[0], WORLD[3]], [WORLD[2], WORLD[1]]],
    layoutCenter: ["50%", "50%"],
    layoutSize: byId("map").clientWidth,
    scaleLimit: { min: 0.5, max: 600 },
    itemStyle: { areaColor: colour("land"), borderColor: colour("land"), borderWidth: 0.3 },
    emphasis: { disabled: true },
    select: { disabled: true },
    label: { show: false },
    regions: map.home.map((name) => ({ name, itemStyle: home })),
  };
}

const viewOf = (name) => views().find((one) => one[0] === name) || views()[0];

function showView(name) {
  const found = viewOf(name);
  state.view = found[0];
  map.chart.setOption({ geo: framed(found[1]) });
  if (far() !== map.far) drawMap();
}

// Whether sites are too close to one another on the screen to be told apart.
function far(zoom) {
  return (WORLD[2] - WORLD[0]) / (zoom || map.chart.getOption().geo[0].zoom) > FAR_DEG;
}

function drawMap() {
  const geo = geoOption();
  if (map.far === null) Object.assign(geo, framed(viewOf(state.view)[1]));
  map.far = far(geo.zoom);
  map.chart.setOption({ animation: false, textStyle: { fontFamily: fonts() }, geo, series: mapSeries() }, { replaceMerge: ["series"] });
}
