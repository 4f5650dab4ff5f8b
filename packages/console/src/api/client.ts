// The contract's typed client over the browser's fetch. The session is a cookie that scripts cannot read; the browser
// sends it with whatever is asked of the console's own origin, and nothing else is ever asked.

import { createClient } from '@postern/contract/client'
import { noteConnection } from './connection.ts'

export const client = createClient({
  baseUrl: window.location.origin,
  fetch: async (url, { signal, body, ...asked }) => {
    const init = { ...asked, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) }
    const response = await fetch(url, { ...init, credentials: 'same-origin' }).catch((cause: unknown) => {
      noteConnection({ away: true })
      throw cause
    })
    noteConnection({ away: false })
    const { ok, status, headers } = response
    return { ok, status, headers, body: null, text: () => response.text() }
  },
})
