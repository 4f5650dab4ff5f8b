// The shapes that the fields of a file have, in few words: what form.ts is written in.

import type { Fault, Fields, ObjectShape, Shape, ValueOf } from './shape.ts'

export const object = <const Named extends Fields>(
  says: string,
  fields: Named,
  rules: Omit<ObjectShape<Named>, 'kind' | 'says' | 'fields' | 'check'> = {},
  check?: (value: ValueOf<ObjectShape<Named>>) => readonly Fault[],
) => ({
  kind: 'object' as const,
  says,
  fields,
  ...rules,
  ...(check && { check: (value: object) => check(value as ValueOf<ObjectShape<Named>>) }),
})
export const list = <const Item extends Shape>(says: string, of: Item, keyOf?: (item: ValueOf<Item>) => string) => ({
  kind: 'list' as const,
  says,
  of,
  ...(keyOf && { keyOf: (item: unknown) => keyOf(item as ValueOf<Item>) }),
})
export const oneOf = <const Value extends string>(says: string, values: readonly Value[]) =>
  ({ kind: 'oneOf', says, values }) as const
export const text = (says: string, more: { pattern?: RegExp; wants?: string; most?: number } = {}) =>
  ({ kind: 'text', says, ...more }) as const
export const required = <const Of extends Shape>(shape: Of) => ({ ...shape, required: true }) as const

export const labels = (says: string) =>
  ({
    kind: 'labels',
    says,
    pattern: /^[A-Za-z0-9]([-A-Za-z0-9._/]{0,61}[A-Za-z0-9])?$/,
    wants: 'must be 1 to 63 letters, digits, - . _ /',
  }) as const
export const description = text('A line for people.', { most: 500 })
export const moment = (says: string) =>
  text(says, {
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/,
    wants: 'a date and time such as 2027-01-31T12:00:00Z',
  })
