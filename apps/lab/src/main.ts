/** @file The page: what it is made of, and what its parts tell one another. */
import { lessons } from "virtual:lessons";
import "@jupyterlab/theme-light-extension/style/variables.css";
import "@jupyterlab/theme-dark-extension/style/variables.css";
import type { CodeCell } from "@jupyterlab/cells";
import { forgetText } from "./documents/edits.js";
import {
  acceptDrops,
  chooseFile,
  download,
  fetchDocument,
  type OpenedDocument,
  openRequested,
  readDocument,
} from "./documents/open.js";
import { EditorHelp } from "./language/help.js";
import { loadPlotly } from "./notebook/plotlyLibrary.js";
import { keepPage } from "./offline/register.js";
import { Bar } from "./page/bar.js";
import { betweenFrames } from "./page/betweenFrames.js";
import { actions } from "./page/commands.js";
import { showKeys } from "./page/keys.js";
import { clearNotice, showNotice } from "./page/notice.js";
import { installShortcuts } from "./page/shortcuts.js";
import { followTheme } from "./page/theme.js";
import { Session } from "./session.js";
import "./page/page.css";
import "./page/notebook.css";

followTheme();
const host = document.getElementById("notebook")!;
const help = new EditorHelp();
let session: Session | null = null;

const bar = new Bar(document.getElementById("bar")!, {
  onAction: (action) => session && actions[action](session),
  onLesson: (file) => void open(() => fetchDocument(`lessons/${file}`)),
  onOpen: () => chooseFile(openFile),
  onDownload: () => session && download(session.text(), session.opened.filename),
  onKeys: showKeys,
});

const openFile = (file: File): void => void open(() => readDocument(file));

/** Opens a notebook in place of the one that is open, unless it cannot be read. */
async function open(load: () => Promise<OpenedDocument>): Promise<void> {
  let opened: OpenedDocument;
  try {
    await session?.keep();
    opened = await load();
  } catch (error) {
    showNotice(`The notebook cannot be opened: ${(error as Error).message}`);
    return;
  }
  clearNotice();
  closeSession();
  history.replaceState(null, "", `?${opened.query}`);
  await show(opened);
}

async function show(opened: OpenedDocument): Promise<void> {
  const { session: next, restored } = await Session.open(opened, host, help.extension, {
    onState: (state) => bar.setState(state),
    onKept: (error) => bar.setKept(error === null ? "Kept in this browser" : `Not kept: ${error.message}`),
    onLost: offerRerun,
  });
  session = next;
  help.attach(next.notebook);
  const lesson = lessons.find(({ file }) => opened.key.endsWith(`/lessons/${file}`));
  bar.setNotebook(opened.filename, lesson?.file ?? null);
  bar.setKept(restored ? "Your edits are back" : "");
  if (restored)
    showNotice("Your edits of last time are back.", { label: "Start over", run: () => void startOver() });
}

function closeSession(): void {
  help.detach();
  session?.close();
  session = null;
}

/** Opens the notebook as it was before the reader's edits. */
async function startOver(): Promise<void> {
  if (session === null) return;
  const { opened } = session;
  closeSession();
  await forgetText(opened.key);
  await show(opened);
}

function offerRerun(cell: CodeCell): void {
  showNotice("Stopped. Variables were lost.", {
    label: "Run the cells above again",
    run: () => void session?.runner.runAbove(cell),
  });
}

/** Calls `work` when the page is drawn and the cells' worker, which the reader waits for, has started. */
function whenIdle(work: () => void): void {
  if (session === null || session.isStarting) setTimeout(() => whenIdle(work), 100);
  else setTimeout(work, 300);
}

/** Plotly takes many frames to start: better now than with the first figure. What fails is tried again then. */
const prepareFigures = (): void => void loadPlotly().catch(() => {});

installShortcuts(() => session);
acceptDrops(openFile);
const first = `lessons/${lessons[0]!.file}`;
await open(() => openRequested(first));
// Below the notice that says why it is not what was asked for.
if (session === null) await show(await fetchDocument(first));

whenIdle(() => {
  help.start();
  void keepPage();
  setTimeout(() => betweenFrames(prepareFigures), 1000);
});
