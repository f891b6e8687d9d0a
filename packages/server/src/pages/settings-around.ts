import { html, type Html } from './html.ts'

/** The ways on from the settings of everybody. */
export function settingsAround(isSuperAdmin: boolean): Html {
  return html`<section class="card">
      <h2>One person</h2>
      <form method="get" action="/nova/resources/users">
        <div class="field">
          <label for="email">E-mail</label>
          <input id="email" name="email" type="email" autocomplete="off" required />
        </div>
        <div class="actions"><button type="submit">Find</button></div>
      </form>
    </section>
    ${
      isSuperAdmin &&
      html`<p>
        <a href="/nova/policies">Roles, sign-in methods, applications and integrations</a> ·
        <a href="/nova/integrations">Who may vouch for people</a> ·
        <a href="/nova/settings/history">History</a>
      </p>`
    }`
}
