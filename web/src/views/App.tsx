import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { cluster, tab } from "../state/store";
import { scene } from "../state/story";
import { openFiles, openText } from "../state/incoming";
import { T } from "../text";
import { History } from "./History";
import { Header } from "./Header";
import { Start } from "./Start";
import { Problems } from "./Problems";
import { VerdictBar } from "./Verdict";
import { QuestionBar } from "./Question";
import { Picture } from "./Picture";
import { Matrix } from "./Matrix";
import { Compare } from "./Compare";
import { Tables } from "./Tables";
import { Side } from "./Side";
import { Dialogs } from "./dialogs";
import { onKey } from "./keys";
import { lazy } from "./lazy";
import { Story } from "./Story";
import { Tabs } from "./Tabs";
import { Timeline } from "./Timeline";

const ControlPlane = lazy(() => import("./ControlPlane").then((m) => m.ControlPlane));
const Network = lazy(() => import("./Network").then((m) => m.Network));

const dragging = signal(false);

export function App() {
  useEffect(listen, []);
  useEffect(goToAnswer, [cluster.value === null]);
  return (
    <>
      <a class="skip" href="#answer" onClick={skip}>
        {T.skip}
      </a>
      <Header />
      {dragging.value && <div class="dropping">{T.start.drop}</div>}
      <main id="answer" tabIndex={-1}>
        <Problems />
        {cluster.value ? <Planner /> : <Start />}
      </main>
      <Dialogs />
    </>
  );
}

/** The button that opened a cluster is gone: one who came by keyboard goes on at the answer. */
function goToAnswer(): void {
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (cluster.value && lost) document.getElementById("answer")?.focus({ preventScroll: true });
}

/** The fragment is the scenario's: it must not change. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("answer")?.focus();
}

function Planner() {
  return (
    <>
      <VerdictBar />
      <QuestionBar />
      <div class="tab-row">
        <Tabs />
        <History />
      </div>
      <div role="tabpanel" id={`panel-${tab.value}`} aria-labelledby={`tab-${tab.value}`}>
        {tab.value === "picture" && <PicturePanel />}
        {tab.value === "matrix" && <Matrix />}
        {tab.value === "compare" && <Compare />}
        {tab.value === "plane" && <ControlPlane />}
        {tab.value === "network" && <Network />}
      </div>
    </>
  );
}

/** Both columns are always there: a picture that changed its width at a click would move under the pointer. */
function PicturePanel() {
  const { cluster: of, answer, step } = scene.value;
  return (
    <>
      <Story />
      <div class="split">
        <Picture cluster={of} answer={answer} />
        <Side />
        <div class="below">
          {!step && <Timeline />}
          <Tables />
        </div>
      </div>
    </>
  );
}

/** Files dropped and text pasted anywhere. */
function listen(): () => void {
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    dragging.value = true;
  };
  const leave = (event: DragEvent) => {
    if (!event.relatedTarget) dragging.value = false;
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    dragging.value = false;
    if (event.dataTransfer?.files.length) void openFiles(event.dataTransfer.files);
  };
  const paste = (event: ClipboardEvent) => {
    if ((event.target as Element).closest("input, textarea, dialog")) return;
    const files = event.clipboardData?.files;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (files?.length) void openFiles(files);
    else if (text.trim()) void openText(text);
  };
  const events = { dragover: over, dragleave: leave, drop, paste, keydown: onKey } as unknown as Record<string, EventListener>;
  Object.entries(events).forEach(([name, handler]) => document.addEventListener(name, handler));
  return () => Object.entries(events).forEach(([name, handler]) => document.removeEventListener(name, handler));
}
