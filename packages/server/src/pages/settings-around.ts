import { html, type Html } from './html.ts'

/** The way from the settings of everybody to those of one person. */
export function settingsAround(): Html {
  return html`<section class="card">
    <h2>One person</h2>
    <form method="get" action="/nova/resources/users">
      <div class="field">
        <label for="email">E-mail</label>
        <input id="email" name="email" type="email" autocomplete="off" required />
      </div>
      <div class="actions"><button type="submit">Find</button></div>
    </form>
  </section>`
}
