// The golden cases of crates/podfit-api, as files.suite there reads them.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../crates/podfit-api/tests/cases/", import.meta.url));

/** Request of a case: two comments at its head, or the field `case` of JSON. */
function request(name, text) {
  if (name.endsWith(".json")) return JSON.parse(text).case.request;
  return JSON.parse(/^# request: (.*)$/m.exec(text)[1]);
}

function files() {
  const all = readdirSync(folder, { recursive: true });
  return all.filter((name) => /\.(yaml|json)$/.test(name)).sort();
}

/** Name, path, text, request, and the table that the command prints, 90 columns wide. */
export const cases = files().map((name) => {
  const text = readFileSync(folder + name, "utf8");
  const table = readFileSync(folder + name.replace(/\.\w+$/, ".txt"), "utf8");
  return { name, path: folder + name, text, table, request: request(name, text) };
});
