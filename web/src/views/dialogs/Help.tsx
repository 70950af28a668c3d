import type { ComponentChildren } from "preact";
import { T } from "../../text";
import { Modal } from "./index";

/** One screen: what the verdicts, symbols and words mean, and the keys. */
export function HelpDialog() {
  const marked = (marks: Record<string, string>, names: Record<string, string>) => (key: string) => `${marks[key]} ${names[key]}`.trim();
  const verdict = marked(T.verdictMark, T.verdicts);
  const pod = marked(T.podMark, T.pods);
  return (
    <Modal title={T.help.title} wide>
      <div class="help">
        <List title={T.help.verdicts} entries={Object.entries(T.verdictHelp).map(([key, words]) => [verdict(key), words])} />
        <List title={T.help.pods} entries={Object.entries(T.podHelp).map(([key, words]) => [pod(key), words])} />
        <List title={T.help.modes} entries={T.help.modeList} />
        <List title={T.help.words} entries={T.help.wordList} />
        <List title={T.help.keys} entries={T.help.keyList.map(([key, words]) => [<kbd key={key}>{key}</kbd>, words])} />
      </div>
    </Modal>
  );
}

function List({ title, entries }: { title: string; entries: [ComponentChildren, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {entries.map(([word, meaning], i) => (
          <div key={i}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
