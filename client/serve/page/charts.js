/* The panels: what the machine does not have is not shown. */

const PANELS = [
  { title: "CPU", unit: "%", top: 100, series: { cpu_util_pct: ["all", "ink"], pcpu_util_pct: ["P", "blue"], ecpu_util_pct: ["E", "teal"], scpu_util_pct: ["S", "violet"] } },
  { title: "GPU and ANE", unit: "%", top: 100, series: { gpu_util_pct: ["GPU", "orange"], ane_util_pct: ["ANE", "pink"] } },
  { title: "Power", unit: "W", series: { package_watts: ["package", "ink"], cpu_watts: ["CPU", "blue"], gpu_watts: ["GPU", "orange"], ane_watts: ["ANE", "pink"], dram_watts: ["DRAM", "gold"], system_watts: ["system", "grey"] } },
  { title: "Memory", unit: "B", topOf: "ram_total_bytes", series: { ram_used_bytes: ["used", "blue"], ram_compressed_bytes: ["compressed", "teal"], swap_used_bytes: ["swap", "pink"], gpu_mem_used_bytes: ["GPU", "orange"] } },
  { title: "Memory bandwidth", unit: "GB/s", series: { bandwidth_gbps: ["all", "violet"], bandwidth_read_gbps: ["read", "blue"], bandwidth_write_gbps: ["write", "orange"] } },
  { title: "Temperature", unit: "°C", floats: 20, series: { cpu_temp_c: ["CPU", "blue"], gpu_temp_c: ["GPU", "orange"] } },
  { title: "Frequency", unit: "MHz", series: { pcpu_freq_mhz: ["P", "blue"], ecpu_freq_mhz: ["E", "teal"], scpu_freq_mhz: ["S", "violet"], gpu_freq_mhz: ["GPU", "orange"] } },
  { title: "Fans", unit: "rpm", like: /^fan\.(.+)\.rpm$/ },
  { title: "Network", unit: "B/s", series: { net_rx_bytes_per_s: ["received", "blue"], net_tx_bytes_per_s: ["sent", "orange"] } },
  { title: "Disk", unit: "B/s", series: { disk_read_bytes_per_s: ["read", "teal"], disk_write_bytes_per_s: ["written", "pink"] } },
  { title: "Pressure", unit: "%", series: { psi_cpu_some_pct: ["CPU", "blue"], psi_memory_some_pct: ["memory", "teal"], psi_io_some_pct: ["disk", "pink"] } },
  { title: "Load", unit: "", series: { load_1m: ["1 min", "ink"], load_5m: ["5 min", "grey"] } },
];
const COLORS = ["blue", "orange", "teal", "pink", "violet", "gold", "grey", "ink"];
const KIND_COLOR = { P: "blue", E: "teal", S: "violet" };
/* Which panels are wide where there is room, in this order. */
const WIDE = new Set(["CPU", "Power", "Memory", "Temperature"]);
const CORES = /^core\.(\d+)\.active_pct$/;
const EVENT_NEAR_PX = 6;
const CORES_IN_ROW = 24;
const ROW_REM = 14.6; /* the least height of a panel */
const ROW_MAX_REM = 30;
/* Bytes are counted in steps of 1024, so their ticks stand at round numbers of them. */
const BYTE_STEPS = Array.from({ length: 51 }, (none, i) => 2 ** i);

function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of [...COLORS, "faint", "line", "accent", "critical", "warn", "good", "page"])
    page.colors[name] = style.getPropertyValue("--" + name).trim();
}

/* ---- what is drawn beneath and above the lines ---- */

