// A moment exactly, with the zone it is told in: who reads it may sit in another one than who wrote it.

const exactly: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
}

/** `at`: ISO 8601. `locale` and `timeZone` are the browser's own unless told. */
export const moment = (at: string, locale?: string, timeZone?: string): string =>
  new Date(at).toLocaleString(locale, { ...exactly, ...(timeZone !== undefined && { timeZone }) })
