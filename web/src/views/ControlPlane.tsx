import type { CapabilityReport, ControlPlaneReport, MemberReport, StateCode } from "podfit";
import { change, plan } from "../state/store";
import { plane, togglePart } from "../state/panels";
import { toggle } from "../state/scenario";
import { exactly, short } from "../format";
import { T } from "../text";
import { PLANE as W } from "../text-networks";
import { plain, Sheet } from "./Sheet";

/** What still works of the control plane, what that means, and what helps. */
export function ControlPlane() {
  const { report, fault, isAsking } = plane.value;
  return (
    <section class={`panel ${isAsking ? "stale" : ""}`} aria-labelledby="plane-title" aria-busy={isAsking}>
      <h2 id="plane-title">{W.title}</h2>
      {!report && <p role="status">{fault?.cause ?? W.asking}</p>}
      {report && (report.topology.layout === "not-known" && !report.members.length ? <p role="status">{W.nothing}</p> : <Body report={report} />)}
    </section>
  );
}

function Body({ report }: { report: ControlPlaneReport }) {
  const { verdict, why, failed, topology, capabilities, effects } = report;
  return (
    <>
      <div class={`panel-verdict v-${W.verdictLook[verdict] ?? "unknown"}`} role="status">
        <p>
          <span class="mark" aria-hidden="true">
            {T.verdictMark[W.verdictLook[verdict] ?? "unknown"]}
          </span>
          <strong class="plan-verdict">{W.verdicts[verdict] ?? verdict}</strong>
        </p>
        <p>
          <span class="muted">{failed.length ? W.without(failed.map((f) => short(f, 40)).join(", ")) : W.whole}:</span> {why.text}.{" "}
          {topology.tolerates != null && W.tolerates(topology.tolerates)}
        </p>
      </div>
      <Members report={report} />
      <div class="panel-grid">
        <section class="card" aria-labelledby="plane-works">
          <h3 id="plane-works">{W.capabilities}</h3>
          <ul class="states">
            {capabilities.map((c) => (
              <li key={c.code}>
                <State of={c.state} />
                <span>
                  <strong>{W.codes[c.code] ?? c.code}</strong>: {c.text}
                  <HandOver of={c} />
                </span>
              </li>
            ))}
          </ul>
        </section>
        <section class="card" aria-labelledby="plane-means">
          <h3 id="plane-means">{W.effects}</h3>
          <ul class="states">
            {effects.map((e) => (
              <li key={e.code}>
                <State of={e.state} />
                <span>{e.text}</span>
              </li>
            ))}
          </ul>
          {report.lost && (
            <p class="muted">
              {report.lost.nodes.map((n) => short(n, 40)).join(", ")}: {report.lost.text}
            </p>
          )}
        </section>
      </div>
      <div class="panel-grid">
        <Quorum report={report} />
        <Findings report={report} />
      </div>
      <Remedies report={report} />
      <Cases report={report} />
    </>
  );
}

/** Yes or no; of a part, whether it works. */
function State({ of, words = W.state }: { of: StateCode; words?: Record<string, string> }) {
  return (
    <span class={`state-tag st-${of}`}>
      <span aria-hidden="true">{W.mark[of]}</span> {words[of] ?? of}
    </span>
  );
}

function HandOver({ of: { handOver } }: { of: CapabilityReport }) {
  if (!handOver) return null;
  return <span class="muted"> ({W.hand(handOver.among.join(", "), exactly(handOver.seconds))})</span>;
}

/** Machines and their parts: each is a button that fails it. */
function Members({ report: { members, topology } }: { report: ControlPlaneReport }) {
  const machines = [...new Set(members.map((m) => m.machine))];
  const components = [...new Set(members.map((m) => m.component))];
  const at = new Map(members.map((m) => [m.name, m]));
  return (
    <section class="card" aria-labelledby="plane-members">
      <h3 id="plane-members">{W.members}</h3>
      <Sheet
        label={W.members}
        head={[W.machine, ...components]}
        rows={plain(machines.map((machine) => [
          <MachineButton key="m" machine={machine} isNode={members.some((m) => m.machine === machine && m.isNode)} />,
          ...components.map((c) => {
            const member = at.get(`${machine}:${c}`);
            return member ? <MemberButton key={c} of={member} /> : "";
          }),
        ]))}
      />
      {topology.balancers && topology.balancers.length > 0 && (
        <p class="row">
          {W.balancers}:
          {topology.balancers.map((name) => (
            <Toggle key={name} name={name} isFailed={plan.value.parts.includes(name)} onPress={() => togglePart(name)} />
          ))}
        </p>
      )}
      {plan.value.parts.length > 0 && (
        <button class="small" onClick={() => change({ parts: [] })}>
          {W.takenBack}
        </button>
      )}
    </section>
  );
}

