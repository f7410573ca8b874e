/* Events, and the applications. */

const EVENTS_SHOWN = 200;
const APPS_SHOWN = 10;
const APPS_MS = 5000;
const APPS_LINE = /^actop_process_(\w+)\{name="((?:[^"\\]|\\.)*)"\} (\S+)$/gm;
const APPS_COLUMNS = [["cpu_percent", "CPU", "%"], ["gpu_percent", "GPU", "%"], ["power_watts", "Power", "W"], ["memory_bytes", "Memory", "B"]];

async function loadEvents(span, mine) {
  try {
    const events = await askLines("events", span);
    if (mine === page.generation) page.events = events.sort((a, b) => a.ts_ms - b.ts_ms);
  } catch { return; }
  showEvents();
}

function takeEvent(event) {
  if (page.events.some((e) => e.eseq === event.eseq && e.epoch === event.epoch)) return;
  const oldest = Date.now() - RANGES[page.range] * 1050;
  if (!page.zoom) page.events = [...page.events.filter((e) => e.ts_ms > oldest), event];
  if (event.kind === "alert" && event.state === "firing") page.firing.set(event.rule, event.severity);
  else if (event.kind === "alert") page.firing.delete(event.rule);
  drawVerdict();
  showEvents();
}

/* From firing to resolved; null = it fires still. */
function bandsOf(events) {
  const open = new Map(), bands = [];
  for (const e of events.filter((e) => e.kind === "alert")) {
    const t = e.ts_ms / 1000;
    if (e.state === "firing") open.set(e.rule, t);
    else {
      bands.push({ from: open.get(e.rule) ?? -Infinity, to: t });
      open.delete(e.rule);
    }
  }
  for (const [rule, from] of open) bands.push({ from, to: page.firing.has(rule) ? null : from });
  return bands.map((band) => ({ ...band, from: Number.isFinite(band.from) ? band.from : page.times[0] ?? 0 }));
}

function eventRow(event) {
  const row = element("li"), time = element("time", moment(event.ts_ms)), kind = element("span", event.kind, { className: "kind" });
  time.dateTime = new Date(event.ts_ms).toISOString();
  kind.style.setProperty("--color", `var(--${eventColor(event)})`);
  row.append(time, kind, element("span", eventText(event), { className: "what" }));
  return row;
}

function showEvents() {
  const rows = page.events.slice(-EVENTS_SHOWN).reverse().map(eventRow);
  $("events").replaceChildren(...(rows.length ? rows : [element("li", "None in this range.", { className: "none" })]));
  page.bands = bandsOf(page.events);
  for (const panel of page.charts) panel.chart.redraw(false, false);
}

/* ---- applications ---- */

const unescapeLabel = (text) => text.replace(/\\(.)/g, (all, c) => c === "n" ? "\n" : c);

async function loadApps() {
  const text = await (await askAt(new URL(`/metrics?processes=${APPS_SHOWN}`, location.origin))).text();
  const apps = new Map();
  for (const [, key, name, value] of text.matchAll(APPS_LINE)) {
    if (!apps.has(name)) apps.set(name, { name: unescapeLabel(name) });
    apps.get(name)[key] = Number(value);
  }
  return [...apps.values()];
}

function appsTable(apps) {
  const columns = APPS_COLUMNS.filter(([key]) => apps.some((app) => app[key] !== undefined));
  const table = element("table"), head = element("tr"), body = element("tbody");
  head.append(element("th", "Name", { scope: "col" }), ...columns.map(([, title]) => element("th", title, { scope: "col" })));
  for (const app of apps) {
    const row = element("tr");
    row.append(element("td", app.name + (app.members > 1 ? ` (${app.members})` : ""), { title: app.name }), ...columns.map(([key, , unit]) => element("td", human(app[key], unit))));
    body.append(row);
  }
  table.append(element("thead"), body);
  table.tHead.append(head);
  return table;
}

async function drawApps() {
  if (!page.apps || document.hidden) return;
  try {
    const apps = await loadApps();
    if (page.apps) $("apps").replaceChildren(apps.length ? appsTable(apps) : element("p", "Nothing is known of any.", { className: "hint" }));
  } catch { /* the state says it */ }
}

function toggleApps() {
  page.apps = page.apps ? void clearInterval(page.apps) : setInterval(drawApps, APPS_MS);
  $("apps-toggle").textContent = page.apps ? "Hide" : "Show";
  $("apps-toggle").setAttribute("aria-expanded", String(Boolean(page.apps)));
  $("apps").replaceChildren(element("p", page.apps ? "Looking …" : "Processes are only looked at while somebody asks.", { className: "hint" }));
  drawApps();
}

/* What the machine does not tell, and why. */
function showUnknown(schema) {
  const reasons = new Map();
  for (const row of schema.filter((row) => row.avail !== "ok")) {
    const why = row.reason ?? row.avail;
    reasons.set(why, [...(reasons.get(why) ?? []), row.name]);
  }
  $("unknown").hidden = reasons.size === 0;
  $("unknown").querySelector("dl").replaceChildren(...[...reasons].flatMap(([why, names]) => [element("dt", why), element("dd", names.join(", "))]));
}
