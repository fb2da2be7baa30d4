/** Finds the page's elements by their ids. */

/** @throws Error: the page has no such id, because the page and its script come from different builds */
export function element<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} “${id}”`);
}

/** Reads the text in a field of a form. */
export function field(form: HTMLFormElement, name: string): string {
  const control = form.elements.namedItem(name);
  if (
    control instanceof HTMLInputElement ||
    control instanceof HTMLSelectElement ||
    control instanceof HTMLTextAreaElement
  ) {
    return control.value.trim();
  }
  throw new Error(`the form “${form.id}” has no field “${name}”`);
}
