/** Errors: each is shown at the control that caused it, and in the bar that stays in view. */
import { messageOf } from "xen-balloon/core";

/** Runs an action of a control, and shows its error there. The page goes on. @returns false: it failed. */
export type Attempt = (control: HTMLElement, work: () => unknown) => Promise<boolean>;

export class Notices {
  readonly #bar: HTMLElement;
  /** The notices by the element that they stand after. */
  readonly #notices = new Map<HTMLElement, HTMLElement>();
  #count = 0;

  /** @param bar - an element of the role alert. */
  constructor(bar: HTMLElement) {
    this.#bar = bar;
  }

  readonly attempt: Attempt = async (control, work) => {
    // hides the message before the action, not after it, because another action may fail meanwhile
    this.clear(control);
    try {
      await work();
      return true;
    } catch (error) {
      this.show(control, messageOf(error));
      return false;
    }
  };

  /** Shows an error at a control; null: it has no control in view. */
  show(control: HTMLElement | null, text: string): void {
    this.#bar.textContent = text;
    this.#bar.hidden = false;
    if (control === null) return;
    const notice = this.#notices.get(control) ?? this.#make(control);
    notice.textContent = text;
    notice.hidden = false;
    control.setAttribute("aria-invalid", "true");
  }

  /** Takes a control's error away, and the bar's. */
  clear(control: HTMLElement): void {
    this.#bar.hidden = true;
    this.#bar.textContent = "";
    const notice = this.#notices.get(control);
    if (notice === undefined) return;
    notice.hidden = true;
    notice.textContent = "";
    control.removeAttribute("aria-invalid");
  }

  #make(control: HTMLElement): HTMLElement {
    const notice = document.createElement("p");
    notice.className = "wrong";
    notice.id = `notice-${this.#count++}`;
    // a label holds its control: the notice is no part of its name
    (control.closest("label, .editor") ?? control).after(notice);
    const described = control.getAttribute("aria-describedby");
    control.setAttribute("aria-describedby", described === null ? notice.id : `${described} ${notice.id}`);
    this.#notices.set(control, notice);
    return notice;
  }
}
