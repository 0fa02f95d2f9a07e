// Amounts of money and moments, in the language of the page.

import { currentLanguage } from "./i18n.js";

// Amounts come in minor units; how many make one of the currency is known to the browser.
export function money(amount, currency) {
  const format = new Intl.NumberFormat(currentLanguage(), { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export function moment(at) {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
