// The example of the README runs as it is.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const here = (path) => JSON.stringify(new URL(path, import.meta.url).href);

test("the example", async (t) => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example] = /^```js\n([^]*?)^```$/m.exec(readme);
  const said = t.mock.method(console, "log", () => {});
  const code = example.replace('"podfit"', here("../dist/index.js")).replace('"podfit/highs"', here("../dist/highs.js"));
  await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const [[first], [table], [after]] = said.mock.calls.map((call) => call.arguments);
  assert.equal(first, "does-not-fit");
  assert.match(table, /DOES NOT FIT/);
  assert.equal(after, "survives");
});
