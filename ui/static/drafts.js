// What was written and not sent yet, a text for each conversation, as long as the tab is there.

const BEGINS = "shopdesk-draft-";

export function keptDraft(conversationId) {
  return sessionStorage.getItem(BEGINS + (conversationId ?? "")) ?? "";
}

export function keepDraft(conversationId, text) {
  const name = BEGINS + (conversationId ?? "");
  if (text) sessionStorage.setItem(name, text);
  else sessionStorage.removeItem(name);
}

export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(BEGINS)) sessionStorage.removeItem(name);
}
