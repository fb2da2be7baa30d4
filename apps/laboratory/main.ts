/** The page's start: whatever goes wrong from here on, the page says so. */

const status = document.getElementById("status");

/** An error that nobody expected: the page's own, or that of a file that did not come. */
function tell(reason: unknown): void {
  const problem = document.getElementById("problem");
  if (problem === null) return;
  problem.textContent = `The page has failed: ${reason instanceof Error ? reason.message : String(reason)}`;
  problem.hidden = false;
}

addEventListener("error", (event) => tell(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => tell(event.reason));

// after the listeners above: an error of a module's first line reaches the page, too
import("./page.js").catch((error: unknown) => {
  if (status !== null) status.textContent = "No guest";
  tell(error);
});
