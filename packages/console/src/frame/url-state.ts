// What a page shows is in its URL: tab, filter, sort, step, dialog. So a link leads there, a reload keeps it and Back
// undoes it: opening adds an entry to the history, typing in a filter replaces the present one.

import { useNavigate, useSearch } from '@tanstack/react-router'

/** Of the query's names to their text; undefined takes one away. */
export type UrlChange = Readonly<Record<string, string | undefined>>

export interface UrlState {
  readonly search: Readonly<Record<string, string>>
  /** A new place, that Back leaves again: another tab, step or dialog. */
  readonly go: (change: UrlChange) => void
  /** The same place, otherwise: a filter, a dialog that is done. */
  readonly replace: (change: UrlChange) => void
}

export const useUrlState = (): UrlState => {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const move =
    (replace: boolean) =>
    (change: UrlChange): void =>
      void navigate({ to: '.', replace, search: (before: Readonly<Record<string, string>>) => changed(before, change) })
  return { search, go: move(false), replace: move(true) }
}

/** Names without a text are left out, so that a page without filters has no query at all. */
const changed = (before: Readonly<Record<string, string>>, change: UrlChange): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )

/** The query as it is written: every value is text, also `0` and `true`. */
export const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))

export const stringifySearch = (search: Record<string, unknown>): string => {
  const texts = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const text = new URLSearchParams(texts).toString()
  return text === '' ? '' : `?${text}`
}