/* Where nothing is known: before the history begins. */
function drawUnknown(u) {
  const first = page.times[0], { ctx, bbox } = u;
  if (first === undefined) return;
  const width = Math.min(u.valToPos(first, "x", true) - bbox.left, bbox.width);
  if (width < 8) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = page.colors.line;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = -bbox.height; x < width; x += 9 * devicePixelRatio) {
    ctx.moveTo(bbox.left + x, bbox.top + bbox.height);
    ctx.lineTo(bbox.left + x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/* Alerts as bands from their start to their end. */
function drawAlerts(u) {
  const { ctx, bbox } = u, right = bbox.left + bbox.width;
  ctx.save();
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = page.colors.critical;
  for (const band of page.bands ?? []) {
    const from = Math.max(u.valToPos(band.from, "x", true), bbox.left);
    const to = Math.min(band.to === null ? right : u.valToPos(band.to, "x", true), right);
    if (to > from) ctx.fillRect(from, bbox.top, Math.max(to - from, devicePixelRatio), bbox.height);
  }
  ctx.restore();
}

/* Marks, restarts and the like as lines with a flag on top, where one does not hide another; the
 * end of an alert is that of its band. */
function drawEvents(u) {
  const { ctx, bbox } = u, flag = 4 * devicePixelRatio;
  let last = -Infinity;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const event of page.events) {
    const x = Math.round(u.valToPos(event.ts_ms / 1000, "x", true)) + 0.5;
    if (event.state === "resolved" || x < bbox.left || x > bbox.left + bbox.width || x - last < 2 * flag) continue;
    last = x;
    ctx.strokeStyle = ctx.fillStyle = page.colors[eventColor(event)];
    ctx.globalAlpha = 0.55;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x - flag, bbox.top - flag);
    ctx.lineTo(x + flag, bbox.top - flag);
    ctx.lineTo(x, bbox.top + flag);
    ctx.fill();
  }
  ctx.restore();
}

/* ---- uPlot ---- */

function rangeOf(panel, low, high) {
  if (panel.top) return [0, panel.top];
  const top = panel.topOf && page.newest[panel.topOf];
  if (top) return [0, Math.max(top, high ?? 0)];
  if (high === null || high === undefined) return [0, 1];
  if (panel.floats) {
    const middle = (low + high) / 2, half = Math.max((high - low) * 0.6, panel.floats / 2);
    return [Math.max(0, Math.floor((middle - half) / 5) * 5), Math.ceil((middle + half) / 5) * 5];
  }
  return [0, Math.max(high * 1.12, panel.unit === "%" ? 1 : panel.unit.startsWith("B") ? 1024 : 0.01)];
}

/* The first line stands on a ground of its own colour. */
function ground(color) {
  return (u) => {
    const fade = u.ctx.createLinearGradient(0, u.bbox.top, 0, u.bbox.top + u.bbox.height);
    fade.addColorStop(0, color + "3d");
    fade.addColorStop(1, color + "08");
    return fade;
  };
}

/* A label that would be cut at the right end is left out. */
function timeTicks(u, ticks, i, space, step) {
  const end = u.bbox.width / devicePixelRatio - rem() * (step < 60 ? 1.9 : 1.2);
  return ticks.map((t) => u.valToPos(t, "x") > end ? null : clock(t, step));
}

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function chartOptions(panel, width, height) {
  const font = `${Math.round(rem() * 0.78)}px system-ui, sans-serif`;
  const axis = (more) => ({ stroke: page.colors.faint, font, grid: { stroke: page.colors.line, width: 1 }, ticks: { show: false }, gap: 6, ...more });
  const bytes = panel.unit.startsWith("B");
  return {
    width, height, legend: { show: false }, padding: [8, 8, 0, 0],
    cursor: { sync: { key: "actop" }, drag: { x: true, y: false, setScale: false }, points: { size: 7, width: 2 } },
    scales: { x: { time: true }, y: { range: (u, low, high) => rangeOf(panel, low, high) } },
    axes: [
      axis({ size: rem() * 1.9, space: rem() * 4.2, values: timeTicks }),
      axis({ size: rem() * (bytes ? 4.6 : 2.9), space: rem() * 2.1, incrs: bytes ? BYTE_STEPS : undefined,
        values: (u, ticks) => ticks.map((t) => bytes ? round(t, panel.unit) : String(+t.toFixed(3))) }),
    ],
    series: [{}, ...panel.names.map((name, i) => ({
      label: panel.labels[i], stroke: page.colors[panel.colors[i]], width: i === 0 ? 2 : 1.6, dash: i >= 4 ? [6, 3] : undefined,
      show: !panel.hidden.has(name), fill: i === 0 ? ground(page.colors[panel.colors[i]]) : undefined, spanGaps: false, points: { show: false } }))],
    hooks: {
      drawClear: [drawUnknown],
      drawAxes: [drawAlerts],
      draw: [drawEvents],
      setSelect: [(u) => select(u)],
      setCursor: [(u) => { describe(panel, u.cursor.idx); tip(u); }],
    },
  };
}

function select(u) {
  if (u.select.width < 4) return;
  const from = u.posToVal(u.select.left, "x"), to = u.posToVal(u.select.left + u.select.width, "x");
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  zoom({ from, to });
}

