// Prints amounts as the page shows them: money.mjs <folder of the page's files> <JSON: a list of [amount in minor units,
// currency, language]>.

const [folder, amounts] = process.argv.slice(2);

const { speak } = await import(`${folder}/words.js`);
const { money } = await import(`${folder}/amounts.js`);

const shown = ([amount, currency, language]) => {
  speak({ language, languages: {}, messages: {} });
  return money(amount, currency);
};
console.log(JSON.stringify(JSON.parse(amounts).map(shown)));
