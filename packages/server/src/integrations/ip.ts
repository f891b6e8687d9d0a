import {
  array,
  maxLength,
  minLength,
  optional,
  picklist,
  pipe,
  rawCheck,
  strictObject,
  string,
} from 'valibot'
import { commonFields, commonSettings, type IntegrationKind } from './integration-kind.ts'
import { rangeFault } from './network-ranges.ts'
import { whoIn, whoField } from './who-comes-in.ts'

/** Signing in by standing in a network: a library, a campus, a company. */
export const ip = {
  kind: 'ip',
  title: 'Network',
  help: 'Whoever asks from these addresses is let in, without a password. It trusts that the addresses are this institution’s alone: behind them, a guest of its wireless network is as good as an employee. Behind a proxy, this server must be told of it (trustProxy), or everybody seems to stand where the proxy stands.',
  settings: strictObject({
    ranges: pipe(
      array(
        pipe(
          string(),
          rawCheck(({ dataset, addIssue }) => {
            const fault = dataset.typed ? rangeFault(dataset.value) : undefined
            if (fault !== undefined) addIssue({ message: fault })
          }),
        ),
      ),
      minLength(1, 'Expected at least one address or range.'),
      maxLength(500, 'Expected at most 500 ranges.'),
    ),
    entry: optional(picklist(['ask', 'at-once']), 'ask'),
    who: whoIn,
    ...commonSettings,
  }),
  fields: [
    {
      name: 'ranges',
      label: 'Addresses',
      hint: 'One address or range a line, IPv4 or IPv6: 192.0.2.0/24, 2001:db8::/32.',
      type: 'lines',
    },
    {
      name: 'entry',
      label: 'On the sign-in page',
      hint: 'At once: nobody sees the page who comes from there, but by “Sign in another way”.',
      type: 'choice',
      choices: [
        { value: 'ask', label: 'Offer “Continue as …”' },
        { value: 'at-once', label: 'Sign in at once' },
      ],
    },
    whoField,
    ...commonFields,
  ],
  provesPerson: false,
} as const satisfies IntegrationKind
