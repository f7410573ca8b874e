/* The verdict and the figures on top. */

const TILES = [
  { name: "cpu_util_pct", title: "CPU", unit: "%", of: 100 },
  { name: "gpu_util_pct", title: "GPU", unit: "%", of: 100 },
  { name: "package_watts", title: "Package", unit: "W", share: "package_power_pct" },
  { name: "ram_used_bytes", title: "Memory", unit: "B", whole: "ram_total_bytes" },
  { name: "cpu_temp_c", title: "CPU temperature", unit: "°C", beside: ["gpu_temp_c", "GPU"] },
  { name: "system_watts", title: "System", unit: "W" },
  { name: "load_1m", title: "Load", unit: "", beside: ["load_5m", "5 min"] },
  { name: "swap_used_bytes", title: "Swap", unit: "B", whole: "swap_total_bytes" },
  { name: "disk_write_bytes_per_s", title: "Disk, written", unit: "B/s", beside: ["disk_read_bytes_per_s", "read"] },
  { name: "net_rx_bytes_per_s", title: "Network, received", unit: "B/s", beside: ["net_tx_bytes_per_s", "sent"] },
];
const TILES_MAX = 6;
const STATES = ["limit", "thermal_state", "mem_pressure", "throttle_cpu", "throttle_gpu"];
const RAIL_NAME = { soc: "SoC", package: "package", system: "whole machine", cpu: "CPU" };
const HARMLESS = { thermal_state: "Nominal", mem_pressure: "normal" };
/* The rule of alerts that says the same in its own words. */
const STATE_RULE = { thermal_state: "thermal", mem_pressure: "memory", throttle_cpu: "throttle", throttle_gpu: "throttle" };
const STATE_NAME = { thermal_state: "thermal", mem_pressure: "memory pressure", throttle_cpu: "CPU throttled", throttle_gpu: "GPU throttled" };

function makeTile(title) {
  const box = element("div"), value = element("dd"), note = element("dd", "", { className: "note" }), bar = element("dd", undefined, { className: "bar", ariaHidden: "true" });
  bar.append(element("i"));
  bar.hidden = true;
  box.append(element("dt", title), value, note, bar);
  $("tiles").append(box);
  return { value, note, bar };
}

/* With what energy the range has cost, where that is known. */
function makeTiles(here) {
  const energy = ["cpu_joules", "package_joules", "system_joules"].some((name) => here.has(name));
  page.tiles = TILES.filter((tile) => here.has(tile.name)).slice(0, TILES_MAX - (energy ? 1 : 0)).map((tile) => ({ ...tile, ...makeTile(tile.title) }));
  page.energyTile = energy ? makeTile("Energy") : null;
  page.states = STATES.filter((name) => here.has(name));
  const extra = page.tiles.flatMap((tile) => [tile.name, tile.share, tile.whole, tile.beside?.[0]]).filter((name) => name && here.has(name));
  page.live = [...new Set([...page.names, ...page.states, ...extra, ...(page.cores ? ["core.*.active_pct"] : [])])];
}

function setFigure(dd, [number, unit]) {
  dd.replaceChildren(number, ...(unit ? [element("small", unit)] : []));
}

function setBar(bar, share) {
  bar.hidden = share === null;
  bar.firstChild.style.width = Math.min(Math.max(share ?? 0, 0), 100) + "%";
}

function drawTile(tile) {
  const value = page.newest[tile.name], whole = page.newest[tile.whole];
  setFigure(tile.value, parts(value, tile.unit));
  if (typeof value !== "number") {
    tile.note.textContent = "not known";
    setBar(tile.bar, null);
  } else if (whole === 0) {
    tile.note.textContent = "there is none";
    setBar(tile.bar, null);
  } else if (whole) {
    tile.note.textContent = "of " + round(whole, tile.unit);
    setBar(tile.bar, 100 * value / whole);
  } else if (tile.share && typeof page.newest[tile.share] === "number") {
    tile.note.textContent = `${Math.round(page.newest[tile.share])} % of reference`;
    setBar(tile.bar, page.newest[tile.share]);
  } else {
    tile.note.textContent = tile.beside ? `${tile.beside[1]} ${human(page.newest[tile.beside[0]], tile.unit)}` : "";
    setBar(tile.bar, tile.of ? 100 * value / tile.of : null);
  }
}

/* States that are not as they should be, and the other alerts, as [text, severity]. */
function troubles() {
  const bad = page.states.filter((name) => name in STATE_NAME && page.newest[name] && page.newest[name] !== HARMLESS[name]);
  const said = new Set(bad.map((name) => STATE_RULE[name]));
  return [...bad.map((name) => [page.newest[name] === true ? STATE_NAME[name] : `${STATE_NAME[name]}: ${page.newest[name]}`, page.firing.get(STATE_RULE[name]) ?? "warn"]),
    ...[...page.firing].filter(([rule]) => !said.has(rule)).map(([rule, severity]) => [rule.replaceAll("_", " "), severity])];
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function drawVerdict() {
  const limit = page.newest.limit, chips = troubles(), limited = limit in LIMIT_TEXT && limit !== "none";
  const critical = chips.some(([, severity]) => severity === "critical");
  const [title, reason] = $("verdict").querySelectorAll("h2, p");
  setText(title, LIMIT_TEXT[limit] ?? "What limits it is not known");
  setText(reason, page.reason ?? "");
  $("verdict").dataset.mood = critical ? "critical" : chips.length || limited ? "warn" : limit === "none" ? "good" : "";
  const key = JSON.stringify(chips);
  if ($("alerts").dataset.key !== key) {
    $("alerts").dataset.key = key;
    $("alerts").replaceChildren(...chips.map(([text, severity]) => element("li", text, { className: severity })));
  }
  document.title = (page.firing.size ? `(${page.firing.size}) ` : "") + "actop" + (page.machine ? ` · ${page.machine}` : "");
}

function drawSummary() {
  for (const tile of page.tiles) drawTile(tile);
  drawVerdict();
  if (page.newest.limit !== page.limit) loadReason();
}

/* Why the limit is what it is, in the daemon's words. */
async function loadReason() {
  page.limit = page.newest.limit;
  try {
    page.reason = (await askOne("status")).limit_reason;
    drawVerdict();
  } catch { /* without it the verdict stands alone */ }
}

async function loadEnergy(span, mine) {
  if (!page.energyTile) return;
  const { value, note } = page.energyTile;
  try {
    const answer = await askOne("energy", span);
    if (mine !== page.generation) return;
    const name = ["soc", "package", "system", "cpu"].find((n) => answer.rails[n]?.joules !== undefined && answer.rails[n]?.joules !== null);
    setFigure(value, name ? humanEnergy(answer.rails[name].joules) : [UNKNOWN, ""]);
    const all = answer.covered_s >= 0.95 * secondsOf();
    note.textContent = !name ? "not known" : `${RAIL_NAME[name]}, ${all ? (page.zoom ? "what is zoomed" : "last " + page.range) : duration(answer.covered_s) + " known"}`;
  } catch {
    setFigure(value, [UNKNOWN, ""]);
    note.textContent = "not known";
  }
}

async function loadFiring() {
  try {
    const answer = await askOne("alerts");
    page.firing = new Map(answer.alerts.map((alert) => [alert.rule, alert.severity]));
    drawVerdict();
  } catch { /* the stream tells the next change */ }
}