/* The events beside the cursor, in words, on the chart where the mouse is. */
function tip(u) {
  if (u.over !== page.under) return;
  const near = page.events.filter((e) => Math.abs(u.valToPos(e.ts_ms / 1000, "x") - u.cursor.left) <= EVENT_NEAR_PX).slice(-4);
  $("tip").hidden = u.cursor.left < 0 || near.length === 0;
  if ($("tip").hidden) return;
  $("tip").replaceChildren(...near.map((e) => {
    const row = element("div");
    row.append(element("time", moment(e.ts_ms)), `${e.kind} ${eventText(e)}`);
    return row;
  }));
  const box = u.over.getBoundingClientRect(), width = $("tip").offsetWidth, x = box.left + u.cursor.left;
  $("tip").style.left = (x + width + 20 < innerWidth ? x + 12 : Math.max(8, x - width - 12)) + scrollX + "px";
  $("tip").style.top = box.top + scrollY + 6 + "px";
}

function makeChart(panel) {
  panel.chart?.destroy();
  panel.chart = new uPlot(chartOptions(panel, panel.box.clientWidth, panel.box.clientHeight), [[]], panel.box);
  const { over } = panel.chart;
  over.addEventListener("dblclick", () => zoom(null));
  over.addEventListener("mouseenter", () => { page.under = over; });
  over.addEventListener("mouseleave", () => { page.under = null; $("tip").hidden = true; });
}

/* ---- panels ---- */

function makeLegend(panel) {
  const list = element("ul", undefined, { className: "legend" });
  panel.readings = panel.names.map((name, i) => {
    const button = element("button", undefined, { type: "button", className: i >= 4 ? "series dashed" : "series", title: "Show or hide" });
    const reading = element("b", UNKNOWN), item = element("li");
    button.style.setProperty("--color", `var(--${panel.colors[i]})`);
    button.setAttribute("aria-pressed", "true");
    button.append(panel.labels[i], reading);
    button.addEventListener("click", () => {
      const hide = !panel.hidden.has(name);
      panel.hidden[hide ? "add" : "delete"](name);
      button.setAttribute("aria-pressed", String(!hide));
      panel.chart.setSeries(i + 1, { show: !hide });
    });
    item.append(button);
    list.append(item);
    return reading;
  });
  return list;
}

function makePanel(panel, names, about) {
  const section = element("section", undefined, { className: "panel" });
  const title = element("h2", panel.title);
  if (panel.unit && !panel.unit.startsWith("B")) title.append(element("small", panel.unit));
  Object.assign(panel, { names, labels: about.map((a) => a[0]), colors: about.map((a) => a[1]), hidden: new Set(),
    box: element("div", undefined, { className: "plot", tabIndex: 0 }), stats: element("p", "", { className: "stats" }) });
  panel.box.setAttribute("role", "img");
  panel.box.addEventListener("keydown", (e) => walk(panel, e));
  section.setAttribute("aria-label", panel.title);
  const head = element("div");
  head.append(title, panel.stats);
  section.append(head, makeLegend(panel), panel.box);
  $("charts").append(section);
  page.charts.push(panel);
}

function makePanels(schema) {
  const here = new Map(schema.filter((row) => row.avail === "ok").map((row) => [row.name, row]));
  for (const panel of PANELS) {
    const names = panel.like ? [...here.keys()].filter((name) => panel.like.test(name)) : Object.keys(panel.series).filter((name) => here.has(name));
    const about = names.map((name, i) => panel.like ? [panel.like.exec(name)[1], COLORS[i % COLORS.length]] : panel.series[name]);
    if (names.length === 1 && about[0][1] === "ink") about[0] = [about[0][0], "blue"];
    if (names.length) makePanel(panel, names, about);
    if (panel.title === "CPU") makeCores([...here.values()].filter((row) => CORES.test(row.name)));
  }
  page.names = [...new Set(page.charts.flatMap((panel) => panel.names))];
  arrange();
  for (const panel of page.charts) makeChart(panel);
  return here;
}

