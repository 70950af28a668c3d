import { useMemo } from "preact/hooks";
import type { Answer, Cluster } from "../engine/protocol";
import { layOut } from "../layout/stage";
import { phase, resource } from "../state/store";
import { resourceName } from "../format";
import { T } from "../text";
import { Legend } from "./Legend";
import { Stage } from "./Stage";
import { PodBox } from "./Tip";
import { StageCanvas } from "./StageCanvas";
import { useWidth } from "./width";

interface Props {
  cluster: Cluster;
  answer: Answer | null;
  /** In a comparison nothing can be clicked. */
  still?: boolean;
}

/** The stage with what belongs to it: which resource the areas show, and the key. */
export function Picture({ cluster, answer, still = false }: Props) {
  const { ref: holder, width } = useWidth<HTMLDivElement>();
  const shown = Math.min(resource.value, cluster.resources.length - 1);
  const stage = useMemo(() => (width > 0 ? layOut(cluster, answer, shown, width) : null), [cluster, answer, shown, width]);
  // The same element again: a thousand blocks are not compared when nothing about them changed.
  const drawn = useMemo(() => {
    if (!stage) return null;
    const props = { stage, cluster, answer, still };
    return stage.detail === "dot" ? <StageCanvas {...props} /> : <Stage {...props} />;
  }, [stage, still]);
  const busy = !still && phase.value === "asking";
  return (
    <section class="picture" aria-label={T.stage.title}>
      {!still && <AreaChoice cluster={cluster} shown={shown} />}
      <div ref={holder} class={busy ? "stage-holder busy" : "stage-holder"}>
        {drawn}
        {!still && <PodBox cluster={cluster} answer={answer} width={width} />}
      </div>
      {!still && <Legend />}
    </section>
  );
}

function AreaChoice({ cluster, shown }: { cluster: Cluster; shown: number }) {
  return (
    <fieldset class="area-choice">
      <legend>{T.stage.area}</legend>
      {cluster.resources.slice(0, 5).map((name, r) => (
        <label key={name} class={r === shown ? "on" : ""}>
          <input type="radio" name="area" checked={r === shown} onChange={() => (resource.value = r)} />
          {resourceName(name)}
        </label>
      ))}
    </fieldset>
  );
}
