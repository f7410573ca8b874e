"use strict";

/* One row is one panel: what the machine does not have is not shown. */
const PANELS = [
  { title: "CPU", unit: "%", top: 100, series: { cpu_util_pct: "all", ecpu_util_pct: "E", pcpu_util_pct: "P", scpu_util_pct: "S" } },
  { title: "GPU and ANE", unit: "%", top: 100, series: { gpu_util_pct: "GPU", ane_util_pct: "ANE" } },
  { title: "Power", unit: "W", series: { package_watts: "package", cpu_watts: "CPU", gpu_watts: "GPU", ane_watts: "ANE", dram_watts: "DRAM", system_watts: "system" } },
  { title: "Memory", unit: "B", series: { ram_used_bytes: "used", ram_compressed_bytes: "compressed", swap_used_bytes: "swap", gpu_mem_used_bytes: "GPU" } },
  { title: "Memory bandwidth", unit: "GB/s", series: { bandwidth_gbps: "all", bandwidth_read_gbps: "read", bandwidth_write_gbps: "write" } },
  { title: "Temperature", unit: "°C", series: { cpu_temp_c: "CPU", gpu_temp_c: "GPU" } },
  { title: "Frequency", unit: "MHz", series: { pcpu_freq_mhz: "P", ecpu_freq_mhz: "E", scpu_freq_mhz: "S", gpu_freq_mhz: "GPU" } },
  { title: "Fans", unit: "rpm", like: /^fan\.(.+)\.rpm$/ },
  { title: "Network", unit: "B/s", series: { net_rx_bytes_per_s: "received", net_tx_bytes_per_s: "sent" } },
  { title: "Disk", unit: "B/s", series: { disk_read_bytes_per_s: "read", disk_write_bytes_per_s: "written" } },
  { title: "Load", unit: "", series: { load_1m: "1 min", load_5m: "5 min" } },
];
const STATES = ["limit", "thermal_state", "mem_pressure", "throttle_cpu", "throttle_gpu"];
const HARMLESS = { limit: "none", thermal_state: "Nominal", mem_pressure: "normal" };
const RANGES = { "5m": 300, "15m": 900, "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800, "30d": 2592000 };
const COLORS = ["#3b82f6", "#f97316", "#10b981", "#a855f7", "#e11d48", "#0891b2"];
const POINTS = 600;
const EVENTS_SHOWN = 200;
const chartHeight = () => Math.min(Math.max(150, Math.round(innerHeight / 5)), 280);

const $ = (id) => document.getElementById(id);
const page = {
  range: "5m", paused: false, zoom: null, generation: 0, heard: 0,
  metrics: [], times: [], values: {}, charts: [], events: [], firing: new Map(), newest: {}, base: 1000,
};

/* ---- asking ---- */

const token = new URLSearchParams(location.hash.slice(1)).get("token");

function address(path, query) {
  const url = new URL("/api/v1/" + path, location.origin);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  return url;
}

async function ask(path, query = {}) {
  const answer = await fetch(address(path, query), token ? { headers: { Authorization: "Bearer " + token } } : {});
  if (!answer.ok) throw Object.assign(new Error((await answer.text()).trim()), { status: answer.status });
  return answer;
}

const askOne = async (path, query) => (await ask(path, query)).json();
const askLines = async (path, query) =>
  (await (await ask(path, query)).text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));

/* ---- writing ---- */

function human(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit !== "B" && unit !== "B/s")
    return (Math.abs(value) >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)) + (unit ? " " + unit : "");
  let step = 0;
  while (Math.abs(value) >= 1024 && step < 5) { value /= 1024; step++; }
  return (value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)) + " " + ["", "Ki", "Mi", "Gi", "Ti", "Pi"][step] + unit;
}

function element(name, text, more = {}) {
  const e = Object.assign(document.createElement(name), more);
  if (text !== undefined) e.textContent = text;
  return e;
}

function tell(text, lost = false) {
  $("state").textContent = text;
  $("state").classList.toggle("lost", lost);
}

