import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Why no browser can be asked here, or `false`. A continuous build must have one: there, its absence fails. */
export const noChromium: string | false =
  existsSync(executablePath) || process.env['CI'] === 'true'
    ? false
    : `there is no ${executablePath}: install Chromium, or name it in CHROMIUM`

/** Talks to nobody but the server under test. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // What a person's browser keeps for the Back button, this one keeps too.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}
