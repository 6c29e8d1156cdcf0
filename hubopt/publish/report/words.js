// Texts and figures in the language of the page.
const zh = () => state.lang === "zh";

function t(key, ...parts) {
  // A word that the data brings, such as a confidence, may be any text and stands for itself.
  const known = Object.prototype.hasOwnProperty.call(data.words, key);
  const text = known ? data.words[key][zh() ? 1 : 0] : key;
  return text.replace(/\{(\d)\}/g, (mark, n) => (parts[n] === undefined ? mark : parts[n]));
}

const pick = (pair) => pair[zh() ? 1 : 0];
// A row that begins with id, English and Chinese name.
const nameOf = (row) => row[zh() ? 2 : 1];
const place = (n) => nameOf(data.places[n]);
const modeOf = (n) => nameOf(data.modes[n]);
const outcomeOf = (key) => data.outcomes.find((row) => row[0] === key);

const formats = {};
function figure(value, digits) {
  const key = state.lang + digits;
  if (!formats[key]) {
    formats[key] = new Intl.NumberFormat(zh() ? "zh-CN" : "en-GB", {
      maximumFractionDigits: digits, minimumFractionDigits: 0,
    });
  }
  const text = formats[key].format(value);
  return text === "-0" ? "0" : text;
}

// Three digits that count, no fewer before the point.
function short(value) {
  if (!value) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return figure(value, Math.min(digits, 6));
}

function scaled(value, units) {
  const size = Math.abs(value);
  const unit = units.find((one) => size >= one[0]) || units[units.length - 1];
  return short(value / unit[0]) + " " + unit[1];
}

const money = (cny) => (zh()
  ? scaled(cny, [[1e8, "亿元"], [1e4, "万元"], [1, "元"]])
  : "CNY " + scaled(cny, [[1e9, "bn"], [1e6, "m"], [1, ""]]).trim());
const tonnes = (value) => (zh()
  ? scaled(value, [[1e4, "万吨"], [1, "吨"]])
  : scaled(value, [[1e6, "Mt"], [1e3, "kt"], [1, "t"]]));
const tkm = (value) => (zh()
  ? scaled(value, [[1e8, "亿吨公里"], [1e4, "万吨公里"], [1, "吨公里"]])
  : scaled(value, [[1e9, "bn t-km"], [1e6, "m t-km"], [1, "t-km"]]));
const percent = (share, digits) => figure(100 * share, digits === undefined ? 1 : digits) + " %";
const km = (value) => figure(value, 0) + (zh() ? " 公里" : " km");
const hours = (value) => short(value) + (zh() ? " 小时" : " h");

// A difference with its sign: none where nothing is left of it after rounding.
function signed(value, words) {
  const size = words(Math.abs(value));
  if (!value || size === words(0)) return words(0);
  return (value > 0 ? "+" : "−") + size;
}

// A difference between two shares.
const pointsOf = (share) => figure(100 * share, 1) + " " + t("points");

const toneOf = (value) => (value > 0 ? "more" : value < 0 ? "less" : "soft");
