import { aurora } from './aurora.ts'
import { jadu } from './jadu.ts'
import { oidc } from './oidc.ts'
import { rodauth } from './rodauth.ts'
import { stayLoggedIn } from './stay-logged-in.ts'

/** Named policies; each makes one reference system's numbers literally true. */
export const presets = { aurora, jadu, oidc, rodauth, 'stay-logged-in': stayLoggedIn }
export type PresetName = keyof typeof presets
