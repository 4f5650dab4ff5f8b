// A form's fields, which outlive a reload of the page in this tab. They go when the form does: sent, closed or left.

import { useEffect, useState } from 'react'
import { type FieldsOf, fieldsFrom, textOf } from './kept.ts'

interface Kept<Fields> {
  /** Apart from other forms of the same page. */
  readonly form: string
  readonly first: Fields
  readonly secrets?: readonly (keyof Fields)[]
}

export function useKept<Fields extends FieldsOf<Fields>>({ form, first, secrets = [] }: Kept<Fields>) {
  const [key] = useState(() => `postern.form ${window.location.pathname} ${form}`)
  const [fields, setFields] = useState(() => fieldsFrom(sessionStorage.getItem(key), first))
  const text = textOf(fields, secrets)
  useEffect(() => sessionStorage.setItem(key, text), [key, text])
  // A reload ends the page without this.
  useEffect(() => () => sessionStorage.removeItem(key), [key])
  const change = (some: Partial<Fields>): void => setFields((before) => ({ ...before, ...some }))
  return [fields, change] as const
}
