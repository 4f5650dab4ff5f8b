// A receiver of webhooks for tests: a real HTTP server that checks each message with the Standard Webhooks project's own
// library, and answers as the test wants.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Message {
  readonly id: string
  readonly path: string
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
  readonly data: any
}

export interface Receiver {
  readonly url: string
  /** Every message whose signature held, oldest first. */
  readonly messages: readonly Message[]
  /** What was wrong with others. */
  readonly refused: readonly string[]
  /** What messages are checked with, once it is known. */
  trust: (secret: string) => void
  /** How the next messages are answered; 204 until told. */
  answer: (how: number | ((response: ServerResponse, message: Message) => void)) => void
  readonly close: () => Promise<void>
}

export const startReceiver = async (): Promise<Receiver> => {
  const messages: Message[] = []
  const refused: string[] = []
  let secret = ''
  let how: Parameters<Receiver['answer']>[0] = 204
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    try {
      const { type, data } = new Webhook(secret).verify(Buffer.concat(chunks), headers) as Message
      const message = { id: headers['webhook-id'] ?? '', path: request.url ?? '', type, data }
      messages.push(message)
      if (typeof how === 'number') response.writeHead(how).end()
      else how(response, message)
    } catch (error) {
      refused.push(String(error))
      response.writeHead(401).end()
    }
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    messages,
    refused,
    trust: (known) => {
      secret = known
    },
    answer: (wanted) => {
      how = wanted
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
