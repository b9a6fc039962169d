/** @file The playground: its controls, what they change, and what is then computed and drawn. */
import type { Basins } from "./basins.js";
import { Computer } from "./computer.js";
import type { Path } from "./descent.js";
import { choice, fill, labelled, make, numberField } from "./elements.js";
import type { Heights } from "./heightScale.js";
import { type MapScene, MapView } from "./mapView.js";
import { Player } from "./player.js";
import type { Settings } from "./settings.js";
import { type Surface, surfaces } from "./surfaces.js";
import { SurfaceView } from "./surfaceView.js";
import { Team } from "./team.js";
import { onThemeChange, themeOf } from "./theme.js";
import { walkers } from "./walkers.js";

/** Points along one side: of the drawn surface, and of the starts of a search for basins. */
const resolution = 120;
const startsAlongSide = 90;
const basinSteps = 400;
const longestWalk = 5000;

const ownFormula = "own";
const byHeight = "height";

/** Everything in one element. */
export class Playground {
  readonly element = make("section", { class: "play", "aria-label": "Playground of optimizers" });
  private surface: Surface;
  private formula: string;
  private start: readonly [number, number];
  private steps: number;
  private heights: Heights | null = null;
  private basins: Basins | null = null;
  private paths: Readonly<Record<string, Path>> = {};

  private readonly computer = new Computer((message) => this.say(`The computation failed: ${message}`));
  private readonly status = make("p", { class: "play-status", role: "status" });
  private readonly groundStatus = make("p", { class: "play-ground", role: "status" });
  private readonly problem = make("p", {
    class: "play-problem",
    role: "alert",
    id: `play-${crypto.randomUUID()}`,
  });
  private readonly formulaField = make("input", { type: "text", spellcheck: false, autocomplete: "off" });
  private readonly startX = numberField({}, (x) => this.setStart([x, this.start[1]]));
  private readonly startY = numberField({}, (y) => this.setStart([this.start[0], y]));
  private readonly stepsField = numberField({ min: 1, max: longestWalk, integer: true }, (steps) => {
    this.steps = steps;
    this.walk();
  });
  private readonly surfaceChoice: HTMLSelectElement;
  private readonly groundChoice: HTMLSelectElement;
  private readonly team: Team;
  private readonly player = new Player((step) => this.draw(step));
  private readonly map = new MapView(() => themeOf(this.element));
  private readonly space = new SurfaceView(() => themeOf(this.element));
  private readonly stopWatching = onThemeChange(() => this.draw(this.player.step));

  constructor(settings: Settings) {
    this.surface = surfaces[settings.surface]!;
    this.formula = settings.formula ?? this.surface.formula;
    this.start = settings.start ?? this.surface.start;
    this.steps = settings.steps;
    this.team = new Team(settings.optimizers, () => this.equipmentChanged());
    this.surfaceChoice = choice(
      [
        ...Object.entries(surfaces).map(([name, { title }]) => [name, title] as const),
        [ownFormula, "My own formula"],
      ],
      settings.formula === undefined ? settings.surface : ownFormula,
      (name) => this.chooseSurface(name),
    );
    this.groundChoice = choice(
      [
        [byHeight, "Height"],
        ...Object.entries(walkers).map(([name, { title }]) => [name, `Many starts: ${title}`] as const),
      ],
      byHeight,
      () => this.colorGround(),
    );
    this.arrange();
    this.team.suit(this.surface);
    this.fillFields();
    this.measure();
  }

  private arrange(): void {
    const { formulaField, map } = this;
    formulaField.setAttribute("aria-describedby", this.problem.id);
    formulaField.addEventListener("change", () => this.typeFormula(formulaField.value));
    map.canvas.addEventListener("click", ({ clientX, clientY }) => {
      const place = map.placeAt(clientX, clientY);
      if (place !== null) this.setStart(place);
    });
    this.element.append(
      make(
        "div",
        { class: "play-controls" },
        labelled("Surface", this.surfaceChoice),
        make("div", { class: "play-formula" }, labelled("Formula in x and y", formulaField), this.problem),
        labelled("Start x", this.startX),
        labelled("Start y", this.startY),
        labelled("Steps", this.stepsField),
        labelled("Colour the map by", this.groundChoice),
      ),
      make("div", { class: "play-views" }, map.canvas, this.space.element),
      this.player.element,
      this.status,
      this.groundStatus,
      this.team.element,
    );
  }

  end(): void {
    this.player.pause();
    this.computer.end();
    this.map.end();
    this.space.end();
    this.stopWatching();
  }

  private say(text: string): void {
    this.status.textContent = text;
  }

  private fillFields(): void {
    this.formulaField.value = this.formula;
    fill(this.startX, this.start[0]);
    fill(this.startY, this.start[1]);
    fill(this.stepsField, this.steps);
  }

