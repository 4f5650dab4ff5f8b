import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followStream } from './follow-stream.ts'

/** What a browser's EventSource is to its page: events, and whether it comes again. */
class Source extends EventTarget {
  readyState = 0
  close(): void {
    this.readyState = 2
  }
  tell(type: string, readyState = this.readyState): void {
    this.readyState = readyState
    this.dispatchEvent(new Event(type))
  }
}

let opened: Source[]
let told: string[]
let loggedIn: boolean
beforeEach(() => {
  vi.useFakeTimers()
  opened = []
  told = []
  loggedIn = true
})
afterEach(() => vi.useRealTimers())

const follow = () =>
  followStream({
    open: () => {
      const source = new Source()
      opened.push(source)
      return source as unknown as EventSource
    },
    mayOpen: () => loggedIn,
    onOpen: () => told.push('open'),
    onCut: () => told.push('cut'),
    onTold: () => told.push('told'),
  })

test('what it says is told, named events too', () => {
  follow()
  for (const type of ['open', 'message', 'changed', 'other']) opened[0]?.tell(type)
  expect(told).toEqual(['open', 'told', 'told'])
})

test('where it was cut the browser comes again by itself', () => {
  follow()
  opened[0]?.tell('error', 0)
  vi.advanceTimersByTime(60_000)
  expect([opened.length, told]).toEqual([1, ['cut']])
})

test('where it was refused it is opened again, for as long as it takes', () => {
  follow()
  for (const at of [0, 1, 2]) {
    opened[at]?.tell('error', 2)
    vi.advanceTimersByTime(5_000)
  }
  expect(opened).toHaveLength(4)
  opened[3]?.tell('open', 1)
  vi.advanceTimersByTime(60_000)
  expect([opened.length, told]).toEqual([4, ['cut', 'cut', 'cut', 'open']])
})

test('nobody asks while nobody is logged in', () => {
  follow()
  loggedIn = false
  opened[0]?.tell('error', 2)
  vi.advanceTimersByTime(60_000)
  expect(opened).toHaveLength(1)
  loggedIn = true
  vi.advanceTimersByTime(5_000)
  expect(opened).toHaveLength(2)
})

test('ended, it is closed and not opened again', () => {
  const end = follow()
  opened[0]?.tell('error', 2)
  end()
  vi.advanceTimersByTime(60_000)
  expect(opened.map(({ readyState }) => readyState)).toEqual([2])
})
