// What the reader has chosen. Everything that is shown follows from it and from the data.
const state = {
  lang: data.language,
  scenario: 0,
  stage: data.stages.length - 1,
  product: -1,
  difference: false,
  arrows: true,
  moving: false,
  allSites: false,
  hidden: new Set(),
  view: "sites",
  picked: null,
  open: new Set(),
};

const several = data.scenarios.length > 1;
const here = () => data.scenarios[state.scenario];
const base = () => data.scenarios[0];
const stageOf = (scenario) => scenario.stages[state.stage];
const year = () => data.stages[state.stage][0];
// A difference makes sense beside the base only.
const differing = () => state.difference && state.scenario > 0;
const isBase = () => state.scenario === 0;
