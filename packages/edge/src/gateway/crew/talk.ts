// How a crew's primary and its workers speak: each asks the other by name, with one argument, and most things are answered.
// Messages arrive in the order in which they were sent, so what was told before an answer was known before it; but for those
// that come with a socket, which may come earlier or later.

import type { Socket } from 'node:net'

/** To the other side: a process, or in a test the same one. */
export interface Line {
  /** The other side gets a socket of its own for the same connection; this one is to be destroyed once that is there. */
  send(message: unknown, socket?: Socket): void
  listen(heard: (message: unknown, socket?: Socket) => void): void
}

/** What one side does for the other. */
type Calls<Of> = { readonly [Name in keyof Of]: (what: never, socket?: Socket) => unknown }

type Argument<Call> = Call extends (what: infer What, socket?: Socket) => unknown ? What : never
type Answer<Call> = Call extends (...args: never) => infer Result ? Awaited<Result> : never

export interface Talk<Theirs> {
  /** Rejects with what the other side threw, or when it is lost. */
  ask<Name extends keyof Theirs & string>(name: Name, what: Argument<Theirs[Name]>): Promise<Answer<Theirs[Name]>>
  /** Nothing comes back. */
  tell<Name extends keyof Theirs & string>(name: Name, what: Argument<Theirs[Name]>, socket?: Socket): void
  /** There is no other side any more. */
  lost(why: Error): void
}

/** A question has an `id` where it is to be answered. */
type Message =
  | { readonly name: string; readonly what: unknown; readonly id?: number }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failed: string }

export function createTalk<Theirs extends Calls<Theirs>, Ours extends Calls<Ours>>(
  line: Line,
  ours: Ours,
): Talk<Theirs> {
  const asking = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let last = 0
  let gone: Error | null = null

  const answer = async (id: number, result: unknown): Promise<void> => {
    try {
      line.send({ id, value: await result } satisfies Message)
    } catch (error) {
      line.send({ id, failed: error instanceof Error ? error.message : String(error) } satisfies Message)
    }
  }

  const called = ({ name, what, id }: Extract<Message, { name: string }>, socket?: Socket): void => {
    const call = ours[name as keyof Ours] as unknown as (what: unknown, socket?: Socket) => unknown
    if (id === undefined) call(what, socket)
    else
      void answer(
        id,
        asPromised(() => call(what, socket)),
      )
  }

  line.listen((heard, socket) => {
    const message = heard as Message
    if ('name' in message) {
      called(message, socket)
      return
    }
    const waiting = asking.get(message.id)
    asking.delete(message.id)
    if ('failed' in message) waiting?.reject(new Error(message.failed))
    else waiting?.resolve(message.value as never)
  })

  return {
    ask(name, what) {
      if (gone !== null) return Promise.reject(gone)
      const id = ++last
      return new Promise((resolve, reject) => {
        asking.set(id, { resolve, reject })
        line.send({ name, what, id } satisfies Message)
      })
    },
    tell(name, what, socket) {
      if (gone === null) line.send({ name, what } satisfies Message, socket)
    },
    lost(why) {
      gone = why
      for (const { reject } of asking.values()) reject(why)
      asking.clear()
    },
  }
}

/** A throw becomes a rejection; what is done at once is done at once. */
const asPromised = async (work: () => unknown): Promise<unknown> => work()
