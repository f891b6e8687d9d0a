import { aal1 } from './aal1.ts'
import { aal2 } from './aal2.ts'
import { aal3 } from './aal3.ts'
import { aurora } from './aurora.ts'
import { jadu } from './jadu.ts'
import { oidc } from './oidc.ts'
import { rodauth } from './rodauth.ts'
import { stayLoggedIn } from './stay-logged-in.ts'

/** Named policies; each makes one reference system's numbers, or one assurance level of NIST, literally true. */
export const presets = { aal1, aal2, aal3, aurora, jadu, oidc, rodauth, 'stay-logged-in': stayLoggedIn }
export type PresetName = keyof typeof presets
