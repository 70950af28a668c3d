// The command, to compare with; PODFIT names another one.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = process.env.PODFIT ?? `${process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../../../target", import.meta.url))}/debug/podfit`;

export const command = {
  /** Why it cannot be compared with, for `skip`. */
  missing: existsSync(path) ? false : "no command: cargo build -p podfit-cli",
};

/** What the command prints. */
export function run(list, input) {
  try {
    return execFileSync(path, list, { encoding: "utf8", input, maxBuffer: 1 << 28 });
  } catch (error) {
    // 1: it does not fit.
    if (error.status === 1) return error.stdout;
    throw error;
  }
}
