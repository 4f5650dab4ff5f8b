// `fetch` as far as this program needs one, over node:http: to load the platform's own takes longer than a whole command
// should. It follows no redirect, so that no key goes to another host; what is compressed is not asked for.

import type { IncomingMessage } from 'node:http'
import type { Answer, Fetch } from '@postern/contract/client'

/** Rejects with the system's error where there is no answer, and with the signal's reason when it is aborted. */
export const httpFetch: Fetch = async (url, { method, headers, body, signal }) => {
  const { request } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, ...(signal == null ? {} : { signal }) })
    asked.on('response', (message) => resolve(answerOf(message)))
    asked.on('error', (problem) => reject(signal?.aborted === true ? signal.reason : problem))
    asked.end(body)
  })
}

function answerOf(message: IncomingMessage): Answer {
  const status = message.statusCode ?? 0
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: {
      get: (name) => {
        const value = message.headers[name.toLowerCase()]
        return value === undefined ? null : String(value)
      },
    },
    body: message,
    async text() {
      const chunks: Buffer[] = []
      for await (const chunk of message) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString('utf8')
    },
  }
}
