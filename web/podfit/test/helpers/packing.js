// Pending pods for empty nodes, in two resources, so tight that sums and enumeration leave it open.

/** Numbers that look random and are the same each time. */
export function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

const CPU = 16_000;
const MEMORY = 65_536;

/** A podfit/v1 cluster of three nodes; each pod asks between `least` and `most` thousandths of a core. */
export function tight(seed, least, most) {
  const draw = numbers(seed * 7919 + 3);
  const amount = () => least + draw(most - least);
  const nodes = [0, 1, 2].map((i) => `  - {name: n${i}, allocatable: {cpu: 16, memory: 64Gi}}`);
  const workloads = [];
  for (let [cpu, memory] = [0, 0]; ; ) {
    const [milli, mebi] = [amount(), 4 * amount()];
    const replicas = 1 + draw(2);
    cpu += milli * replicas;
    memory += mebi * replicas;
    if (cpu > 3 * CPU * 0.99 || memory > 3 * MEMORY * 0.99) break;
    const name = `w${workloads.length}`;
    workloads.push(`  - {name: ${name}, replicas: ${replicas}, requests: {cpu: ${milli}m, memory: ${mebi}Mi}}`);
  }
  const head = ["apiVersion: podfit/v1", "kind: Cluster", "nodes:", ...nodes, "workloads:"];
  return `${[...head, ...workloads].join("\n")}\n`;
}
