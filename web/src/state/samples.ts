// The clusters that everyone can try: those of examples/, as files of the page.

import edge from "../../../examples/clusters/two-node-edge.yaml?url";
import zones from "../../../examples/clusters/ten-node-zones.yaml?url";
import edgeNetwork from "../../../examples/clusters/edge-network.yaml?url";
import threeServers from "../../../examples/clusters/three-servers.yaml?url";
import stranded from "../../../examples/clusters/stranded.yaml?url";
import type { Origin } from "./scenario";

const URLS: Record<string, string> = {
  "two-node-edge": edge,
  "edge-network": edgeNetwork,
  "ten-node-zones": zones,
  "three-servers": threeServers,
  stranded,
};

export const SAMPLES = Object.keys(URLS);

export async function sample(key: string): Promise<Origin> {
  const url = URLS[key];
  if (!url) throw new Error(`there is no sample ${key}`);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the sample could not be read: ${response.status}`);
  return { sources: [{ name: `${key}.yaml`, blob: await response.blob() }], sample: key, form: null };
}
