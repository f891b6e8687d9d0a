import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test/settings'
const revisions = [`${tests}/revisions.test.ts`] as const
const users = [`${tests}/users.test.ts`] as const
const effective = [`${tests}/effective.test.ts`] as const
const nodes = [`${tests}/nodes.test.ts`] as const

/** Settings that overwrite each other, that hold for the wrong people or not at all, and administrators who shut themselves out. */
export const settingsMutants: readonly Mutant[] = [
  {
    name: 'settings-last-writer-wins',
    file: `${source}/settings/change-settings.ts`,
    find: 'if (current.revision !== seen)',
    replace: 'if (current.revision > seen + 1_000_000)',
    why: 'of two administrators at once the second would overwrite the first without knowing',
    tests: revisions,
  },
  {
    name: 'settings-merge-takes-old-values',
    file: `${source}/routes/settings-form.ts`,
    find: 'if (value !== (before.get(option) ?? null)) own.set',
    replace: 'if (value !== undefined) own.set',
    why: 'whoever saves second would put back what the first had changed',
    tests: revisions,
  },
  {
    name: 'settings-not-on-this-node',
    file: `${source}/settings/save-settings.ts`,
    find: "  if (saved.state !== 'saved') return saved\n  await parts.reload()",
    replace: "  if (saved.state !== 'saved') return saved",
    why: 'what was saved would not hold where it was saved',
    tests: users,
  },
  {
    name: 'settings-held-up-by-the-file',
    file: `${source}/config/reload-config.ts`,
    find: '  if (!isTaken) await',
    replace: '  if (!isTaken && stored.length < 0) await',
    why: 'a file that somebody is writing would keep a node from the settings',
    tests: nodes,
  },
  {
    name: 'settings-refused-and-raised',
    file: `${source}/settings/change-settings.ts`,
    find: "if (judgement.state !== 'ready') throw new Refused(judgement)",
    replace: "if (judgement.state !== 'ready') return judgement as never",
    why: 'each change that is refused would have all nodes read their settings anew',
    tests: nodes,
  },
  {
    name: 'settings-shut-administrators-out',
    file: `${source}/settings/check-policy.ts`,
    find: '.policy.limit === 0)',
    replace: '.policy.limit === -1)',
    why: 'one number would lock every administrator out',
    tests: users,
  },
  {
    name: 'settings-own-limit-of-nothing',
    file: `${source}/settings/change-settings.ts`,
    find: "if (after === '0' && by === name)",
    replace: "if (after === '0' && by === '')",
    why: 'an administrator would shut themselves out',
    tests: users,
  },
  {
    name: 'settings-store-admin-above-themselves',
    file: `${source}/routes/nova-users.ts`,
    find: 'if (!isSuperAdmin(account) || isSuperAdmin(signedIn(asked))) return undefined',
    replace: 'if (account.id !== signedIn(asked).id) return undefined',
    why: 'a store administrator would shut Super Admins out',
    tests: users,
  },
  {
    name: 'settings-store-admin-sets-all',
    file: `${source}/routes/settings-place.ts`,
    find: 'return isSuperAdmin(who) ? settings :',
    replace: "return who.id !== '' ? settings :",
    why: 'a store administrator would set timeouts',
    tests: users,
  },
  {
    name: 'settings-meetings-unseen',
    file: `${source}/settings/check-policy.ts`,
    find: "if (one.kind === 'role' || one.kind !== other.kind) yield",
    replace: "if (one.kind === 'subject') yield",
    why: 'two layers that contradict each other would fail somebody’s login',
    tests: revisions,
  },
  {
    name: 'settings-store-not-asked',
    file: `${source}/settings/change-settings.ts`,
    find: 'checkPolicy(policy) ?? tryPolicy(policy)',
    replace: 'checkPolicy(policy)',
    why: 'a limit that the store cannot keep would be saved, and no server would start by it',
    tests: revisions,
  },
  {
    name: 'settings-undo-overwrites',
    file: `${source}/settings/undo-settings.ts`,
    find: 'if (!isAsItLeft)',
    replace: 'if (!isAsItLeft && changes.length === 0)',
    why: 'an undo would take back what came later',
    tests: revisions,
  },
  {
    name: 'settings-end-unasked',
    file: `${source}/settings/save-settings.ts`,
    find: "standing === 'end' ?",
    replace: "standing === 'end' || standing === 'later' ?",
    why: 'a change would sign people out though nobody chose that',
    tests: revisions,
  },
  {
    name: 'settings-excess-newest-first',
    file: `${source}/settings/affected-sessions.ts`,
    find: 'live.slice(0, Math.max(0, live.length - limit))',
    replace: 'live.slice(0, live.length - limit - 1)',
    why: 'a lowered limit would leave one session too many',
    tests: users,
  },
  {
    name: 'settings-source-of-another-layer',
    file: `${source}/settings/effective-policy.ts`,
    find: 'if (isSilent || !set.has(`${name}\\0${option}`)) return []',
    replace: 'if (isSilent || set.size >= 0) return []',
    why: 'nobody would see that a setting took the place of what the configuration says',
    tests: effective,
  },
  {
    name: 'settings-layer-unstepped',
    file: `${source}/routes/settings-form.ts`,
    find: 'export async function takeSettings(asked: Asked, parts: Parts, place: SettingsPlace): Promise<Response> {\n  const refused = refuseSensitive(asked, parts, place.path)',
    replace:
      'export async function takeSettings(asked: Asked, parts: Parts, place: SettingsPlace): Promise<Response> {\n  const refused = undefined',
    why: 'whoever finds an old session open would change the policy',
    tests: users,
  },
]
