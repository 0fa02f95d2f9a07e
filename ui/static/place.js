// What a card asks of the place it is shown in: here, of the shop's own page.

import { call, told, url } from "./api.js";
import { currentLanguage } from "./i18n.js";

export { told };

export const pictureOf = async (id) => url`/api/products/${id}/picture`;

export const productOf = (id) => call("GET", url`/api/products/${id}?language=${currentLanguage()}`);
