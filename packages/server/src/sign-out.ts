import type { Asked, Parts } from './parts.ts'

/**
 * Signs out here, or everywhere, and tells the browser to forget what it keeps of this site (ASVS 14.3.1). Browsers clear
 * after they have read the answer's cookies, so an answer that signs out sets none that is to stay.
 */
export async function signOut(
  asked: Asked,
  { config }: Parts,
  how: { readonly everywhere?: boolean } = {},
): Promise<void> {
  await asked.var.session.logout(how)
  const { clearSiteData } = config
  if (clearSiteData.length > 0)
    asked.header('Clear-Site-Data', clearSiteData.map((kind) => `"${kind}"`).join(', '))
}
