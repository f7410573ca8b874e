/* Asking the server; the rows that the charts show. */

const RANGES = { "5m": 300, "15m": 900, "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800, "30d": 2592000 };
const POINTS = 600;
const STEP_MAX_MS = 3600000; /* of the daemon */
const CATCH_UP_S = 60; /* a step up to which the stream begins where the history ends */
const RETRY_MS = 2000;

const page = {
  range: "5m", paused: false, zoom: null, generation: 0, heard: 0, asked: 0, base: 1000, step: 1, stream: null,
  names: [], live: [], times: [], values: {}, open: null, closed: 0, newest: {},
  charts: [], events: [], firing: new Map(), colors: {},
};

/* The token comes once, behind #token= or into the form, and does not stay in the address. */
let token = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("token");
if (location.hash.includes("token=")) {
  sessionStorage.setItem("token", token);
  history.replaceState(null, "", location.pathname);
}

function address(path, query) {
  const url = new URL("/api/v1/" + path, location.origin);
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== null) url.searchParams.set(key, value);
  return url;
}

async function askAt(url) {
  const answer = await fetch(url, token ? { headers: { Authorization: "Bearer " + token } } : {});
  if (!answer.ok) throw Object.assign(new Error((await answer.text()).trim()), { status: answer.status });
  return answer;
}

const askOne = async (path, query = {}) => (await askAt(address(path, query))).json();
const askLines = async (path, query) =>
  (await (await askAt(address(path, query))).text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));

/* What is shown, as the members of a request. */
const spanOf = () => page.zoom
  ? { since_ms: Math.floor(page.zoom.from * 1000), until_ms: Math.ceil(page.zoom.to * 1000) }
  : { last_ms: RANGES[page.range] * 1000 };
const secondsOf = () => page.zoom ? page.zoom.to - page.zoom.from : RANGES[page.range];
const stepOf = (seconds) => Math.min(Math.max(page.base, Math.ceil(seconds / POINTS) * 1000), STEP_MAX_MS);

function clearRows() {
  page.times = [];
  page.values = Object.fromEntries(page.names.map((name) => [name, []]));
  page.open = null;
  page.closed = 0;
}

function push(t, valueOf) {
  page.times.push(t);
  for (const name of page.names) page.values[name].push(valueOf(name));
}

/* A hole in time breaks the line instead of joining its two ends. */
function breakLine(t) {
  if (page.closed && t - page.closed > 3 * page.step) push(page.closed + page.step, () => null);
}

function addRow(row) {
  const t = row.ts_ms / 1000;
  if (t <= page.closed) return;
  breakLine(t);
  push(t, (name) => row.v[name] ?? null);
  page.closed = t;
}

/* Live samples come every second: until a step is over its point is their mean so far. */
function addSample(sample) {
  const t = sample.ts_ms / 1000;
  if (t <= (page.times.at(-1) ?? 0)) return;
  if (page.open) {
    page.times.pop();
    for (const name of page.names) page.values[name].pop();
  } else {
    breakLine(t);
    page.open = Object.fromEntries(page.names.map((name) => [name, { sum: 0, n: 0 }]));
  }
  for (const name of page.names) {
    if (typeof sample.v[name] !== "number") continue;
    page.open[name].sum += sample.v[name];
    page.open[name].n++;
  }
  push(t, (name) => page.open[name].n ? page.open[name].sum / page.open[name].n : null);
  if (t - page.closed >= page.step * 0.99) {
    page.closed = t;
    page.open = null;
  }
}

function forgetRows(seconds) {
  const oldest = page.times.at(-1) - seconds * 1.05;
  let n = 0;
  while (page.times[n] < oldest) n++;
  if (n < POINTS / 4) return;
  page.times.splice(0, n);
  for (const name of page.names) page.values[name].splice(0, n);
}

/* Of old times the daemon has kept no more than every tenth second, or minute. */
function spacing(rows) {
  const found = rows.map((row) => row.dt_ms).filter((ms) => ms !== null).sort((a, b) => a - b);
  return found[found.length >> 1] ?? 0;
}

/* The past, then live behind its last row: no hole, no row twice. */
async function load() {
  const mine = ++page.generation;
  page.stream?.close();
  page.stream = null;
  const step = stepOf(secondsOf()), span = spanOf();
  const rows = await askLines("history", { metrics: page.names.join(","), step_ms: step, ...span });
  if (mine !== page.generation) return;
  page.step = Math.max(step, spacing(rows)) / 1000;
  clearRows();
  for (const row of rows) addRow(row);
  const last = rows.at(-1);
  draw();
  performance.mark("first-chart");
  page.asked = Date.now();
  loadEnergy(span, mine);
  loadEvents(span, mine);
  if (page.paused) tell("paused", "paused");
  else listen(page.step <= CATCH_UP_S && !page.zoom && last ? last.epoch + ":" + last.seq : undefined, mine);
}

function listen(after, mine) {
  const interval_ms = Math.max(page.base, 1000);
  const stream = new EventSource(address("stream", { metrics: page.live.join(","), interval_ms, after, token }));
  let lost = false;
  page.stream = stream;
  stream.onopen = () => {
    tellLive();
    if (lost) refresh(mine);
    lost = false;
  };
  stream.onerror = () => {
    lost = true;
    tell("lost", "the daemon does not answer; trying again");
    /* Refused for good: a cursor that is of no use any more, or too many streams. */
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => mine === page.generation && reload(), RETRY_MS);
  };
  stream.addEventListener("sample", (message) => {
    if (mine !== page.generation) return;
    page.heard = Date.now();
    tellLive();
    take(JSON.parse(message.data));
  });
  stream.addEventListener("event", (message) => takeEvent(JSON.parse(message.data)));
}

/* Behind a break of the connection: what may have changed meanwhile and comes down no stream. */
function refresh(mine) {
  loadFiring();
  loadEvents(spanOf(), mine);
}

/* What no stream tells, now and then: every 300th of the range, at most every ten seconds. */
function keepUp() {
  if (page.zoom || Date.now() - page.asked < Math.max(10000, RANGES[page.range] * 1000 / 300)) return;
  page.asked = Date.now();
  loadEnergy(spanOf(), page.generation);
  loadReason();
}

function take(sample) {
  page.newest = sample.v;
  keepUp();
  if (!page.zoom) {
    addSample(sample);
    forgetRows(RANGES[page.range]);
  }
  drawSoon();
}
