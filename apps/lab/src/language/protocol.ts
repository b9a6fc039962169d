/** @file The messages between the page and the worker that knows the types. */

/** Something to tell about a range of a cell. */
export interface Problem {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** One way to complete a word. */
export interface Completion {
  readonly label: string;
  /** Method, property, variable, … as TypeScript calls it. */
  readonly kind: string;
  readonly sort: string;
}

/** What a name is, and what its documentation says. */
export interface Description {
  readonly from: number;
  readonly to: number;
  readonly signature: string;
  readonly documentation: string;
}

/** What can be asked: each question with its answer. `cells` are the sources of all code cells, `cell` is an index. */
export interface Questions {
  check: { ask: { cells: readonly string[] }; answer: readonly (readonly Problem[])[] };
  complete: {
    ask: { cells: readonly string[]; cell: number; offset: number };
    answer: { readonly from: number; readonly options: readonly Completion[] } | null;
  };
  describe: { ask: { cells: readonly string[]; cell: number; offset: number }; answer: Description | null };
  explain: {
    ask: { cells: readonly string[]; cell: number; offset: number; label: string };
    answer: Description | null;
  };
}

export type QuestionName = keyof Questions;

export interface Ask<Name extends QuestionName = QuestionName> {
  readonly id: number;
  readonly name: Name;
  readonly question: Questions[Name]["ask"];
}

export interface Answer {
  readonly id: number;
  readonly answer: unknown;
}
