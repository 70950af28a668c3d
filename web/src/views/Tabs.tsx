import { tab, type Tab } from "../state/store";
import { T } from "../text";

const TABS: Tab[] = ["picture", "matrix", "compare", "plane", "network"];

export function Tabs() {
  const go = (step: number) => {
    const next = TABS[(TABS.indexOf(tab.value) + step + TABS.length) % TABS.length]!;
    tab.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
  };
  return (
    <div class="tabs" role="tablist" aria-label={T.tabs.label} onKeyDown={onKeyDown}>
      {TABS.map((name) => (
        <button
          key={name}
          role="tab"
          id={`tab-${name}`}
          aria-selected={tab.value === name}
          aria-controls={tab.value === name ? `panel-${name}` : undefined}
          tabIndex={tab.value === name ? 0 : -1}
          onClick={() => (tab.value = name)}
        >
          {T.tabs[name]}
        </button>
      ))}
    </div>
  );
}
