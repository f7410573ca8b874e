/* How values, times and events are written. */

const $ = (id) => document.getElementById(id);

function element(name, text, more = {}) {
  const e = Object.assign(document.createElement(name), more);
  if (text !== undefined) e.textContent = text;
  return e;
}

const BYTE_PREFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
const UNKNOWN = "–";

/* Three digits that count, always as many, so that nothing jumps. */
function digits(value) {
  const size = Math.abs(value);
  return size >= 99.95 || size === 0 ? String(Math.round(value)) : value.toFixed(size >= 9.995 ? 1 : 2);
}

/* [number, unit] of a value, in words. */
function parts(value, unit) {
  if (value === null || value === undefined) return [UNKNOWN, ""];
  if (unit === "%" || unit === "°C") return [value.toFixed(1), unit];
  if (unit === "MHz" || unit === "rpm") return [String(Math.round(value)), unit];
  if (unit !== "B" && unit !== "B/s") return [digits(value), unit];
  let step = 0;
  while (Math.abs(value) >= 1024 && step < BYTE_PREFIXES.length - 1) { value /= 1024; step++; }
  return [step === 0 ? String(Math.round(value)) : digits(value), BYTE_PREFIXES[step] + unit];
}

function human(value, unit) {
  const [number, name] = parts(value, unit);
  return name ? number + " " + name : number;
}

/* The same where it is a round number: of ticks and sizes. */
function round(value, unit) {
  const [number, name] = parts(value, unit);
  return (number === UNKNOWN ? number : String(Number(number))) + (name ? " " + name : "");
}

function duration(seconds) {
  const [size, name] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([s]) => seconds >= s) ?? [1, "s"];
  return `${Number((seconds / size).toFixed(1))} ${name}`;
}

function humanEnergy(joules) {
  const hours = joules / 3600;
  return hours < 0.1 ? [digits(hours * 1000), "mWh"] : hours < 1000 ? [digits(hours), "Wh"] : [digits(hours / 1000), "kWh"];
}

/* The label of a tick: what its step tells apart. */
function clock(seconds, step) {
  const time = new Date(seconds * 1000);
  if (step >= 86400) return time.toLocaleDateString([], { month: "short", day: "numeric" });
  return time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: step < 60 ? "2-digit" : undefined, hourCycle: "h23" });
}

/* A moment, with its date where it is not today's. */
function moment(ms) {
  const time = new Date(ms);
  const day = time.toDateString() === new Date().toDateString() ? "" : time.toLocaleDateString([], { month: "short", day: "numeric" }) + ", ";
  return day + time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

const EVENT_TEXT = {
  alert: (e) => `${e.rule} ${e.state}` + (e.metric ? ` (${e.metric} ${e.value ?? "unknown"})` : ""),
  throttle: (e) => `${e.domain} ${e.state}`,
  mark: (e) => e.text,
  start: (e) => "actopd " + (e.version ?? "") + (e.reason ? `, ${e.reason}` : ""),
  stop: (e) => "actopd" + (e.reason ? `, ${e.reason}` : ""),
  wake: (e) => e.slept_ms ? `slept ${Math.round(e.slept_ms / 1000)} s` : "",
  clock: (e) => `set by ${(e.step_ms / 1000).toFixed(1)} s`,
};
const EVENT_COLOR = { alert: "critical", throttle: "warn", mark: "accent" };
const eventText = (event) => EVENT_TEXT[event.kind]?.(event) ?? "";
const eventColor = (event) => event.kind === "alert" && event.state === "resolved" ? "good" : EVENT_COLOR[event.kind] ?? "grey";

const LIMIT_TEXT = {
  none: "Nothing holds it back", compute: "Compute is the limit", bandwidth: "Memory bandwidth is the limit",
  memory: "Memory is the limit", thermal: "Heat is the limit", power: "Power is the limit",
};
