// What a form's fields are after a reload: what was typed, as far as the form still has such fields. Pure.

type Field = string | number | boolean | null | readonly string[]
export type FieldsOf<Fields> = { readonly [Name in keyof Fields]: Field }

/** `text` is what was kept, whoever wrote it; null: nothing was. */
export function fieldsFrom<Fields extends FieldsOf<Fields>>(text: string | null, first: Fields): Fields {
  const kept = parsed(text)
  const taken = Object.entries(kept).filter(([name, value]) => fits(value, first[name as keyof Fields]))
  return { ...first, ...Object.fromEntries(taken) }
}

/** Secrets are never kept. */
export const textOf = <Fields extends FieldsOf<Fields>>(fields: Fields, secrets: readonly (keyof Fields)[]): string =>
  JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => !secrets.includes(name as keyof Fields))))

const fits = (value: unknown, first: Field | undefined): boolean => {
  if (Array.isArray(first)) return Array.isArray(value) && value.every((one) => typeof one === 'string')
  if (first === null) return value === null
  return typeof value === typeof first && !Array.isArray(value)
}

function parsed(text: string | null): object {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}
