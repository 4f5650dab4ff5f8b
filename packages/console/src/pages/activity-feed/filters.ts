// The feed's filters, as the URL has them and as the API takes them. Pure.

import { actorOf } from './event-words.ts'

type Search = Readonly<Record<string, string>>

export const filterNames = ['type', 'cluster', 'who', 'from', 'to'] as const

export const isFiltered = (search: Search): boolean => filterNames.some((name) => (search[name] ?? '') !== '')

const day = /^\d{4}-\d{2}-\d{2}$/

/** Days are the browser's own; `to` is the last day that is shown. A day that is none filters nothing. */
export const eventQuery = ({ type = '', cluster = '', who = '', from = '', to = '' }: Search) => ({
  ...(type === '' ? {} : { eventType: [type] }),
  ...(cluster === '' ? {} : { clusterNames: [cluster] }),
  ...(who === '' ? {} : { actor: [actorOf(who)] }),
  ...(day.test(from) ? { minDate: new Date(`${from}T00:00:00`).toISOString() } : {}),
  ...(day.test(to) ? { maxDate: new Date(`${to}T23:59:59.999`).toISOString() } : {}),
})

export const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort()
