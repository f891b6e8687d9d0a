import { remainingClock, remainingSpoken } from '../remaining-words.ts'
import type { WatchView } from '../watch.ts'
import type { ClientWords } from './words.ts'

export interface DialogParts {
  readonly words: ClientWords
  /** Where the form of "Sign out now" is posted. */
  readonly signOutPath: string
  readonly stay: () => void
}

/**
 * The dialog that warns, and that covers the page while the server is asked. It is modal: what stands behind it can neither
 * be read nor used. Escape says "I am here", like its first button, and closes nothing while the server is asked.
 */
export class SessionDialog {
  readonly #words: ClientWords
  readonly #dialog = element('dialog', { class: 'session-dialog', role: 'alertdialog' })
  readonly #title = element('h2', { id: 'session-dialog-title' })
  readonly #text = element('p', { id: 'session-dialog-text' })
  // The seconds are for the eyes; a screen reader reads them when asked to, and hears `#spoken` now and then.
  readonly #left = element('strong', { role: 'timer', 'aria-live': 'off' })
  readonly #spoken = element('p', { role: 'status', class: 'hidden' })
  readonly #trouble = element('p', { role: 'alert', class: 'session-trouble' })
  readonly #actions = element('div', { class: 'actions' })
  readonly #stay = element('button', { type: 'button', class: 'main' })
  #isDismissed = false
  #shown = ''

  constructor({ words, signOutPath, stay }: DialogParts) {
    this.#words = words
    const dialog = this.#dialog
    dialog.setAttribute('aria-labelledby', this.#title.id)
    dialog.setAttribute('aria-describedby', this.#text.id)
    const dismiss = (): void => {
      // Where staying does not help, the person has read it, and goes on until the end.
      this.#isDismissed = true
      stay()
    }
    this.#stay.addEventListener('click', dismiss)
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      if (dialog.dataset['phase'] === 'warning') dismiss()
    })
    const signOut = element('form', { method: 'post', action: signOutPath })
    const button = element('button', { type: 'submit' })
    button.textContent = words.signOut
    signOut.append(button)
    this.#actions.append(this.#stay, signOut)
    dialog.append(this.#title, this.#text, this.#spoken, this.#trouble, this.#actions)
  }

  show(view: WatchView): void {
    const { phase, remaining: left, isUnreachable } = view
    if (phase === 'counting') this.#isDismissed = false
    const isDismissed = this.#isDismissed && !view.isExtendable && phase === 'warning'
    if (phase === 'counting' || isDismissed || left === null) return this.#close()
    this.#word(phase === 'warning' ? (view.isExtendable ? 'warning' : 'final') : 'checking')
    write(this.#left, remainingClock(left))
    write(
      this.#spoken,
      phase === 'warning' ? this.#words.windowTitle.replace('{left}', remainingSpoken(left)) : '',
    )
    write(this.#trouble, isUnreachable ? this.#words.unreachable : '')
    this.#open(phase)
  }

  #open(phase: string): void {
    const dialog = this.#dialog
    dialog.dataset['phase'] = phase
    if (dialog.open) return
    if (!dialog.isConnected) document.body.append(dialog)
    dialog.showModal()
    ;(this.#actions.hidden ? dialog : this.#stay).focus()
  }

  #close(): void {
    if (this.#dialog.open) this.#dialog.close()
  }

  /** Writes each of its three faces once, so that a screen reader is not told the same again each second. */
  #word(face: 'warning' | 'final' | 'checking'): void {
    if (this.#shown === face) return
    this.#shown = face
    const words = this.#words
    this.#title.textContent = face === 'checking' ? words.checkingTitle : words.title
    const [before = '', after = ''] = words[face].split('{left}')
    this.#text.replaceChildren(before, ...(face === 'checking' ? [] : [this.#left, after]))
    this.#stay.textContent = face === 'final' ? words.close : words.stay
    this.#actions.hidden = face === 'checking'
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: { readonly [attribute: string]: string },
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  return made
}

/** A change is spoken or drawn; the same again is neither. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
