// Asks the server to do something about a session, from the page of a tool: to keep figures, or to meet in another way.
import { limited } from "./asking.js";

const PATIENCE = 10_000;
const FATES = { 401: "out", 404: "out", 410: "out" };

/** {ok, body} or {ok: false, why, reason}: why is offline, out (this phone has no access) or refused, with a reason of the server's. */
export async function tell(address, method, content) {
  const end = limited(new AbortController().signal, PATIENCE);
  try {
    const headers = { "Content-Type": "application/json", "X-Settle": "1" };
    const body = content && JSON.stringify(content);
    const response = await fetch(address, { method, headers, body, redirect: "error", signal: end.signal });
    const said = await response.json().catch(() => ({}));
    return response.ok ? { ok: true, body: said } : { ok: false, why: FATES[response.status] ?? "refused", reason: said.reason };
  } catch {
    return { ok: false, why: "offline" };
  } finally {
    end.free();
  }
}
