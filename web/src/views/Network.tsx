import type { AddressChangeReport, NetworkLossReport, NetworkReport, PoolReport, RouteReport, ServiceLossReport, Span } from "podfit";
import { addresses, reach, routes } from "../state/panels";
import type { Asked } from "../state/asked";
import { around, exactly, short } from "../format";
import { T } from "../text";
import { NETWORK as W, PLANE } from "../text-networks";
import { plain, Sheet } from "./Sheet";

/** The engine refuses a question about a network that is not described. */
const NOT_DESCRIBED = "no-network";

/** The plan of addresses, services and what a loss changes, routes. */
export function Network() {
  const all = [addresses.value, reach.value, routes.value];
  const isAsking = all.some((a) => a.isAsking);
  const isReady = all.every((a) => a.report ?? a.fault);
  const isEmpty = addresses.value.fault?.code === NOT_DESCRIBED && !reach.value.report?.reach?.services.length;
  return (
    <section class={`panel ${isAsking ? "stale" : ""}`} aria-labelledby="network-title" aria-busy={isAsking}>
      <h2 id="network-title">{W.title}</h2>
      {!isReady && <p role="status">{W.asking}</p>}
      {isReady && isEmpty && <p role="status">{W.nothing}</p>}
      {isReady && !isEmpty && (
        <>
          <Services asked={reach.value} />
          <Plan asked={addresses.value} />
          <Routes asked={routes.value} />
        </>
      )}
    </section>
  );
}

interface PartProps {
  asked: Asked<NetworkReport>;
}

/** A part with its verdict, or why there is none. */
function Head({ id, title, asked: { report, fault } }: PartProps & { id: string; title: string }) {
  const look = report ? (W.verdictLook[report.verdict] ?? "unknown") : "unknown";
  return (
    <>
      <h3 id={id}>{title}</h3>
      {report ? (
        <p class={`v-${look}`}>
          <span class="mark" aria-hidden="true">
            {T.verdictMark[look]}
          </span>
          <strong class="plan-verdict">{W.verdicts[report.verdict] ?? report.verdict}</strong>: {report.why.text}.
        </p>
      ) : (
        <p class="muted">{fault?.code === NOT_DESCRIBED ? W.noPlan : fault?.cause}</p>
      )}
    </>
  );
}

function Conflicts({ of }: { of: NetworkReport }) {
  if (!of.conflicts.length) return null;
  return (
    <ul class="findings" aria-label={W.conflicts(of.conflicts.length)}>
      {of.conflicts.map((c, i) => (
        <li key={i} class="f-error">
          <strong>
            <bdi>{short(c.field, 80)}</bdi>
          </strong>
          : <bdi>{short(c.cause, 300)}</bdi>
          <span class="fix">
            {T.errors.fix}: <bdi>{short(c.fix, 300)}</bdi>
          </span>
        </li>
      ))}
    </ul>
  );
}

function NetworkNotes({ of }: { of: NetworkReport }) {
  if (!of.notes.length) return null;
  return (
    <ul class="findings" aria-label={W.notes}>
      {of.notes.map((n) => (
        <li key={n.code} class="f-open">
          {n.text} <span class="muted">[{n.page}]</span>
        </li>
      ))}
    </ul>
  );
}

function Plan({ asked }: PartProps) {
  const { report } = asked;
  return (
    <section class="card" aria-labelledby="network-plan">
      <Head id="network-plan" title={W.plan} asked={asked} />
      {report && <Conflicts of={report} />}
      {report?.plan && report.plan.pools.length > 0 && (
        <Sheet
          label={W.pools}
          head={W.poolHead}
          rows={plain(report.plan.pools.map((p) => [W.poolKinds[p.kind] ?? p.kind, <Ranges of={p} />, p.assignedBy ?? "", p.addresses.toLocaleString("en"), needed(p), <Free of={p} />]))}
        />
      )}
      {report?.plan && report.plan.assigned.length > 0 && (
        <Sheet
          label={W.assigned}
          head={W.assignedHead}
          rows={plain(report.plan.assigned.map((a) => [a.address, <bdi>{short(a.name, 80)}</bdi>, a.given ? W.given : W.firstFree]))}
        />
      )}
      {report && <NetworkNotes of={report} />}
    </section>
  );
}

const Ranges = ({ of }: { of: PoolReport }) => <bdi>{of.ranges.join(", ") || W.noAddress}</bdi>;

const needed = ({ needed, advised }: PoolReport): string => (advised ? `${needed} (${W.advised(advised)})` : needed.toLocaleString("en"));

