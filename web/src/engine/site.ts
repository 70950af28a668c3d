// Control plane, network and services of podfit/v1, as they may leave the page: names as in the rest of the document,
// addresses as `Addresses` has them.

import type { Addresses } from "./addresses";
import type { Json, JsonObject, Names } from "./redact";

interface Rules {
  names: Names;
  addresses: Addresses;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** A single value or a list, each changed by `change`; what cannot be is left out. */
function each(value: Json, change: (one: Json) => Json | undefined): Json | undefined {
  if (!Array.isArray(value)) return change(value);
  return value.map(change).filter((one) => one !== undefined);
}

type Field = (value: Json, rules: Rules) => Json | undefined;

const asIs: Field = (value) => (typeof value === "object" && value !== null ? undefined : value);
const address: Field = (value, { addresses }) => each(value, (one) => (typeof one === "string" ? (addresses.of(one) ?? undefined) : undefined));
const name = (about: string): Field => (value, { names }) => each(value, (one) => (typeof one === "string" ? names.name(one, about) : undefined));

/** A machine may go by its address. */
const machine: Field = (value, { names, addresses }) => each(value, (one) => (typeof one === "string" ? names.name(addresses.of(one) ?? one, "nodes") : undefined));

/** Ports of the device go by their numbers; others have names of their own. */
const port: Field = (value, rules) => (typeof value === "string" && /^(port ?|eth|ens|bond)\d+$/i.test(value) ? value : name("interfaces")(value, rules));

const words = (kept: string[], other: Field): Field => (value, rules) => (typeof value === "string" && kept.includes(value) ? value : other(value, rules));

/** Lists whose entries have these fields, or are plain numbers. */
const list = (fields: Record<string, Field>): Field => (value, rules) => each(value, (one) => (isObject(one) ? record(one, fields, rules) : typeof one === "number" ? one : undefined));

function record(of: JsonObject, fields: Record<string, Field>, rules: Rules): JsonObject {
  const kept = Object.entries(of).flatMap(([key, value]): [string, Json][] => {
    const out = Object.hasOwn(fields, key) ? fields[key]!(value, rules) : undefined;
    return out === undefined ? [] : [[key, out]];
  });
  return Object.fromEntries(kept);
}

/** `m1:etcd`. */
const memberDown: Field = (value, rules) =>
  each(value, (one) => {
    const at = typeof one === "string" ? one.lastIndexOf(":") : -1;
    return at < 0 ? undefined : `${String(machine((one as string).slice(0, at), rules))}${(one as string).slice(at)}`;
  });

const etcdServers: Field = (value, rules) =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([server, members]) => [String(machine(server, rules)), machine(members, rules) ?? []])) : undefined;

const numbers: Field = (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, v]) => typeof v === "number")) : undefined);

const PLANE: Record<string, Field> = {
  servers: machine,
  etcd: words(["stacked", "elsewhere"], machine),
  etcdServers,
  balancers: (value, { names, addresses }) => each(value, (one) => (typeof one === "string" ? names.name(addresses.of(one) ?? one, "balancers") : undefined)),
  down: memberDown,
  leadersAsk: asIs,
  lease: numbers,
};

const NETWORK: Record<string, Field> = {
  ports: list({ name: port, subnet: address, addresses: address, gateway: address, assignment: asIs, compute: asIs, teamed: asIs }),
  nodeRange: address,
  serviceRange: address,
  podSubnet: address,
  serviceSubnet: address,
  hosts: list({ name: name("hosts"), address }),
  routes: list({ destination: words(["default"], address), nextHop: address, interface: port, metric: asIs }),
  computeConfigured: asIs,
  dnsDomain: words(["cluster.local"], name("domains")),
};

/** What an ExternalName stands for is somebody's: only where addresses are real. */
const EXTERNAL = "external.example";

const SERVICE: Record<string, Field> = {
  name: name("services"),
  namespace: name("namespace"),
  type: asIs,
  selector: (value, { names }) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [names.labelKey(k), typeof v === "string" ? names.name(v, "labels") : v])) : undefined,
  ports: list({ name: asIs, port: asIs, targetPort: asIs, nodePort: asIs, protocol: asIs }),
  clusterIP: words(["None"], address),
  loadBalancerIP: address,
  externalIPs: address,
  externalName: (value, { addresses }) => (typeof value === "string" ? (addresses.of(value) ?? EXTERNAL) : undefined),
  externalTrafficPolicy: asIs,
  ipFamilies: (value) => each(value, (one) => (typeof one === "string" ? one : undefined)),
  publishNotReadyAddresses: asIs,
  endpoints: address,
};

const SECTIONS: Record<string, Field> = {
  controlPlane: (value, rules) => (isObject(value) ? record(value, PLANE, rules) : undefined),
  network: (value, rules) => (isObject(value) ? record(value, NETWORK, rules) : undefined),
  services: list(SERVICE),
};

/** Whether a document is one that has these sections. */
export const isOurs = (document: Json): document is JsonObject => isObject(document) && document.apiVersion === "podfit/v1";

/** What a device has unless stated: it would not be where its addresses are others. */
const OF_DEVICE = { podSubnet: "172.27.0.0/16", serviceSubnet: "172.28.0.0/16" };

/** The sections of a document. */
export function sections(document: JsonObject, rules: Rules): JsonObject {
  const { network, device } = document;
  const stated = isObject(network) && device !== undefined ? { ...document, network: { ...OF_DEVICE, ...network } } : document;
  return record(stated, SECTIONS, rules);
}
