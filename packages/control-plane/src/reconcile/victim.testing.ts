// A process that is killed in the middle of a turn. Given a data folder or a server's URL.

import { pino } from 'pino'
import { createStore } from '../store/create-store.ts'
import { createPgBossTurns } from './pg-boss-turns.ts'

const [, , place = ''] = process.argv
const { store, backing } = await createStore(
  place.startsWith('postgres:') ? { databaseUrl: place } : { dataDir: place },
)
const turns = createPgBossTurns({ backing, log: pino({ level: 'silent' }) })
await turns.start(() => {
  process.send?.('in the middle')
  return new Promise(() => {})
})
await store.transact((tx) => turns.wake(tx, 'cluster', 'cut short'))
