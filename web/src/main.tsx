import { render } from "preact";
import "./style/base.css";
import "./style/stage.css";
import "./style/tables.css";
import "./style/start.css";
import "./style/panels.css";
import "./style/time.css";
import "./style/networks.css";
import { applyTheme } from "./theme";
import { openFromLocation } from "./state/incoming";
import { keepForReload, restore } from "./state/session";
import { warmUp } from "./state/store";
import { App } from "./views/App";

applyTheme();
render(<App />, document.getElementById("app")!);
warmUp();
void restore()
  .then((done) => (done ? undefined : openFromLocation()))
  .finally(keepForReload);
window.addEventListener("hashchange", () => void openFromLocation());

// Offline after the first visit. Without it (a file opened from disk, an old browser) the page works all the same.
if (import.meta.env.PROD && "serviceWorker" in navigator && location.protocol.startsWith("http")) {
  navigator.serviceWorker.register("./sw.js").catch((error: unknown) => console.info("not offline:", error));
}
