/* Controls, and the beginning. */

const dark = matchMedia("(prefers-color-scheme: dark)");

function tell(state, text) {
  $("state").dataset.state = state;
  setText($("state"), text);
}

const tellLive = () => tell("live", page.zoom ? "live, charts zoomed" : "live");

/* ---- what cannot be shown ---- */

function showNotice(...children) {
  $("notice").replaceChildren(...children);
  $("notice").hidden = children.length === 0;
  $("summary").hidden = $("lower").hidden = children.length > 0 && !page.machine;
}

function askForToken() {
  const form = element("form"), input = element("input", undefined, { type: "password", autocomplete: "off", name: "token" });
  input.setAttribute("aria-label", "Token");
  form.append(input, element("button", "Open", { type: "submit" }));
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    token = input.value.trim();
    sessionStorage.setItem("token", token);
    showNotice();
    page.machine ? reload() : begin();
  });
  showNotice(element("h2", "This server wants a token"), element("p", token ? "The one that was given is not right." : "It is in the file that --token-file names."), form);
  input.focus();
}

function sayWhy(error, again) {
  tell("lost", error.status === 401 ? "a token is needed" : "the daemon does not answer; trying again");
  if (error.status === 401) {
    askForToken();
    return;
  }
  if (!page.machine) {
    const ways = element("p");
    ["brew services start actopd", "systemctl --user start actopd", "actopd"].forEach((way, i) => ways.append(i ? " or " : "Start it: ", element("code", way)));
    showNotice(element("h2", "No actopd answers"), element("p", "The page goes on by itself as soon as one does."), ways);
  }
  const mine = page.generation;
  setTimeout(() => mine === page.generation && again(), RETRY_MS);
}

/* ---- range, zoom, pause, theme ---- */

async function reload() {
  try {
    await load();
    showNotice();
  } catch (error) {
    sayWhy(error, reload);
  }
}

function zoom(span) {
  page.zoom = span;
  $("reset").hidden = !span;
  reload();
}

function setRange(range) {
  page.range = range;
  $("ranges").querySelector(`[value="${range}"]`).checked = true;
  zoom(null);
}

/* Moves by parts of what is shown, and makes it so many times as wide; never beyond now. */
function travel(move, scale) {
  const now = page.zoom ? Date.now() / 1000 : page.times.at(-1) ?? Date.now() / 1000;
  const { from, to } = page.zoom ?? { from: now - RANGES[page.range], to: now };
  const width = Math.min(Math.max((to - from) * scale, 10), RANGES["30d"]);
  const end = Math.min((from + to) / 2 + width / 2 + move * (to - from), now);
  zoom({ from: end - width, to: end });
}

function setPaused(paused) {
  page.paused = paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  reload();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme ?? localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
  readColors();
  if (!page.charts.length) return;
  for (const panel of page.charts) makeChart(panel);
  draw();
}

function turnTheme() {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", theme);
  setTheme(theme);
}

const KEYS = {
  t: turnTheme, a: toggleApps, " ": () => setPaused(!page.paused), "?": () => $("help").showModal(),
  ArrowLeft: () => travel(-0.5, 1), ArrowRight: () => travel(0.5, 1), "+": () => travel(0, 0.5), "=": () => travel(0, 0.5), "-": () => travel(0, 2),
};

function pressed(e) {
  const held = e.ctrlKey || e.metaKey || e.altKey, range = Object.keys(RANGES)[e.key - 1];
  const act = KEYS[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (held || $("help").open || e.target.closest("input:not([type=radio])")) return;
  if (range) setRange(range);
  else if (e.key === "Escape" && page.zoom) zoom(null);
  else if (act && !(e.key === " " && e.target.closest("button, summary")) && !(e.key.startsWith("Arrow") && e.target.closest("input, #events"))) {
    e.preventDefault();
    act();
  }
}

function makeControls() {
  for (const range of Object.keys(RANGES)) {
    const label = element("label", range);
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "range", value: range, checked: range === page.range });
    input.addEventListener("change", () => setRange(range));
    label.prepend(input);
    $("ranges").append(label);
  }
  const clicks = { earlier: KEYS.ArrowLeft, later: KEYS.ArrowRight, closer: KEYS["+"], wider: KEYS["-"], reset: () => zoom(null),
    pause: KEYS[" "], theme: turnTheme, keys: KEYS["?"], "apps-toggle": toggleApps };
  for (const [id, act] of Object.entries(clicks)) $(id).addEventListener("click", act);
  document.addEventListener("keydown", pressed);
  dark.addEventListener("change", () => setTheme());
  const watch = new ResizeObserver(() => page.charts.length && fit());
  for (const id of ["charts", "summary"]) watch.observe($(id));
  addEventListener("resize", () => page.charts.length && fit());
}

function watchSilence() {
  setInterval(() => {
    const quiet = Math.round((Date.now() - page.heard) / 1000);
    if (page.heard && page.stream && quiet > Math.max(10, 3 * page.base / 1000)) tell("lost", `nothing heard for ${quiet} s`);
  }, 1000);
}

function nameMachine(hello, schema) {
  const kinds = {};
  for (const row of schema) if (CORES.test(row.name) && row.core_kind) kinds[row.core_kind] = (kinds[row.core_kind] ?? 0) + 1;
  const cores = ["S", "P", "E"].filter((k) => kinds[k]).map((k) => kinds[k] + k).join(" + ") || (hello.cores ? `${hello.cores} cores` : "");
  page.machine = hello.soc ?? hello.machine ?? "this machine";
  $("machine").replaceChildren(element("b", page.machine), " ", cores ? element("span", "· " + cores) : "", " ", ...(hello.simulated ? [element("span", "simulated", { className: "tag" })] : []));
}

async function begin() {
  try {
    const [hello, schema, firing, now] = await Promise.all(["hello", "schema", "alerts", "now"].map((path) => askOne(path)));
    page.base = hello.base_ms;
    page.newest = now.v;
    page.firing = new Map(firing.alerts.map((alert) => [alert.rule, alert.severity]));
    nameMachine(hello, schema.metrics);
    showNotice();
    makeTiles(makePanels(schema.metrics));
    showUnknown(schema.metrics);
    fit();
    watchSilence();
  } catch (error) {
    sayWhy(error, begin);
    return;
  }
  reload();
}

setTheme();
makeControls();
begin();
