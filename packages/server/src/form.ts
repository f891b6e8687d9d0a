import type { Asked } from './parts.ts'

/** The fields of a posted form; of several of one name the first counts, an absent one is empty. */
export async function readForm(asked: Asked): Promise<(field: string) => string> {
  const fields = new URLSearchParams(await asked.req.text())
  return (field) => fields.get(field) ?? ''
}
