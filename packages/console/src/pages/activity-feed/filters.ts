// The feed's filters, as the URL has them and as the API takes them. Pure.

import { type FeedEvent, whoOf } from './event-words.ts'

type Search = Readonly<Record<string, string>>

export const filterNames = ['type', 'who', 'from', 'to'] as const

export const isFiltered = (search: Search): boolean => filterNames.some((name) => (search[name] ?? '') !== '')

const day = /^\d{4}-\d{2}-\d{2}$/

/** Days are the browser's own; `to` is the last day that is shown. A day that is none filters nothing. */
export const eventQuery = ({ type = '', from = '', to = '' }: Search) => ({
  ...(type === '' ? {} : { eventType: [type] }),
  ...(day.test(from) ? { minDate: new Date(`${from}T00:00:00`).toISOString() } : {}),
  ...(day.test(to) ? { maxDate: new Date(`${to}T23:59:59.999`).toISOString() } : {}),
})

/** The API knows no filter by actor: it is done here, on what was read. */
export const ofActor = (events: readonly FeedEvent[], who = ''): readonly FeedEvent[] =>
  who === '' ? events : events.filter((event) => whoOf(event) === who)

export const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort()
