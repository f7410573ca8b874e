// The power of the machine as it changes:  node watts.mjs "$(actopctl socket)"
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const [path] = process.argv.slice(2);
if (!path) {
  console.error('usage: node watts.mjs "$(actopctl socket)"');
  process.exit(2);
}
process.stdout.on("error", () => process.exit()); // nobody reads any more

let after; // the cursor of the newest sample: what was missed is told behind it

async function* samples(metrics) {
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
  try {
    for await (const { ts_ms, v } of samples(["package_watts"]))
      console.log(new Date(ts_ms).toISOString(), v.package_watts ?? "not known", "W");
  } catch (error) { // one of the socket, which has a code, is told already
    if (!error.code) {
      console.error(`actopd: ${error.message}`);
      process.exit(1);
    }
  }
  await pause(1000);
}
