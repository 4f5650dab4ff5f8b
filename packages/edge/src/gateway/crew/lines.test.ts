// Lines between two processes, over a stream that cuts them wherever it likes.

import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { linesOver } from './lines.ts'

/** Keeps what is written; hears what is pushed. */
function kept() {
  const written: string[] = []
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  return { stream, written }
}

const messages = [
  { name: 'enter', what: { id: 'ä€😀' }, id: 1 },
  { id: 2, value: 'two\nlines' },
  null,
  { long: 'x'.repeat(300) },
]

test('what is said in one turn is one write, in its order', async () => {
  const { stream, written } = kept()
  const lines = linesOver(stream)
  for (const message of messages) lines.send(message)
  expect(written).toEqual([])
  await turn()
  expect(written).toEqual([messages.map((message) => `${JSON.stringify(message)}\n`).join('')])
  lines.send('more')
  await turn()
  expect(written.slice(1)).toEqual(['"more"\n'])
})

test('wherever the stream cuts, also within a letter, the same is heard', async () => {
  const bytes = Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  for (const size of [1, 2, 3, 7, 100, bytes.length]) {
    const { stream } = kept()
    const heard: unknown[] = []
    linesOver(stream).listen((message) => heard.push(message))
    for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size))
    await turn()
    expect(heard).toEqual(messages)
  }
})

test('to one that is gone nothing is said, and nothing is thrown', async () => {
  const { stream, written } = kept()
  const lines = linesOver(stream)
  lines.send('too late')
  stream.destroy(new Error('EPIPE'))
  await turn()
  lines.send('later still')
  await turn()
  expect(written).toEqual([])
})
