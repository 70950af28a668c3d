// The page's side of a worker. One `Engine` is one worker with one wasm instance and one opened cluster.
// Cancelling ends the worker; the next call starts another and opens the cluster again.

import type { Ask, FromWorker, Fault, MatrixRow, Opening, Results } from "./protocol";

/** The engine refused the input or the question. */
export class Refused extends Error {
  constructor(
    readonly faults: Fault[],
    readonly about: "input" | "request",
  ) {
    super(faults.map((f) => `${f.place}: ${f.cause}`).join("\n"));
  }
}

/** The worker was ended, or the answer is of no interest any more. */
export class Cancelled extends Error {}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
  onRow: ((row: MatrixRow) => void) | undefined;
}

export class Engine {
  private worker: Worker | null = null;
  private waiting = new Map<number, Waiting>();
  private opened: string | null = null;
  /** Settles with the last opening. */
  private opening: Promise<unknown> = Promise.resolve();
  private next = 1;

  /** Whether something is under way. */
  get busy(): boolean {
    return this.waiting.size > 0;
  }

  /** Opens `opening` unless it is what is open, or about to be. */
  async ensure(opening: Opening, leaveOut: boolean): Promise<void> {
    if (this.opened !== opening.id) await this.open(opening, leaveOut);
    else await this.opening;
  }

  async open(opening: Opening, leaveOut: boolean): Promise<Results["open"]> {
    this.opened = opening.id;
    const read = this.call({ op: "open", opening, leaveOut });
    this.opening = read;
    try {
      return await read;
    } catch (error) {
      if (this.opened === opening.id) this.opened = null;
      throw error;
    }
  }

  call<O extends Ask["op"]>(ask: Extract<Ask, { op: O }>, onRow?: (row: MatrixRow) => void): Promise<Results[O]> {
    const worker = this.worker ?? this.start();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: never) => void, reject, onRow });
      worker.postMessage({ id, ask });
    });
  }

  /** Ends the worker and whatever it does. */
  cancel(): void {
    this.end(new Cancelled("cancelled"));
  }

  private end(error: Error): void {
    this.worker?.terminate();
    this.worker = null;
    this.opened = null;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    waiting.forEach((w) => w.reject(error));
  }

  private start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.receive(event.data);
    worker.onerror = (event) => this.end(new Error(event.message || "the engine could not be loaded"));
    this.worker = worker;
    return worker;
  }

  private receive(message: FromWorker): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if ("row" in message) {
      waiting.onRow?.(message.row);
      return;
    }
    this.waiting.delete(message.id);
    if ("ok" in message) waiting.resolve(message.ok as never);
    else if ("faults" in message) waiting.reject(new Refused(message.faults, message.about));
    else {
      waiting.reject(new Error(message.broken));
      // A wasm instance that trapped is not to be trusted again.
      this.end(new Error(message.broken));
    }
  }
}
