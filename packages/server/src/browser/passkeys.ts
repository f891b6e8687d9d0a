/**
 * Forms that are answered with a passkey: `<form data-passkey="create|get" data-passkey-options="…">` with a hidden field
 * `response`. The button appears once this script runs. It asks the server for a challenge, has the browser answer it, and
 * posts the answer with the form.
 */
interface PasskeyForm {
  readonly form: HTMLFormElement
  readonly response: HTMLInputElement
  readonly button: HTMLButtonElement
  readonly trouble: HTMLElement
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) start(form)

function start(form: HTMLFormElement): void {
  const response = form.querySelector<HTMLInputElement>('input[name=response]')
  const button = form.querySelector<HTMLButtonElement>('[data-passkey-button]')
  const trouble = form.querySelector<HTMLElement>('[data-passkey-trouble]')
  const still = form.querySelector<HTMLElement>('[data-passkey-still]')
  if (response === null || button === null || trouble === null || still === null) return
  if (typeof PublicKeyCredential !== 'function' || !('parseCreationOptionsFromJSON' in PublicKeyCredential)) {
    still.textContent = 'This browser cannot use passkeys here.'
    return
  }
  const parts: PasskeyForm = { form, response, button, trouble }
  still.hidden = true
  button.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!button.disabled) void run(parts)
  })
  // A page that comes back by the Back button begins anew: no answer is good twice.
  addEventListener('pageshow', () => {
    response.value = ''
    button.disabled = false
  })
}

async function run({ form, response, button, trouble }: PasskeyForm): Promise<void> {
  button.disabled = true
  trouble.hidden = true
  try {
    const credential = await answer(form)
    response.value = JSON.stringify(credential.toJSON())
    keepRemember(form)
    form.submit()
  } catch (error) {
    trouble.textContent = wordsOf(error)
    trouble.hidden = false
    button.disabled = false
  }
}

async function answer({ dataset }: HTMLFormElement): Promise<PublicKeyCredential> {
  const asked = await fetch(dataset['passkeyOptions'] ?? '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: '{}',
  })
  if (!asked.ok) throw new DOMException('the server gives no challenge', 'DataError')
  const options: unknown = await asked.json()
  const credential =
    dataset['passkey'] === 'create'
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
            options as PublicKeyCredentialCreationOptionsJSON,
          ),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
            options as PublicKeyCredentialRequestOptionsJSON,
          ),
        })
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('no passkey', 'NotAllowedError')
  return credential
}

/** What was chosen beside the password holds for a passkey too. */
function keepRemember(form: HTMLFormElement): void {
  const box = document.querySelector<HTMLInputElement>('#remember')
  if (form.dataset['passkey'] !== 'get' || box?.checked !== true) return
  const kept = document.createElement('input')
  kept.type = 'hidden'
  kept.name = box.name
  kept.value = box.value
  form.append(kept)
}

function wordsOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'InvalidStateError') return 'There is a passkey of this account on this device already.'
  if (name === 'DataError' || name === 'TypeError' || name === '')
    return 'The server does not answer, or this page is too old. Load it again.'
  if (name === 'SecurityError') return 'This page stands at another address than its passkeys are for.'
  return 'It was given up, took too long, or there is no passkey here. Try again.'
}
