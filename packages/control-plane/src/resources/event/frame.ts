// Server-sent events as text (WHATWG HTML, "Server-sent events"). An audit event has its id and no name, so that a
// browser's `onmessage` gets it; a change of state is named `changed` and has no id, because nothing goes on after it.
// JSON has no line breaks, so each is one line of data.

import type { EventReply, ResourceChange } from '@postern/contract/schemas/event'

/** How long a browser waits before it comes again, in milliseconds. */
const retryMs = 1000

/** The first thing that is sent: an id without data sets where a browser goes on, and shows nothing. */
export const openingFrame = (lastEventId: string | null): string =>
  `retry: ${retryMs}\n${lastEventId === null ? '' : `id: ${lastEventId}\n`}\n`

export const eventFrame = (event: EventReply): string => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`

export const changeFrame = (change: ResourceChange): string => `event: changed\ndata: ${JSON.stringify(change)}\n\n`

/** A comment, which shows that the stream lives. */
export const heartbeatFrame = ':\n\n'
