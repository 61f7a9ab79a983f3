// Hands a text on after a tap: by the phone's share sheet, else by the clipboard, else selected to be copied by hand.

/** Whether this browser has a share sheet for a text. */
export const sheet = () => Boolean(navigator.share) && (navigator.canShare?.({ text: "Hi" }) ?? true);

/** Copy the text of a field; resolves to "copied", or "selected" where only the person can copy it. */
export async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return "copied";
  } catch {
    field.focus();
    field.select();
    return "selected";
  }
}

/** Share the text of a field; resolves to "shared", "cancelled", which is no error, or what came of copying it. */
export async function share(field) {
  if (!sheet()) return copy(field);
  try {
    await navigator.share({ text: field.value });
    return "shared";
  } catch (error) {
    return ["AbortError", "InvalidStateError"].includes(error.name) ? "cancelled" : copy(field);
  }
}
