/** One fault of an input or a request. */
export interface Fault {
  /** Stable code, as `quantity-invalid`. */
  code: string;
  /** Where, as `dump.json: items[12] (Pod default/web-1): spec.nodeName`. */
  place: string;
  /** What is wrong. */
  cause: string;
  /** What to do; empty where there is nothing to say. */
  fix: string;
  /**
   * Of an input: the object that it is about, as `dump.json: items[12] (Pod default/web-1)`, where the rest can be read
   * without it (`leaveOutFaulty`).
   */
  object?: string;
}

/** Whatever podfit throws: every fault at once. */
export class PodfitError extends Error {
  constructor(readonly errors: Fault[]) {
    super(errors.map(told).join("\n"));
    this.name = new.target.name;
  }
}

/** The inputs cannot be read. */
export class InputErrors extends PodfitError {}

/** The request, or one of the options, cannot be answered. */
export class RequestErrors extends PodfitError {}

/** The caller's solver threw. */
export class SolverError extends PodfitError {}

/** A bug of podfit. */
export class InternalError extends PodfitError {
  constructor(
    errors: Fault[],
    /** What a bug report needs, where there is more than the message. */
    readonly instance?: string,
  ) {
    super(errors);
  }
}

function told({ code, place, cause, fix }: Fault): string {
  return `${place}: ${cause}${fix ? ` (${fix})` : ""} [${code}]`;
}

/**
 * A panic or a trap: memory is as it fell, so nothing may be asked any more. Start anew: another worker, another
 * process.
 */
export class CrashError extends InternalError {}

/** What came out of the WebAssembly as what it means. */
export function thrown(what: unknown): unknown {
  // A trap, and the end of the stack.
  if (what instanceof WebAssembly.RuntimeError || what instanceof RangeError) {
    return new CrashError([{ code: "crashed", place: "podfit", cause: what.message, fix: "" }]);
  }
  // The caller's own fault, as a name that is no text.
  if (typeof what !== "string") return what;
  const { kind, errors, instance } = JSON.parse(what) as {
    kind: string;
    errors: Fault[];
    instance?: string;
  };
  switch (kind) {
    case "input":
      return new InputErrors(errors);
    case "request":
      return new RequestErrors(errors);
    case "solver":
      return new SolverError(errors);
    case "crashed":
      return new CrashError(errors);
    default:
      return new InternalError(errors, instance);
  }
}
