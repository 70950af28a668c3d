import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";
import { CSP } from "./csp.ts";

/** The policy goes into the page itself, so that it holds on any static host. */
function policy(): Plugin {
  return {
    name: "podfit-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: CSP.meta },
        injectTo: "head-prepend",
      },
    ],
    generateBundle() {
      // Hosts that read a `_headers` file send the same, and what a meta element cannot say.
      const lines = Object.entries(CSP.headers).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${lines.join("\n")}\n` });
    },
  };
}

/** `sw.js`: our service worker with the list of what was built, so that the page works offline. */
function offline(): Plugin {
  return {
    name: "podfit-offline",
    apply: "build",
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => name !== "_headers" && !name.endsWith(".map"));
      const list = ["./", "icon.svg", "manifest.webmanifest", ...files.filter((f) => f !== "index.html")];
      const hash = createHash("sha256");
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name]!;
        hash.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      const version = hash.digest("hex").slice(0, 12);
      const code = readFileSync(new URL("./src/sw.js", import.meta.url), "utf8");
      const head = `const VERSION = ${JSON.stringify(version)};\nconst FILES = ${JSON.stringify(list)};\n`;
      this.emitFile({ type: "asset", fileName: "sw.js", source: head + code });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [policy(), offline()],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  optimizeDeps: { exclude: ["podfit"] },
  server: { fs: { allow: [".."] } },
  preview: { headers: CSP.headers },
  // What has not come by then does not come, on any machine.
  test: { include: ["test/unit/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
