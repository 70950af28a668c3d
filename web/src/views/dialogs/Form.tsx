import { useState } from "preact/hooks";
import { origin, open } from "../../state/store";
import { MODELS, WORKLOAD_KINDS } from "podfit/vocabulary";
import { emptyWorkload, FORM, toText, type FormState, type FormWorkload } from "../../state/form";
import { T } from "../../text";
import { closeDialog, Modal } from "./index";

/** A cluster as rows: becomes podfit/v1 text, which the engine reads and judges. */
export function FormDialog() {
  const [form, setForm] = useState<FormState>(origin.value?.form ?? FORM);
  const text = toText(form);
  const submit = (event: Event) => {
    event.preventDefault();
    closeDialog();
    void open({ sources: [{ name: "form.yaml", blob: new Blob([text]) }], sample: null, form });
  };
  return (
    <Modal title={T.form.title} wide>
      <form onSubmit={submit} class="form">
        <NodesPart form={form} onChange={setForm} />
        <h3>{T.form.workloads}</h3>
        <WorkloadTable rows={form.workloads} onChange={(workloads) => setForm({ ...form, workloads })} />
        <details>
          <summary>{T.form.text}</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
        <p class="row">
          <button class="primary" type="submit">
            {T.form.open}
          </button>
          <button type="button" onClick={closeDialog}>
            {T.paste.cancel}
          </button>
        </p>
      </form>
    </Modal>
  );
}

function NodesPart({ form, onChange }: { form: FormState; onChange: (form: FormState) => void }) {
  const { device } = form;
  const names = device ? ["worker-a", "worker-b"] : form.nodes.map((n) => n.name);
  return (
    <>
      <p class="row" role="radiogroup" aria-label={T.form.nodes}>
        <label>
          <input type="radio" name="kind" checked={device !== null} onChange={() => onChange({ ...form, device: device ?? FORM.device })} /> {T.form.device}
        </label>
        <label>
          <input type="radio" name="kind" checked={device === null} onChange={() => onChange(plain(form))} /> {T.form.plain}
        </label>
      </p>
      {device ? (
        <p class="row">
          <label>
            {T.form.model}{" "}
            <select value={device.model} onChange={(e) => onChange({ ...form, device: { ...device, model: e.currentTarget.value } })}>
              {MODELS.map((m) => (
                <option key={m.name} value={m.name}>
                  {m.title}
                </option>
              ))}
            </select>
          </label>
          <label>
            {T.form.nodes}{" "}
            <select value={String(device.nodes)} onChange={(e) => onChange({ ...form, device: { ...device, nodes: e.currentTarget.value === "1" ? 1 : 2 } })}>
              <option>1</option>
              <option>2</option>
            </select>
          </label>
          <span class="muted">{names.slice(0, device.nodes).join(", ")}</span>
        </p>
      ) : (
        <Table
          rows={form.nodes}
          columns={["name", "cpu", "memory", "gpus"]}
          labels={{ name: T.form.name, cpu: T.form.cpu, memory: T.form.memory, gpus: T.form.gpus }}
          onChange={(nodes) => onChange({ ...form, nodes })}
          add={T.form.addNode}
          fresh={(n) => ({ name: `node-${n}`, cpu: "8", memory: "32Gi", gpus: "" })}
        />
      )}
    </>
  );
}

/** From a device to nodes: pods on A and B go to the first two. */
function plain(form: FormState): FormState {
  const [a, b] = form.nodes.map((n) => n.name);
  const on = (text: string) => text.replace(/\bA\b/g, a ?? "").replace(/\bB\b/g, b ?? "");
  return { ...form, device: null, workloads: form.workloads.map((w) => ({ ...w, runsOn: on(w.runsOn), gpu: "" })) };
}

const COLUMNS = ["name", "kind", "replicas", "cpu", "memory", "gpu", "runsOn", "priority", "namespace"] as const;

function WorkloadTable({ rows, onChange }: { rows: FormWorkload[]; onChange: (rows: FormWorkload[]) => void }) {
  const labels = Object.fromEntries(COLUMNS.map((c) => [c, T.form[c]])) as Record<keyof FormWorkload, string>;
  return (
    <>
      <Table rows={rows} columns={[...COLUMNS]} labels={labels} onChange={onChange} add={T.form.addWorkload} fresh={emptyWorkload} choices={{ kind: WORKLOAD_KINDS }} />
      <p class="muted">
        {T.form.runsOn}: {T.form.runsOnHint}
      </p>
    </>
  );
}

interface TableProps<R> {
  rows: R[];
  columns: (keyof R & string)[];
  labels: Record<keyof R, string>;
  onChange: (rows: R[]) => void;
  add: string;
  fresh: (n: number) => R;
  choices?: Partial<Record<keyof R, readonly string[]>>;
}

/** An editable table of texts. */
function Table<R extends { [K in keyof R]: string }>({ rows, columns, labels, onChange, add, fresh, choices }: TableProps<R>) {
  const set = (i: number, column: keyof R, value: string) => onChange(rows.map((r, j) => (j === i ? { ...r, [column]: value } : r)));
  const name = (row: R, i: number) => (row as { name?: string }).name || String(i + 1);
  return (
    <div class="form-table" role="region" aria-label={add} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c} scope="col">
                {labels[c]}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((c) => (
                <td key={c}>
                  {choices?.[c] ? (
                    <select aria-label={`${labels[c]}, ${name(row, i)}`} value={row[c]} onChange={(e) => set(i, c, e.currentTarget.value)}>
                      {choices[c]!.map((o) => (
                        <option key={o}>{o}</option>
                      ))}
                    </select>
                  ) : (
                    <input type="text" class={`c-${c}`} aria-label={`${labels[c]}, ${name(row, i)}`} value={row[c]} onInput={(e) => set(i, c, e.currentTarget.value)} />
                  )}
                </td>
              ))}
              <td>
                <button type="button" class="quiet" aria-label={T.form.remove(name(row, i))} onClick={() => onChange(rows.filter((_, j) => j !== i))}>
                  ×
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={() => onChange([...rows, fresh(rows.length + 1)])}>
        + {add}
      </button>
    </div>
  );
}
