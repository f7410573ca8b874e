// The power of the machine as it changes:  node watts.mjs "$(actopctl socket)"
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

let after; // the cursor of the newest sample: what was missed is told behind it

async function* samples(path, metrics) {
  const socket = connect(path);
  const lines = createInterface({ input: socket });
  socket.on("error", (error) => { console.error(`actopd: ${error.message}`); lines.close(); });
  socket.write(JSON.stringify({ op: "subscribe", metrics, ...(after ? { after } : { last_ms: 5000 }) }) + "\n");
  for await (const text of lines) {
    const line = JSON.parse(text);
    if (line.type === "error") throw new Error(line.message);
    if (line.type !== "sample") continue;
    after = `${line.epoch}:${line.seq}`;
    yield line;
  }
}

for (;;) {
  for await (const { ts_ms, v } of samples(process.argv[2], ["package_watts"]))
    console.log(new Date(ts_ms).toISOString(), v.package_watts ?? "not known", "W");
  await pause(1000);
}
