// Control plane and network: what is asked while their tab is open.

import type { ControlPlaneReport, NetworkPart, NetworkReport, Request } from "podfit";
import { asked } from "./asked";
import { answer, plan, tab } from "./store";
import { toggle } from "./scenario";
import { change } from "./store";

/** What fails, as the control plane is asked: of a part of a device, the hosts that are lost with it. */
function planeFailures(): string[] {
  const { fail, parts } = plan.value;
  const ofDevice = new Set(answer.value?.failedParts ?? []);
  const hosts = ofDevice.size ? (answer.value?.failedHosts ?? []) : [];
  return [...new Set([...fail.filter((name) => !ofDevice.has(name)), ...hosts, ...parts])];
}

export const plane = asked<ControlPlaneReport>(() => (tab.value === "plane" ? { kind: "ControlPlane", fail: planeFailures() } : null));

/** Fails a member, a machine that is no node, or a balancer; or brings it back. */
export const togglePart = (name: string): void => change({ parts: toggle(plan.value.parts, name) });

function network(about: NetworkPart, loss: () => Partial<Request> = () => ({})) {
  return asked<NetworkReport>(() => (tab.value === "network" ? { kind: "Network", about, ...loss() } as Request : null));
}

export const addresses = network("plan");
export const routes = network("routes");
export const reach = network("reach", () => ({ fail: plan.value.fail, mode: plan.value.mode }));
