import { array, maxLength, minLength, pipe, rawCheck, strictObject, string } from 'valibot'
import { commonFields, commonSettings, type IntegrationKind } from './integration-kind.ts'
import { pageFault } from './referring-page.ts'
import { whoField, whoIn } from './who-comes-in.ts'

/** Signing in by a link on a page of another site, which the browser names in `Referer`. */
export const referer = {
  kind: 'referer',
  title: 'Referring site',
  help: 'Whoever follows a link from these pages is let in, without a password. A Referer is the browser’s word, and no secret: any program can send it, and whoever knows the address of the page gets in. Use it only for what may be seen by anybody who tries; for more, use LTI or SAML.',
  settings: strictObject({
    pages: pipe(
      array(
        pipe(
          string(),
          rawCheck(({ dataset, addIssue }) => {
            const fault = dataset.typed ? pageFault(dataset.value) : undefined
            if (fault !== undefined) addIssue({ message: fault })
          }),
        ),
      ),
      minLength(1, 'Expected at least one page or origin.'),
      maxLength(100, 'Expected at most 100 pages.'),
    ),
    who: whoIn,
    ...commonSettings,
  }),
  fields: [
    {
      name: 'pages',
      label: 'Pages',
      hint: 'One origin a line, with a path or without: https://portal.example.edu, https://portal.example.edu/library. Browsers send no path to another site, unless that site’s Referrer-Policy says no-referrer-when-downgrade or unsafe-url.',
      type: 'lines',
    },
    whoField,
    ...commonFields,
  ],
  provesPerson: false,
  tells: ({ id }, origin) => [['Address to link to', `${origin}/login/referer/${id}`]],
} as const satisfies IntegrationKind