function makeCores(rows) {
  if (!rows.length) return;
  const section = element("section", undefined, { className: "panel" }), list = element("ul", undefined, { className: "cores" });
  const count = {};
  page.cores = rows.map((row) => {
    const kind = row.core_kind ?? "", n = count[kind] = (count[kind] ?? -1) + 1;
    const item = element("li"), bar = element("i"), track = element("span"), name = kind + (kind ? n : CORES.exec(row.name)[1]);
    bar.style.setProperty("--color", `var(--${KIND_COLOR[kind] ?? "blue"})`);
    track.append(bar);
    item.append(track, name);
    list.append(item);
    return { row, name, item, bar };
  });
  list.style.setProperty("--columns", Math.ceil(rows.length / Math.ceil(rows.length / CORES_IN_ROW)));
  const title = element("h2", "Cores");
  title.append(element("small", "% busy now"));
  section.setAttribute("aria-label", "Cores");
  section.append(title, list);
  $("charts").append(section);
}

function drawCores() {
  for (const core of page.cores ?? []) {
    const value = page.newest[core.row.name];
    core.bar.style.height = (value ?? 0) + "%";
    core.item.title = `${core.name}: ${human(value, "%")}`;
    core.item.setAttribute("aria-label", core.item.title);
  }
}

/* ---- drawing ---- */

/* Rows share the height of the screen where it is high enough for all; the first panels are wide
 * where places would stay empty. */
function arrange() {
  const grid = $("charts"), panels = [...grid.children];
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length, rows = Math.ceil(panels.length / columns);
  const gap = rem() * 0.8, room = (innerHeight - grid.offsetTop - rem() - gap * (rows - 1)) / rows;
  grid.style.gridAutoRows = Math.min(Math.max(room, rem() * ROW_REM), rem() * ROW_MAX_REM) + "px";
  const important = panels.filter((panel) => WIDE.has(panel.getAttribute("aria-label")));
  const spare = columns > 1 ? columns * rows - panels.length : 0;
  panels.forEach((panel) => panel.classList.toggle("wide", important.indexOf(panel) !== -1 && important.indexOf(panel) < spare));
}

function fit() {
  arrange();
  for (const { box, chart } of page.charts)
    if (chart && (chart.width !== box.clientWidth || chart.height !== box.clientHeight)) chart.setSize({ width: box.clientWidth, height: box.clientHeight });
}

/* What the panel shows, in words: at the cursor, or now.  It is also what a screen reader reads. */
function describe(panel, index) {
  const at = index === null || index === undefined ? page.times.length - 1 : index;
  const said = panel.names.map((name, i) => {
    const text = human(page.values[name]?.[at], panel.unit);
    panel.readings[i].textContent = text;
    return panel.labels[i] + " " + text;
  });
  panel.box.setAttribute("aria-label", panel.title + ": " + said.join(", "));
  panel.stats.classList.toggle("at", at !== page.times.length - 1);
  if (at !== page.times.length - 1) panel.stats.textContent = moment(page.times[at] * 1000);
  else setText(panel.stats, panel.summary ?? "");
  return said;
}

/* Mean and maximum of the first line in what is shown. */
function sumUp(panel, from) {
  const values = page.values[panel.names[0]].filter((v, i) => v !== null && page.times[i] >= from);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  panel.summary = values.length
    ? `mean ${human(mean, panel.unit)} · max ${human(Math.max(...values), panel.unit)}` : "nothing known";
  panel.stats.title = panel.labels[0];
}

function draw() {
  const last = page.times.at(-1) ?? Date.now() / 1000;
  const span = page.zoom ?? { from: last - RANGES[page.range], to: last };
  for (const panel of page.charts) {
    panel.chart.setData([page.times, ...panel.names.map((name) => page.values[name])], false);
    panel.chart.setScale("x", { min: span.from, max: span.to });
    sumUp(panel, span.from);
    if (panel.chart.cursor.left < 0 || panel.chart.cursor.idx === null) describe(panel);
  }
  drawCores();
  drawSummary();
}

/* Many samples may come at once; nobody sees a page that is hidden. */
function drawSoon() {
  if (page.drawing) return;
  page.drawing = true;
  requestAnimationFrame(() => { page.drawing = false; draw(); });
}

/* From value to value by keys, told to a screen reader. */
function walk(panel, e) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
  if (!step || !page.times.length) return;
  e.preventDefault();
  e.stopPropagation();
  const now = panel.chart.cursor.idx ?? page.times.length - 1;
  const at = Math.min(Math.max(now + step, 0), page.times.length - 1);
  panel.chart.setCursor({ left: panel.chart.valToPos(page.times[at], "x"), top: 0 });
  $("reader").textContent = `${moment(page.times[at] * 1000)}: ${describe(panel, at).join(", ")}`;
}
