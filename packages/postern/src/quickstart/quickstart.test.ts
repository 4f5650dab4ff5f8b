// How the journey sees that a live connection ended: the driver tells it in one of two ways.

import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { connectionEnds } from './quickstart.ts'

test.each(['connectionClosed', 'connectionPoolCleared'])('a connection ended when the driver says %s', async (told) => {
  const driver = new EventEmitter()
  const ended = connectionEnds(driver)
  driver.emit('connectionReady')
  driver.emit(told)
  await expect(ended).resolves.toBeUndefined()
})