/* ---- charts ---- */

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Marks, alerts and the like as lines on the time axis of every chart. */
function eventLines() {
  return { hooks: { draw: (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.setLineDash([4, 3]);
    for (const event of page.events) {
      const x = u.valToPos(event.ts_ms / 1000, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = css(event.kind === "alert" ? "--critical" : "--faint");
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  } } };
}

/* Bytes are counted in steps of 1024, so their ticks stand at round numbers of them. */
const BYTE_STEPS = Array.from({ length: 51 }, (none, i) => 2 ** i);

function clock(seconds, step) {
  const time = new Date(seconds * 1000);
  if (step >= 86400) return time.toLocaleDateString([], { month: "short", day: "numeric" });
  return time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: step < 60 ? "2-digit" : undefined, hourCycle: "h23" });
}

function axis(more) {
  return { stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line") }, font: "12px system-ui", ...more };
}

function chartOptions(panel, width) {
  return {
    width, height: chartHeight(), legend: { show: false }, plugins: [eventLines()],
    cursor: { sync: { key: "actop" }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { time: true }, y: { range: (u, low, high) => [0, panel.top ?? Math.max(high * 1.1, panel.unit === "%" ? 1 : 0.001)] } },
    axes: [
      axis({ space: 56, values: (u, ticks, i, space, step) => ticks.map((t) => clock(t, step)) }),
      axis({ size: 76, space: 28, incrs: panel.unit.startsWith("B") ? BYTE_STEPS : undefined,
        values: (u, ticks) => ticks.map((t) => human(t, panel.unit)) }),
    ],
    series: [{}, ...panel.names.map((name, i) => ({
      label: panel.labels[i], stroke: COLORS[i % COLORS.length], width: 1.5, spanGaps: false, points: { show: false } }))],
    hooks: {
      setSelect: [(u) => {
        if (u.select.width < 4) return;
        const from = u.posToVal(u.select.left, "x"), to = u.posToVal(u.select.left + u.select.width, "x");
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        zoom({ from, to });
      }],
      setCursor: [(u) => describe(panel, u.cursor.idx)],
    },
  };
}

function drawPanel(panel) {
  panel.chart?.destroy();
  panel.box.style.minHeight = chartHeight() + "px";
  panel.chart = new uPlot(chartOptions(panel, Math.max(panel.box.clientWidth, 200)), [[]], panel.box);
  panel.chart.over.addEventListener("dblclick", () => zoom(null));
}

function makePanel(panel, names, labels) {
  const section = element("section", undefined, { className: "panel" });
  Object.assign(panel, { names, labels, box: element("div"), text: element("p") });
  panel.box.setAttribute("role", "img");
  section.append(element("h2", panel.title), panel.text, panel.box);
  $("charts").append(section);
  page.charts.push(panel);
}

function makePanels(schema) {
  const here = new Set(schema.filter((row) => row.avail === "ok").map((row) => row.name));
  for (const panel of PANELS) {
    const names = panel.like ? [...here].filter((name) => panel.like.test(name)) : Object.keys(panel.series).filter((name) => here.has(name));
    const labels = names.map((name) => panel.like ? panel.like.exec(name)[1] : panel.series[name]);
    if (names.length) makePanel(panel, names, labels);
  }
  page.states = STATES.filter((name) => here.has(name));
  page.metrics = [...new Set(page.charts.flatMap((panel) => panel.names).concat(page.states))];
  for (const panel of page.charts) drawPanel(panel);
}

/* What the panel shows, in words: at the cursor, or now.  It is also what a screen reader reads. */
function describe(panel, index) {
  const at = index === null || index === undefined ? page.times.length - 1 : index;
  panel.text.replaceChildren();
  panel.names.forEach((name, i) => {
    const value = page.values[name]?.[at];
    const dot = element("i");
    dot.style.background = COLORS[i % COLORS.length];
    panel.text.append(dot, panel.labels[i] + " ", element("b", human(value, panel.unit)));
  });
  panel.box.setAttribute("aria-label", panel.title + ": " + panel.text.textContent);
}

function redraw() {
  const span = page.zoom ?? { from: (page.times.at(-1) ?? 0) - RANGES[page.range], to: page.times.at(-1) ?? 0 };
  for (const panel of page.charts) {
    panel.chart.setData([page.times, ...panel.names.map((name) => page.values[name])], false);
    panel.chart.setScale("x", { min: span.from, max: span.to });
    if (panel.chart.cursor.left < 0 || panel.chart.cursor.idx === null) describe(panel);
  }
}

/* ---- data ---- */

function clear() {
  page.times = [];
  page.values = Object.fromEntries(page.metrics.map((name) => [name, []]));
}

/* A hole in time breaks the line instead of joining its two ends. */
function add(line, step) {
  const t = line.ts_ms / 1000, last = page.times.at(-1);
  if (last !== undefined && t <= last) return;
  if (last !== undefined && t - last > 3 * step) {
    page.times.push(last + step);
    for (const name of page.metrics) page.values[name].push(null);
  }
  page.times.push(t);
  for (const name of page.metrics) page.values[name].push(line.v[name] ?? null);
  page.newest = line.v;
}

function forget(seconds) {
  const oldest = page.times.at(-1) - seconds * 1.05;
  let n = 0;
  while (page.times[n] < oldest) n++;
  if (n < POINTS / 4) return;
  page.times.splice(0, n);
  for (const name of page.metrics) page.values[name].splice(0, n);
}

/* The longest interval that the daemon knows is an hour. */
const stepOf = (seconds) => Math.min(Math.max(page.base, Math.ceil(seconds / POINTS) * 1000), 3600000);

/* The past, then live behind its last row: no hole, no row twice. */
async function load() {
  const mine = ++page.generation;
  page.stream?.close();
  const seconds = page.zoom ? page.zoom.to - page.zoom.from : RANGES[page.range];
  const step = stepOf(seconds);
  const span = page.zoom
    ? { since_ms: Math.floor(page.zoom.from * 1000), until_ms: Math.ceil(page.zoom.to * 1000) }
    : { last_ms: seconds * 1000 };
  const rows = await askLines("history", { metrics: page.metrics.join(","), step_ms: step, ...span });
  if (mine !== page.generation) return;
  clear();
  for (const row of rows) add(row, step / 1000);
  redraw();
  verdict();
  energy(span);
  events(span);
  const last = rows.at(-1);
  if (page.zoom || page.paused) tell(page.zoom ? "zoomed" : "paused");
  else follow(step, last && last.epoch + ":" + last.seq, mine);
}

function follow(step, after, mine) {
  const query = { metrics: page.metrics.join(","), interval_ms: step, after, token: token ?? undefined };
  const stream = new EventSource(address("stream", query));
  page.stream = stream;
  stream.onopen = () => tell("live");
  stream.onerror = () => tell("the daemon does not answer; trying again", true);
  stream.addEventListener("sample", (message) => {
    if (mine !== page.generation) return;
    page.heard = Date.now();
    tell("live");
    add(JSON.parse(message.data), step / 1000);
    forget(RANGES[page.range]);
    redraw();
    verdict();
  });
  stream.addEventListener("event", (message) => {
    const event = JSON.parse(message.data);
    if (page.events.some((e) => e.eseq === event.eseq && e.epoch === event.epoch)) return;
    page.events.push(event);
    alerts(event);
    listEvents();
  });
}

async function energy(span) {
  try {
    const answer = await askOne("energy", span);
    const rail = answer.rails.soc ?? answer.rails.package ?? answer.rails.system;
    page.energy = rail ? (rail.joules / 3600).toFixed(rail.joules < 3600 ? 3 : 1) + " Wh in " + (page.zoom ? "the zoom" : page.range) : null;
  } catch { page.energy = null; }
  verdict();
}

async function events(span) {
  page.events = await askLines("events", span);
  listEvents();
}

/* ---- events, alerts, verdict ---- */

const EVENT_TEXT = {
  alert: (e) => `${e.rule} ${e.state}` + (e.metric ? ` (${e.metric} ${e.value ?? "unknown"})` : ""),
  throttle: (e) => `${e.domain} ${e.state}`,
  mark: (e) => e.text,
  start: (e) => e.reason ?? "",
  stop: (e) => e.reason ?? "",
  wake: (e) => e.slept_ms ? `slept ${Math.round(e.slept_ms / 1000)} s` : "",
  clock: (e) => `set by ${(e.step_ms / 1000).toFixed(1)} s`,
};

function listEvents() {
  const rows = page.events.slice(-EVENTS_SHOWN).reverse().map((event) => {
    const row = element("li");
    const time = element("time", new Date(event.ts_ms).toLocaleString());
    time.dateTime = new Date(event.ts_ms).toISOString();
    row.append(time, event.kind + " " + (EVENT_TEXT[event.kind]?.(event) ?? ""));
    return row;
  });
  $("events").replaceChildren(...(rows.length ? rows : [element("li", "none in this range")]));
  for (const panel of page.charts) panel.chart.redraw(false, false);
}

function alerts(event) {
  if (event.kind !== "alert") return;
  if (event.state === "firing") page.firing.set(event.rule, event.severity);
  else page.firing.delete(event.rule);
  verdict();
}

function verdict() {
  const chips = [...page.firing].map(([rule, severity]) => element("span", "alert: " + rule, { className: severity === "critical" ? "critical" : "warn" }));
  for (const name of page.states) {
    const value = page.newest[name];
    if (value === null || value === undefined || value === false) continue;
    const text = value === true ? name.replace("_", " ") : `${name.replace("_", " ")}: ${value}`;
    chips.push(element("span", text, { className: value === HARMLESS[name] ? "" : "warn" }));
  }
  if (page.energy) chips.push(element("span", page.energy));
  $("verdict").replaceChildren(...chips);
}

/* ---- controls ---- */

function zoom(span) {
  page.zoom = span;
  $("reset").hidden = !span;
  reload();
}

async function reload() {
  try {
    await load();
  } catch (error) {
    tell(error.status === 401 ? "this server wants a token: add #token=... to the address" : "the daemon does not answer; trying again", true);
    const mine = page.generation;
    if (error.status !== 401) setTimeout(() => mine === page.generation && reload(), 2000);
  }
}

function setRange(range) {
  page.range = range;
  page.zoom = null;
  $("reset").hidden = true;
  $("ranges").querySelector(`[value="${range}"]`).checked = true;
  reload();
}

function setPaused(paused) {
  page.paused = paused;
  $("pause").setAttribute("aria-pressed", paused);
  reload();
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  repaint();
}

function repaint() {
  for (const panel of page.charts) drawPanel(panel);
  redraw();
}

function makeControls() {
  for (const range of Object.keys(RANGES)) {
    const label = element("label", range);
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "range", value: range, checked: range === page.range });
    input.addEventListener("change", () => setRange(range));
    label.prepend(input);
    $("ranges").append(label);
  }
  $("pause").addEventListener("click", () => setPaused(!page.paused));
  $("reset").addEventListener("click", () => zoom(null));
  $("theme").addEventListener("click", turnTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const range = Object.keys(RANGES)[e.key - 1];
    if (range) setRange(range);
    else if (e.key === "t" || e.key === "T") turnTheme();
    else if (e.key === "Escape" && page.zoom) zoom(null);
    else if (e.key === " " && !e.target.closest("button, input")) { e.preventDefault(); setPaused(!page.paused); }
  });
  new ResizeObserver(() => {
    for (const panel of page.charts)
      panel.chart.setSize({ width: Math.max(panel.box.clientWidth, 200), height: chartHeight() });
  }).observe($("charts"));
}

function watchSilence() {
  setInterval(() => {
    const quiet = Math.round((Date.now() - page.heard) / 1000);
    if (page.heard && !page.paused && !page.zoom && quiet > Math.max(10, 3 * stepOf(RANGES[page.range]) / 1000))
      tell(`nothing heard for ${quiet} s`, true);
  }, 1000);
}

async function begin() {
  try {
    const [hello, schema, firing] = await Promise.all([askOne("hello"), askOne("schema"), askOne("alerts")]);
    page.base = hello.base_ms;
    $("machine").textContent = [hello.soc ?? hello.machine, hello.simulated ? "(simulated)" : ""].join(" ");
    for (const alert of firing.alerts) page.firing.set(alert.rule, alert.severity);
    makePanels(schema.metrics);
    watchSilence();
    await reload();
  } catch (error) {
    tell(error.status === 401 ? "this server wants a token: add #token=... to the address" : "the daemon does not answer; trying again", true);
    if (error.status !== 401) setTimeout(begin, 2000);
  }
}

makeControls();
begin();
