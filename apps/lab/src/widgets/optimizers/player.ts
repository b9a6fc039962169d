/** @file Playing: which step is shown, by buttons, a slider, or the clock. */
import { choice, labelled, make } from "./elements.js";

const speeds = [
  ["5", "5 steps a second"],
  ["25", "25 steps a second"],
  ["100", "100 steps a second"],
  ["400", "400 steps a second"],
] as const;

/** The controls of time; `onStep` is told each step that is to be shown. */
export class Player {
  readonly element: HTMLElement;
  private readonly button = make("button", { type: "button", onclick: () => this.toggle() }, "Play");
  private readonly slider = make("input", { type: "range", min: "0", max: "0", step: "1" });
  private readonly label = make("span", { class: "play-step" });
  private speed = 100;
  private frame = 0;
  private position = 0;
  private steps = 0;

  constructor(private readonly onStep: (step: number) => void) {
    this.slider.setAttribute("aria-label", "Step");
    this.slider.addEventListener("input", () => {
      this.pause();
      this.show(this.slider.valueAsNumber);
    });
    const speed = choice(speeds, String(this.speed), (value) => {
      this.speed = Number(value);
    });
    this.element = make(
      "div",
      { class: "play-player", role: "group", "aria-label": "Playing" },
      this.button,
      make("button", { type: "button", onclick: () => this.forward() }, "One step"),
      make("button", { type: "button", onclick: () => this.reset() }, "Reset"),
      this.slider,
      this.label,
      labelled("Speed", speed),
    );
  }

  get step(): number {
    return Math.floor(this.position);
  }

  /** Sets how many steps there are; the last one is shown. */
  setSteps(steps: number): void {
    this.pause();
    this.steps = steps;
    this.slider.max = String(steps);
    this.show(steps);
  }

  /** Shows a step. */
  show(position: number): void {
    this.position = Math.min(position, this.steps);
    this.slider.value = String(this.step);
    this.label.textContent = `${this.step} of ${this.steps}`;
    this.onStep(this.step);
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.button.textContent = "Play";
  }

  private forward(): void {
    this.pause();
    this.show(this.step + 1);
  }

  private reset(): void {
    this.pause();
    this.show(0);
  }

  private toggle(): void {
    if (this.frame !== 0) {
      this.pause();
      return;
    }
    if (this.step >= this.steps) this.position = 0;
    this.button.textContent = "Pause";
    let before = performance.now();
    const advance = (now: number): void => {
      this.frame = requestAnimationFrame(advance);
      this.show(this.position + (Math.max(0, now - before) / 1000) * this.speed);
      before = now;
      if (this.step >= this.steps) this.pause();
    };
    this.frame = requestAnimationFrame(advance);
  }
}
