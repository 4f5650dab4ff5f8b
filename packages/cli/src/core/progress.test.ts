import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { showLooks, whileWaiting } from './progress.ts'

const stream = (isTTY: boolean) => {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

describe('a wait', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const cases = [
    {
      says: 'over a second on a terminal is shown and taken back',
      isTTY: true,
      ms: 1_500,
      written: ['Waiting …', '\r\u001b[2K'],
    },
    { says: 'under a second on a terminal is not shown', isTTY: true, ms: 900, written: [] },
    { says: 'in a pipe is never shown', isTTY: false, ms: 5_000, written: [] },
  ]
  test.each(cases)('$says', async ({ isTTY, ms, written }) => {
    const stderr = stream(isTTY)
    const waited = whileWaiting(stderr, 'Waiting', new Promise((resolve) => setTimeout(() => resolve('done'), ms)))
    await vi.advanceTimersByTimeAsync(ms)
    expect(await waited).toBe('done')
    await vi.runAllTimersAsync()
    expect(stderr.written).toEqual(written)
  })

  test('that fails is taken back too, and fails', async () => {
    const stderr = stream(true)
    const failing = new Promise((_, reject) => setTimeout(() => reject(new Error('no')), 2_000))
    const waited = whileWaiting(stderr, 'Waiting', failing).catch(String)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await waited).toBe('Error: no')
    expect(stderr.written.at(-1)).toBe('\r\u001b[2K')
  })
})

describe('looks', () => {
  test('are dots in a pipe, ended by a line end', () => {
    const stderr = stream(false)
    const looks = showLooks(stderr)
    looks.look('x is INITIATING')
    looks.look('x is INITIATING')
    looks.end()
    expect(stderr.written.join('')).toBe('..\n')
  })

  test('what it waits for stands on a line of its own, once', () => {
    const [pipe, terminal] = [stream(false), stream(true)]
    for (const stderr of [pipe, terminal]) {
      const looks = showLooks(stderr)
      for (const why of ['', 'Edge e.', 'Edge e.', 'Edge f.', '']) looks.look('x is DELETING', why)
      looks.end()
    }
    expect(pipe.written.join('')).toBe('.\nEdge e.\n..\nEdge f.\n..\n')
    const line = terminal.written.join('').replaceAll(/[|/\\-] x is DELETING/g, '.')
    expect(line.replaceAll('\r\u001b[2K', '<')).toBe('<.<Edge e.\n<.<.<Edge f.\n<.<.<')
  })

  test('are one line on a terminal, which is gone at the end', () => {
    const stderr = stream(true)
    const looks = showLooks(stderr)
    looks.look('x is INITIATING')
    looks.end()
    expect(stderr.written).toEqual(['\r\u001b[2K/ x is INITIATING', '\r\u001b[2K'])
  })

  test('none leave nothing', () => {
    const stderr = stream(false)
    showLooks(stderr).end()
    expect(stderr.written).toEqual([])
  })
})
