/** What runs in a browser, on the page that it is part of. */
export { holdAnswers } from './hold-answers.ts'
export { type PageOptions, type PageSession, watchPage } from './watch-page.ts'
export { type ClientWords, english } from './words.ts'
