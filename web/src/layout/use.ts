// What a node's resource is used for, now or after an answer.

import type { Answer, Cluster } from "../engine/protocol";
import { isStranded } from "./stage";

export interface Use {
  /** What pods may use. */
  whole: number;
  /** Static pods and the control plane. */
  system: number;
  daemon: number;
  pod: number;
  arrived: number;
  used: number;
}

interface Tally {
  system: Float64Array;
  daemon: Float64Array;
  pod: Float64Array;
  arrived: Float64Array;
}

const tallies = new WeakMap<Cluster, WeakMap<object, Tally>>();
const NOTHING = {};

export function nodeUse(cluster: Cluster, answer: Answer | null, node: number, resource: number): Use {
  const { system, daemon, pod, arrived } = tally(cluster, answer);
  const i = node * cluster.resources.length + resource;
  const info = cluster.nodes[node]!;
  return {
    whole: info.allocatable[resource]!,
    system: system[i]!,
    daemon: daemon[i]!,
    pod: pod[i]!,
    arrived: arrived[i]!,
    used: system[i]! + daemon[i]! + pod[i]! + arrived[i]!,
  };
}

/** One pass over the pods, kept as long as the answer. */
function tally(cluster: Cluster, answer: Answer | null): Tally {
  let byAnswer = tallies.get(cluster);
  if (!byAnswer) tallies.set(cluster, (byAnswer = new WeakMap()));
  let result = byAnswer.get(answer ?? NOTHING);
  if (!result) byAnswer.set(answer ?? NOTHING, (result = count(cluster, answer)));
  return result;
}

function count(cluster: Cluster, answer: Answer | null): Tally {
  const width = cluster.resources.length;
  const zeros = () => new Float64Array(cluster.nodes.length * width);
  const result: Tally = { system: zeros(), daemon: zeros(), pod: zeros(), arrived: zeros() };
  const add = (to: Float64Array, pod: number, node: number) => {
    for (let r = 0; r < width; r++) to[node * width + r] = to[node * width + r]! + cluster.podRequests[pod * width + r]!;
  };
  const lost = new Set(answer?.failed ?? []);
  const changed = new Map(answer?.changed.map((c) => [c.pod, c]));
  for (let pod = 0; pod < cluster.podNames.length; pod++) {
    const home = cluster.podNode[pod]!;
    const change = changed.get(pod);
    const to = change ? change.to : home;
    const workload = cluster.workloads[cluster.podWorkload[pod]!]!;
    // A waiting pod has a place once the control plane is back, not yet.
    if (to >= 0 && !lost.has(to) && !isStranded(change?.verdict ?? null)) add(to !== home ? result.arrived : result[workload.role], pod, to);
  }
  return result;
}
