import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const child = fileURLToPath(new URL('parent-process.child.testing.ts', import.meta.url))

/** A program that begins to listen when its parent is there, or when it has gone. */
const start = (listens: 'there' | 'gone'): ChildProcess =>
  fork(child, [listens], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })

test.each(['there', 'gone'] as const)(
  'a program that begins to listen when its parent is %s ends with it',
  async (listens) => {
    const program = start(listens)
    await once(program, 'message')
    program.disconnect()
    expect(await once(program, 'exit')).toEqual([7, null])
  },
)