  private chooseSurface(name: string): void {
    if (name === ownFormula) {
      this.formulaField.focus();
      this.formulaField.select();
      return;
    }
    this.surface = surfaces[name]!;
    this.formula = this.surface.formula;
    this.start = this.surface.start;
    this.team.suit(this.surface);
    this.fillFields();
    this.measure();
  }

  private typeFormula(text: string): void {
    const known = Object.entries(surfaces).find(([, { formula }]) => formula === text.trim());
    this.surfaceChoice.value = known?.[0] ?? ownFormula;
    this.formula = text;
    this.measure();
  }

  private setStart(start: readonly [number, number]): void {
    this.start = start.map((value) => Number(value.toPrecision(4))) as [number, number];
    this.fillFields();
    this.walk();
  }

  private equipmentChanged(): void {
    this.walk();
    if (this.groundChoice.value !== byHeight) this.colorGround();
  }

  /** A new surface: its heights, and then all that stands on it. */
  private measure(): void {
    const { formula } = this;
    this.computer.ask(
      { kind: "heights", formula, view: this.surface.view, count: resolution },
      (reply) => {
        if (reply.kind !== "heights") return;
        this.complain("");
        this.heights = reply.heights;
        this.basins = null;
        this.walk();
        this.colorGround();
      },
      (message) => this.complain(message),
    );
  }

  private complain(message: string): void {
    this.problem.textContent = message;
    this.formulaField.setAttribute("aria-invalid", String(message !== ""));
  }

  private walk(): void {
    const { formula, start, steps } = this;
    if (this.heights === null || this.problem.textContent !== "") return;
    this.computer.ask(
      { kind: "paths", formula, start, steps, team: this.team.equipment },
      (reply) => {
        if (reply.kind !== "paths") return;
        this.paths = reply.paths;
        this.player.setSteps(steps);
        this.say(resultOf(reply.paths, steps));
      },
      (message) => this.say(message),
    );
  }

  /** Colours the map by height, or by where many starts lead. */
  private colorGround(): void {
    const name = this.groundChoice.value;
    this.computer.forget("basins");
    this.basins = null;
    this.groundStatus.textContent = "";
    this.draw(this.player.step);
    if (name === byHeight || this.heights === null) return;
    const { title } = walkers[name]!;
    const sayOfGround = (text: string): void => {
      this.groundStatus.textContent = text;
    };
    this.computer.ask(
      {
        kind: "basins",
        formula: this.formula,
        view: this.surface.view,
        steps: basinSteps,
        count: startsAlongSide,
        walker: this.team.equipmentOf(name),
      },
      (reply) => {
        if (reply.kind === "progress")
          sayOfGround(`${title} walks from many starts: ${Math.round(100 * reply.done)} %`);
        if (reply.kind !== "basins") return;
        this.basins = reply.basins;
        this.draw(this.player.step);
        sayOfGround(basinsText(title, reply.basins));
      },
      sayOfGround,
    );
  }

  private draw(step: number): void {
    const { heights, basins, start } = this;
    if (heights === null) return;
    const paths = Object.entries(this.paths).map(([name, path]) => ({ path, color: walkers[name]!.color }));
    const scene: MapScene = { heights, basins, paths, start, step };
    this.map.canvas.setAttribute("aria-label", `Map of ${this.formula}; a click sets the start`);
    this.space.element.setAttribute("aria-label", `Surface of ${this.formula} with the paths`);
    this.map.show(scene);
    this.space.show(scene);
    this.team.showHeights(this.paths, step);
  }
}

/** Who came lowest, and who got lost. */
function resultOf(paths: Readonly<Record<string, Path>>, steps: number): string {
  const arrived = Object.entries(paths).filter(([, { height }]) => height.length === steps + 1);
  const lost = Object.keys(paths).filter((name) => paths[name]!.height.length <= steps);
  const [best] = arrived.sort(([, a], [, b]) => a.height[steps]! - b.height[steps]!);
  const sentences = [
    best === undefined
      ? "Nobody walks."
      : `After ${steps} steps, ${walkers[best[0]]!.title} is lowest, at ${best[1].height[steps]!.toPrecision(3)}.`,
    ...lost.map((name) => `${walkers[name]!.title} got lost: its steps are too long.`),
  ];
  return (lost.length > 0 && best === undefined ? sentences.slice(1) : sentences).join(" ");
}

function basinsText(title: string, { minima, count }: Basins): string {
  const share = minima.reduce((sum, { starts }) => sum + starts, 0) / count ** 2;
  const found = minima.length === 1 ? "1 minimum" : `${minima.length} minima`;
  return `${title}, after ${basinSteps} steps from ${count ** 2} starts: ${found}; ${Math.round(100 * share)} % have arrived.`;
}
