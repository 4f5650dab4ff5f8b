// A process that is killed in the middle of a turn.

import { pino } from 'pino'
import { createStore } from '../store/create-store.ts'
import { createPgBossTurns } from './pg-boss-turns.ts'

const { store, backing } = await createStore({ dataDir: process.argv[2] ?? '' })
const turns = createPgBossTurns({ backing, log: pino({ level: 'silent' }) })
await turns.start(() => {
  process.send?.('in the middle')
  return new Promise(() => {})
})
await store.transact((tx) => turns.wake(tx, 'cluster', 'cut short'))
