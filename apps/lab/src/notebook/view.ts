/** @file The notebook on the page: JupyterLab's widgets, set up for TypeScript and for reading. */
import type { Extension } from "@codemirror/state";
import {
  CodeMirrorEditorFactory,
  CodeMirrorMimeTypeService,
  EditorExtensionRegistry,
  EditorThemeRegistry,
  ybinding,
} from "@jupyterlab/codemirror";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { Notebook, NotebookModel, StaticNotebook } from "@jupyterlab/notebook";
import "@jupyterlab/notebook/style/index.js";
import type { Notebook as NotebookContent } from "nabla/notebook";
import { createLanguages } from "./languages.js";
import { createRendering } from "./rendering.js";

const cellEditor = {
  lineNumbers: false,
  lineWrap: true,
  matchBrackets: true,
  indentUnit: "2",
  tabSize: 2,
};

const editorConfig: StaticNotebook.IEditorConfig = {
  code: { ...cellEditor, autoClosingBrackets: true },
  markdown: cellEditor,
  raw: cellEditor,
};

const notebookConfig: StaticNotebook.INotebookConfig = {
  ...StaticNotebook.defaultNotebookConfig,
  windowingMode: "none",
  scrollPastEnd: false,
  maxNumberOutputs: 1000,
};

/** What an editor extension is made for: the model of its cell. */
type BindingOptions = Parameters<typeof ybinding>[0];

function createEditors(extension: Extension): EditorExtensionRegistry {
  const extensions = new EditorExtensionRegistry();
  const themes = new EditorThemeRegistry();
  for (const factory of EditorExtensionRegistry.getDefaultExtensions({ themes }))
    extensions.addExtension(factory);
  extensions.addExtension({
    name: "text of the model",
    factory: ({ model }) => {
      const { ysource, undoManager } = model.sharedModel as unknown as {
        ysource: BindingOptions["ytext"];
        undoManager: BindingOptions["undoManager"] | null;
      };
      const binding = ybinding({ ytext: ysource, ...(undoManager ? { undoManager } : {}) });
      return EditorExtensionRegistry.createImmutableExtension(binding);
    },
  });
  extensions.addExtension({
    name: "page",
    factory: () => EditorExtensionRegistry.createImmutableExtension(extension),
  });
  return extensions;
}

/** The language of notebooks that do not name theirs. */
const typescript = {
  kernelspec: { display_name: "TypeScript (Nabla)", language: "typescript", name: "nabla" },
  language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" },
};

/** A notebook on the page: `address` is where it lies, `extension` what its editors can do beside JupyterLab's. */
export function createView(content: NotebookContent, address: string, extension: Extension): Notebook {
  const languages = createLanguages();
  const editors = new CodeMirrorEditorFactory({ extensions: createEditors(extension), languages });
  const notebook = new Notebook({
    rendermime: createRendering(address),
    contentFactory: new Notebook.ContentFactory({ editorFactory: editors.newInlineEditor }),
    mimeTypeService: new CodeMirrorMimeTypeService(languages),
    editorConfig,
    notebookConfig,
  });
  const model = new NotebookModel({ disableDocumentWideUndoRedo: true });
  const named = { ...content, metadata: { ...typescript, ...content.metadata } };
  model.fromJSON(named as unknown as INotebookContent);
  notebook.model = model;
  return notebook;
}
