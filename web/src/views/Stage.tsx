import { useRef, useState } from "preact/hooks";
import type { Answer, Cluster, NodeInfo } from "../engine/protocol";
import { isStranded, type Block, type NodeBox, type Stage as Layout } from "../layout/stage";
import type { Box } from "../layout/pack";
import { change, foreseen, plan, shown } from "../state/store";
import { toggleNode } from "../state/scenario";
import { scene } from "../state/story";
import { bare, short } from "../format";
import { T } from "../text";
import { Bars } from "./Bars";
import { Tip, tipText } from "./Tip";

interface Props {
  stage: Layout;
  cluster: Cluster;
  answer: Answer | null;
  still: boolean;
}

/** Set through the CSSOM, which the Content-Security-Policy allows. */
const at = (box: Box) => ({ transform: `translate(${box.x}px, ${box.y}px)`, width: `${box.w}px`, height: `${box.h}px` });

/** Nodes and pods as elements: each block keeps its element, so that it glides to where it lands. */
export function Stage({ stage, cluster, answer, still }: Props) {
  const [tip, setTip] = useState<{ pod: number; x: number; y: number } | null>(null);
  const holder = useRef<HTMLDivElement>(null);
  const podAt = (event: Event) => (event.target as Element).closest<HTMLElement>("[data-pod]")?.dataset.pod;
  const point = (event: PointerEvent) => {
    const pod = podAt(event);
    setTip(pod === undefined || event.pointerType === "touch" ? null : { pod: Number(pod), x: event.clientX, y: event.clientY });
  };
  const press = (event: MouseEvent) => {
    const pod = podAt(event);
    const origin = holder.current!.getBoundingClientRect();
    if (pod === undefined || still) return;
    setTip(null);
    shown.value = { pod: Number(pod), x: event.clientX - origin.left, y: event.clientY - origin.top };
  };
  const ordered = [...stage.blocks].sort((a, b) => a.pod - b.pod);
  return (
    <div
      ref={holder}
      class={`stage ${stage.detail}`}
      style={{ height: `${stage.height}px` }}
      onPointerMove={point}
      onClick={press}
      onPointerLeave={() => setTip(null)}
    >
      {stage.nodes.map((node) => (
        <NodeCard key={node.node} {...{ node, stage, cluster, answer, still }} />
      ))}
      {stage.tray && (
        <div class="tray-frame" style={at(stage.tray)}>
          {T.stage.tray(stage.blocks.filter((b) => isStranded(b.verdict)).length)}
        </div>
      )}
      <div class="blocks" aria-hidden="true">
        {ordered.map((block) => (
          <BlockView key={block.pod} block={block} cluster={cluster} />
        ))}
      </div>
      {tip && <Tip x={tip.x} y={tip.y} lines={tipText(cluster, answer, tip.pod)} />}
    </div>
  );
}

function NodeCard({ node, stage, cluster, answer, still }: Props & { node: NodeBox }) {
  const info = cluster.nodes[node.node]!;
  const press = () => !still && change({ fail: toggleNode(plan.value, cluster, node.node, node.lost) });
  return (
    <div class={`node ${node.lost ? "lost" : ""} ${still ? "still" : ""}`} style={at(node.frame)} onClick={press}>
      <div class="node-head">
        <strong class="name" title={short(info.name)}>
          <bdi>{short(info.name, 80)}</bdi>
        </strong>
        <State node={node} info={info} still={still} />
        {!still && (
          <button
            class="small"
            aria-label={node.lost ? T.node.restore(short(info.name)) : T.node.fail(short(info.name))}
            onClick={(e) => (e.stopPropagation(), press())}
          >
            {node.lost ? T.node.restoreShort : T.node.failShort}
          </button>
        )}
      </div>
      {stage.detail === "column" && <Bars cluster={cluster} answer={answer} node={node.node} lost={node.lost} />}
    </div>
  );
}

/** Lost, or what its loss would do, where that has been asked already. */
function State({ node, info, still }: { node: NodeBox; info: NodeInfo; still: boolean }) {
  if (node.lost) return <span class="state">✗ {T.node.lost}</span>;
  const verdict = still || scene.value.step ? undefined : foreseen.value?.get(info.name);
  const words = [info.unschedulable && T.node.cordoned, info.controlPlane && T.node.controlPlane].filter(Boolean).join(", ");
  return (
    <span class={`state ${verdict ? `v-${verdict}` : ""}`} title={verdict && T.node.ifLost(T.verdicts[verdict]!)}>
      {verdict ? (
        <>
          <span class="mark">{T.verdictMark[verdict]}</span>
          {T.node.ifLost(T.verdicts[verdict]!)}
        </>
      ) : (
        words
      )}
    </span>
  );
}

function BlockView({ block, cluster }: { block: Block; cluster: Cluster }) {
  const { box, verdict } = block;
  const mark = block.arrived ? T.podMark.moves : verdict ? T.podMark[verdict] : "";
  const roomy = box.w > 34 && box.h > 15;
  const state = isStranded(verdict) ? "stranded" : block.arrived ? "arrived" : verdict === "gone" ? "gone" : "";
  return (
    <div class={`block h${block.hue} ${block.role} ${state}`} style={at(box)} data-pod={block.pod}>
      {roomy ? (
        <>
          {mark && <b>{mark}</b>} <bdi>{short(bare(cluster.podNames[block.pod]!), 60)}</bdi>
        </>
      ) : (
        box.w > 9 && box.h > 11 && mark && <b>{mark}</b>
      )}
    </div>
  );
}