/** How full a range is, as a bar with its numbers. */
function Free({ of: { addresses, free } }: { of: PoolReport }) {
  const used = Math.max(0, addresses - Math.max(0, free));
  const share = addresses > 0 ? Math.min(1, used / addresses) : 0;
  return (
    <span class="pool">
      <span class={`bar ${free < 0 ? "over" : ""}`} aria-hidden="true">
        <span class="part s-pod" style={{ width: `${share * 100}%` }} />
      </span>
      {free < 0 ? <strong class="bad">{W.short(-free)}</strong> : free.toLocaleString("en")}
    </span>
  );
}

function Services({ asked }: PartProps) {
  const found = asked.report?.reach;
  const loss = found?.loss ?? null;
  const losses = new Map(loss?.services.map((s) => [`${s.namespace}/${s.name}`, s]));
  return (
    <section class="card" aria-labelledby="network-services">
      <Head id="network-services" title={W.services} asked={asked} />
      {found && found.services.length === 0 && <p class="muted">{W.noServices}</p>}
      {found && found.services.length > 0 && (
        <Sheet
          label={W.services}
          head={[...W.serviceHead, ...(loss ? [W.lossHead] : [])]}
          rows={plain(found.services.map((s) => {
            const own = losses.get(`${s.namespace}/${s.name}`);
            const where = [...s.outerAddresses, ...s.clusterIps].join(", ");
            const cells = [<bdi title={s.dnsName}>{short(`${s.namespace}/${s.name}`, 80)}</bdi>, s.type, s.externalName ?? (where || W.noAddress), `${s.ready}/${s.endpoints}`];
            return loss ? [...cells, own ? <Outage of={own} /> : ""] : cells;
          }))}
        />
      )}
      {loss && <Touched of={loss} />}
    </section>
  );
}

function Outage({ of }: { of: ServiceLossReport }) {
  const { outage, outageSeconds } = of;
  const look = outage === "none" ? "works" : outage === "not-known" ? "unknown" : "down";
  return (
    <div class="outage">
      <span class={`state-tag st-${look}`}>
        <span aria-hidden="true">{PLANE.mark[look]}</span> {W.outage[outage] ?? outage} {outageSeconds && around(outageSeconds)}
      </span>{" "}
      <span class="muted">{W.endpoints(of.before, of.left, of.back)}</span>
      {of.terms.length > 0 && (
        <ul class="terms">
          {of.terms.map((term, i) => (
            <Term key={i} of={term} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** A part of a time, under whichever name the engine tells it. */
interface AnyTerm {
  text?: string;
  name?: string;
  seconds: Span;
  source: string;
  assumed?: boolean;
}

const Term = ({ of }: { of: AnyTerm }) => (
  <li>
    {of.text ?? of.name}: {exactly(of.seconds)} {of.assumed && <span class="assumed">{T.timeline.assumed} </span>}
    <span class="muted">({of.source})</span>
  </li>
);

function Touched({ of: { addresses: touched, staleSeconds } }: { of: NetworkLossReport }) {
  return (
    <>
      <p class="muted">{W.stale(around(staleSeconds))}</p>
      {touched.length > 0 && (
        <Sheet
          label={W.addresses}
          head={W.addressHead}
          rows={plain(touched.map((a) => [<bdi>{`${a.kind} ${short(a.name, 80)}`}</bdi>, a.addresses.join(", ") || W.noAddress, fate(a)]))}
        />
      )}
    </>
  );
}

const fate = ({ fate, from, to }: AddressChangeReport): string =>
  [W.fates[fate] ?? fate, from && to && W.way(short(from, 60), short(to, 60))].filter(Boolean).join(" ");

function Routes({ asked }: PartProps) {
  const { report } = asked;
  return (
    <section class="card" aria-labelledby="network-routes">
      <Head id="network-routes" title={W.routes} asked={asked} />
      {report && <Conflicts of={report} />}
      {report?.routes && report.routes.routes.length > 0 && (
        <Sheet
          label={W.routes}
          head={W.routeHead}
          rows={plain(report.routes.routes.map((r) => [r.destination, r.nextHop ?? W.direct, leavesBy(r), r.metric ?? "", <Kind of={r} />]))}
        />
      )}
      {report && <NetworkNotes of={report} />}
    </section>
  );
}

const leavesBy = (r: RouteReport): string => [r.interface, r.switch && (W.switches[r.switch] ?? r.switch)].filter(Boolean).join(", ");

function Kind({ of: { kind, deviceCommand } }: { of: RouteReport }) {
  return (
    <>
      {W.routeKinds[kind] ?? kind}
      {deviceCommand && (
        <div>
          <code>{deviceCommand}</code>
        </div>
      )}
    </>
  );
}