function MachineButton({ machine, isNode }: { machine: string; isNode: boolean }) {
  const { fail, parts } = plan.value;
  const press = () => (isNode ? change({ fail: toggle(fail, machine) }) : togglePart(machine));
  return <Toggle name={machine} isFailed={fail.includes(machine) || parts.includes(machine)} onPress={press} />;
}

function Toggle({ name, isFailed, onPress }: { name: string; isFailed: boolean; onPress: () => void }) {
  return (
    <button class={`small ${isFailed ? "danger" : ""}`} aria-pressed={isFailed} aria-label={isFailed ? W.restore(short(name)) : W.fail(short(name))} onClick={onPress}>
      {isFailed && <span aria-hidden="true">✗</span>} <bdi>{short(name, 40)}</bdi>
    </button>
  );
}

/** `leads`: where the input has the lease of it. */
function MemberButton({ of: { name, runs, state, leads } }: { of: MemberReport & { leads?: boolean } }) {
  const isFailed = plan.value.parts.includes(name);
  const words = isFailed ? W.restore(name) : W.fail(name);
  const waits = runs === "works" && state !== "works" ? `; ${W.memberRuns}` : "";
  return (
    <button
      class={`small member st-${state} ${isFailed ? "danger" : ""}`}
      aria-pressed={isFailed}
      aria-label={`${short(words)}, ${W.runs[state] ?? state}${leads ? `, ${W.leads}` : ""}${waits}`}
      title={waits ? W.memberRuns : undefined}
      onClick={() => togglePart(name)}
    >
      <span aria-hidden="true">{W.mark[state]}</span> {W.runs[state] ?? state}
      {leads && `, ${W.leads}`}
    </button>
  );
}

function Quorum({ report: { quorum } }: { report: ControlPlaneReport }) {
  return (
    <section class="card" aria-labelledby="plane-quorum">
      <h3 id="plane-quorum">{W.quorum}</h3>
      <Sheet
        label={W.quorum}
        head={W.quorumHead}
        isSmall
        rows={quorum.map((q) => ({ cells: [q.here ? `${q.members} (${W.here})` : q.members, q.quorum, q.tolerated], look: q.here ? "marked" : "" }))}
      />
    </section>
  );
}

function Findings({ report: { findings } }: { report: ControlPlaneReport }) {
  if (!findings.length) return null;
  return (
    <section class="card" aria-labelledby="plane-findings">
      <h3 id="plane-findings">{W.findings}</h3>
      <ul class="findings">
        {findings.map((f) => (
          <li key={f.code} class={`f-${f.severity}`}>
            <strong>{W.severity[f.severity] ?? f.severity}</strong>: {f.cause}
            <span class="fix">
              {T.errors.fix}: {f.fix}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Remedies({ report: { remedies } }: { report: ControlPlaneReport }) {
  return (
    <section class="card" aria-labelledby="plane-remedies">
      <h3 id="plane-remedies">{W.remedies}</h3>
      <Sheet
        label={W.remedies}
        head={W.remedyHead}
        rows={plain(remedies.map((r) => [r.component, r.state == null ? <span class="muted">{W.absent}</span> : <State of={r.state} words={W.runs} />, r.issue, r.mitigation]))}
      />
    </section>
  );
}

function Cases({ report: { cases, casesLeftOut } }: { report: ControlPlaneReport }) {
  const asked = cases.filter((c) => c.failed.length);
  if (!asked.length) return null;
  return (
    <section class="card" aria-labelledby="plane-cases">
      <h3 id="plane-cases">{W.cases}</h3>
      <Sheet label={W.cases} head={W.casesHead} rows={plain(asked.map((c) => [c.failed.join(", "), <State of={c.state} />, c.why ?? ""]))} />
      {casesLeftOut > 0 && <p class="muted">{W.casesLeft(casesLeftOut)}</p>}
    </section>
  );
}
