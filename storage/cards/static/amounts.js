// Amounts of money, days and moments, in the language of the page.

import { currentLanguage } from "./words.js";

// Decimal places of a minor unit where they are not two, as in storage/shop/money.py: a browser knows how many are usual.
const DIGITS = Object.fromEntries(
  [
    [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
    [3, "BHD IQD JOD KWD LYD OMR TND"],
    [4, "CLF UYW"],
  ].flatMap(([digits, codes]) => codes.split(" ").map((code) => [code, digits])),
);

// Amounts come in minor units.
export function money(amount, currency) {
  const digits = DIGITS[currency] ?? 2;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // As a decimal text it is exact, also where a fraction of two is not.
  return new Intl.NumberFormat(currentLanguage(), { style: "currency", currency, ...places }).format(`${amount}e-${digits}`);
}

// A day such as "2026-03-02" is the same one everywhere.
export function day(on) {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(on));
}

export function moment(at) {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

export function share(part) {
  return new Intl.NumberFormat(currentLanguage(), { style: "percent" }).format(part);
}
